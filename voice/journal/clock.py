"""The one clock. Logic is handed a reading; shells are handed a `Clock`; nothing reads the system's own.

Waiting is asyncio's business: an event loop whose time is virtual makes `now` virtual with it, so that a
replayed call sees the same instants in the same order as the live one, only sooner.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Two readings of the same instant."""

    def now(self) -> float:
        """Return monotonic seconds; only differences mean anything."""

    def utc(self) -> datetime:
        """Return the calendar time, aware, in UTC."""


class LoopClock:
    """The running event loop's time, pinned to the calendar once.

    Args:
        epoch: the calendar time at which the loop shows `loop_time`; default: the system's, now.
        loop_time: the loop's reading at `epoch`; default: its reading now.

    Raises:
        RuntimeError: no event loop is running.
    """

    def __init__(self, epoch: datetime | None = None, loop_time: float | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._epoch = epoch or datetime.now(UTC)
        self._start = self._loop.time() if loop_time is None else loop_time

    def now(self) -> float:
        """Return the event loop's seconds."""
        return self._loop.time()

    def utc(self) -> datetime:
        """Return the calendar time that belongs to `now()`."""
        return self._epoch + timedelta(seconds=self._loop.time() - self._start)
