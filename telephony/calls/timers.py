"""A call's timers: what the state machine waits for, by the loop's time."""

import asyncio
from collections.abc import Callable

from telephony.takeover import inputs as on
from telephony.takeover.actions import Timer
from telephony.takeover.phases import TIMED_OUT


class Timers:
    """At most one of each runs.

    Args:
        feed: takes the input of a timer that runs out.
    """

    def __init__(self, feed: Callable[[on.Input], None]) -> None:
        self._feed = feed
        self._running: dict[Timer, asyncio.TimerHandle] = {}

    def start(self, timer: Timer, seconds: float) -> None:
        """Report the timer's input after `seconds`."""

        def run_out() -> None:
            del self._running[timer]
            self._feed(TIMED_OUT[timer])

        self.stop(timer)
        self._running[timer] = asyncio.get_running_loop().call_later(seconds, run_out)

    def stop(self, timer: Timer) -> None:
        """Forget it."""
        if timer in self._running:
            self._running.pop(timer).cancel()
