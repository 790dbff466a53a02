"""The people on a call hearing each other.

Whoever hears one voice alone is given its frames as they come, so that caller and agent lose no time however
many listen in; only where several voices meet in one ear are they mixed, every 20 ms.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from telephony.calls.mixing import Waiting, mixed
from telephony.legs.leg import FRAME_SECONDS
from voice.journal.clock import Clock

_log = logging.getLogger(__name__)
Ear = Callable[[bytes], None]


class Conference:
    """Passes frames on between the parties of a call.

    Args:
        clock: the loop's, which the mix goes by.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ears: Mapping[str, Ear] = {}
        self._route: Mapping[str, frozenset[str]] = {}
        self._mixing: frozenset[str] = frozenset()
        self._waiting = Waiting()
        self._task: asyncio.Task[None] | None = None
        self._failed: set[str] = set()

    def connect(self, ears: Mapping[str, Ear], route: Mapping[str, frozenset[str]]) -> None:
        """Let the parties hear whom `route` says, each through their ear, from now on."""
        self._ears, self._route = ears, route
        self._mixing = frozenset(listener for listener, heard in route.items() if len(heard) > 1)
        self._waiting.forget(frozenset().union(*(route[listener] for listener in self._mixing)))
        if self._mixing and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._mix())
        elif not self._mixing and self._task is not None:
            self._task.cancel()
            self._task = None

    def take(self, speaker: str, frame: bytes) -> None:
        """Take a frame of somebody's voice."""
        waits = False
        for listener, heard in self._route.items():
            if speaker not in heard:
                continue
            if listener in self._mixing:
                waits = True
            else:
                self._give(listener, frame)
        if waits:
            self._waiting.put(speaker, frame)

    def close(self) -> None:
        """Part everybody."""
        self.connect({}, {})

    def _give(self, listener: str, frame: bytes) -> None:
        """Let somebody hear a frame; an ear that fails is told once and takes nobody else's with it."""
        try:
            self._ears[listener](frame)
        except Exception:
            if listener not in self._failed:
                self._failed.add(listener)
                _log.exception("What %s was to hear could not be passed on.", listener)

    async def _mix(self) -> None:
        started = self._clock.now()
        count = 0
        while True:
            frames = self._waiting.take()
            for listener in self._mixing:
                if heard := [frames[speaker] for speaker in self._route[listener] if speaker in frames]:
                    self._give(listener, mixed(heard))
            count += 1
            await asyncio.sleep(max(started + count * FRAME_SECONDS - self._clock.now(), 0.0))
