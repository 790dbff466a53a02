"""A call's timers on the event loop; at most one of each kind runs."""

import asyncio
from collections.abc import Callable

from telephony.takeover.actions import Timer


class Timers:
    """The timers of one call.

    Args:
        ran_out: told which timer has run out.
    """

    def __init__(self, ran_out: Callable[[Timer], None]) -> None:
        self._ran_out = ran_out
        self._running: dict[Timer, asyncio.TimerHandle] = {}

    def start(self, timer: Timer, seconds: float) -> None:
        """Let the timer run, from the beginning where it runs already."""
        self.stop(timer)
        self._running[timer] = asyncio.get_running_loop().call_later(seconds, self._over, timer)

    def stop(self, timer: Timer) -> None:
        """Forget the timer, should it run."""
        if timer in self._running:
            self._running.pop(timer).cancel()

    def _over(self, timer: Timer) -> None:
        del self._running[timer]
        self._ran_out(timer)
