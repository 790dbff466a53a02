"""Whether an agent is still there: how long they may be silent, and when a desk is to be asked. Pure.

Silence is counted in looks rather than by the clock: what a look comes late by is our own delay, in which
nothing that was sent could be read, and is held against nobody.
"""

from enum import Enum, auto
from typing import Final

LOOK_SECONDS: Final = 0.25
"""How often to look."""
SILENT_SECONDS: Final = 15.0
"""A desk not heard from for so long is frozen or gone."""
PING_SECONDS: Final = 4.0
TALKING_SILENT_SECONDS: Final = 4.0
TALKING_PING_SECONDS: Final = 0.5
"""The same while a caller listens to the agent, who would hear nothing meanwhile."""
UNSTEADY_SECONDS: Final = 1.5
"""After so long without the agent they listen to, the caller is told a word."""


class Found(Enum):
    """What a look comes to."""

    THERE = auto()
    UNSTEADY = auto()
    """A caller listens, and nothing has come for a while: told once for each silence."""
    GONE = auto()


class Liveness:
    """What is known of one agent's line. Times are the clock's, in seconds.

    Args:
        now: when it was connected.
        silent_seconds: how long it may be silent while nobody listens.
    """

    def __init__(self, now: float, silent_seconds: float = SILENT_SECONDS) -> None:
        self._silent_seconds = silent_seconds
        self.silent = 0.0
        """Seconds counted since something came."""
        self._talking = False
        self._unsteady = False
        self._looked_at = now
        self._pinged_at = now - PING_SECONDS

    def talks(self, talking: bool) -> None:
        """Take note whether a caller listens to the agent; the shorter limit counts from then on."""
        if talking and not self._talking:
            self.silent = 0.0
        self._talking = talking

    def heard(self, now: float) -> bool:
        """Take note that something came; returns whether the line had been found unsteady."""
        back, self._unsteady = self._unsteady, False
        self.silent, self._looked_at = 0.0, now
        return back

    def look(self, now: float) -> Found:
        """Return how it stands with the agent; called every `LOOK_SECONDS`, or as soon after as can be."""
        self.silent += min(now - self._looked_at, LOOK_SECONDS)
        self._looked_at = now
        limit = min(self._silent_seconds, TALKING_SILENT_SECONDS) if self._talking else self._silent_seconds
        if self.silent >= limit:
            return Found.GONE
        if self._talking and not self._unsteady and self.silent >= UNSTEADY_SECONDS:
            self._unsteady = True
            return Found.UNSTEADY
        return Found.THERE

    def ping(self, now: float) -> bool:
        """Return whether the desk is to be asked now."""
        every = TALKING_PING_SECONDS if self._talking else min(PING_SECONDS, self._silent_seconds / 3)
        due = now - self._pinged_at >= every
        if due:
            self._pinged_at = now
        return due
