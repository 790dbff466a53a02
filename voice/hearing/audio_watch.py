"""Whether audio still comes while a turn is open: the network may owe us its end for ever."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame

from voice.owned_tasks import OwnedTasks
from voice.timer import Timer

STALLED = 3.0
"""Seconds without audio after which an open turn is over."""


@dataclass
class StalledFrame(SystemFrame):
    """No audio has come while a turn was open.

    Parameters:
        received: seconds of it until then.
    """

    received: float


class AudioWatch:
    """Looks now and then, by the clock on the wall, whether there is more audio than before.

    Args:
        tasks: the call's.
        received: tells how many seconds of audio there have been.
        tell: takes the news that there are no more.
    """

    def __init__(
        self,
        tasks: OwnedTasks,
        received: Callable[[], float],
        tell: Callable[[StalledFrame], Awaitable[None]],
    ) -> None:
        self._timer = Timer(tasks)
        self._received = received
        self._tell = tell

    def start(self) -> None:
        """A turn is open."""
        self._look_later(self._received())

    def stop(self) -> None:
        """No turn is open."""
        self._timer.stop()

    def _look_later(self, before: float) -> None:
        self._timer.start(STALLED, lambda: self._look(before))

    async def _look(self, before: float) -> None:
        if self._received() <= before:
            await self._tell(StalledFrame(before))
        else:
            self._look_later(self._received())
