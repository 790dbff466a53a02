"""Whether a desk is still there: how long it may be silent, and when it is to be asked. Pure."""

from typing import Final

SILENT_SECONDS: Final = 15.0
"""A desk not heard from for so long is frozen or gone."""
PING_SECONDS: Final = 4.0
TALKING_SILENT_SECONDS: Final = 4.0
TALKING_PING_SECONDS: Final = 1.0
"""The same while a caller listens to the agent, who would hear nothing meanwhile."""


class Liveness:
    """What is known of one desk. Times are the clock's, in seconds.

    Args:
        now: when it connected.
        silent_seconds: how long it may be silent while nobody listens.
    """

    def __init__(self, now: float, silent_seconds: float) -> None:
        self.silent_seconds = silent_seconds
        self.talking = False
        """A caller listens to the agent."""
        self._heard_at = now
        self._pinged_at = now - PING_SECONDS

    @property
    def ping_seconds(self) -> float:
        """How often the desk is asked."""
        return TALKING_PING_SECONDS if self.talking else min(PING_SECONDS, self.silent_seconds / 3)

    def heard(self, now: float) -> None:
        """Take note that something came from the desk."""
        self._heard_at = now

    def gone(self, now: float) -> bool:
        """Return whether the desk has been silent for too long."""
        limit = min(self.silent_seconds, TALKING_SILENT_SECONDS) if self.talking else self.silent_seconds
        return now - self._heard_at >= limit

    def ping(self, now: float) -> bool:
        """Return whether the desk is to be asked now."""
        due = now - self._pinged_at >= self.ping_seconds
        if due:
            self._pinged_at = now
        return due
