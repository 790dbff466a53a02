"""What calls left behind goes when its time is up: the journal, the feelings in it, and recordings."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from telephony.calls.recording import recording
from telephony.settings import PREFIX
from voice.journal.clock import Clock

EVERY_SECONDS = 3600.0
_log = logging.getLogger(__name__)


class Forgets(Protocol):
    """A journal that can forget."""

    def forget(self, before: datetime) -> list[str]:
        """Delete calls whose last entry is older; return their names. Blocks."""


async def forget_in_time(journal: Forgets, recordings: Path, days: int, clock: Clock) -> None:
    """Delete what is older than `days`, now and every hour, until cancelled.

    Args:
        journal: where calls are kept.
        recordings: the folder of their recordings, each `CALL.wav`.
        days: how long both are kept after a call's last entry.
        clock: tells what is old.
    """
    while True:
        before = clock.utc() - timedelta(days=days)
        try:
            gone = await asyncio.to_thread(forget, journal, recordings, before)
        except OSError as error:
            _log.error("What is older than %sKEEP_DAYS cannot be deleted: %s", PREFIX, error)
        else:
            if gone:
                _log.info("Deleted %s calls older than %s days.", gone, days)
        await asyncio.sleep(EVERY_SECONDS)


def forget(journal: Forgets, recordings: Path, before: datetime) -> int:
    """Delete calls that ended before `before`; return how many.

    A recording whose call the journal does not know any more goes by the date of its file.

    Raises:
        OSError: something cannot be deleted.
    """
    gone = journal.forget(before)
    for call in gone:
        recording(recordings, call).unlink(missing_ok=True)
    for stray in recordings.glob("*.wav"):
        if stray.stat().st_mtime < before.timestamp():
            stray.unlink(missing_ok=True)
    return len(gone)
