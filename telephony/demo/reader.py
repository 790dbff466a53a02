"""Follows a call in the journal's file while another process writes it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from voice.journal.events import Entry, decode_entry

_FIND = """
SELECT call FROM entry
WHERE kind = 'call_started' AND json_extract(line, '$.event.carrier_call') = ?
"""
_NEWS = "SELECT line FROM entry WHERE call = ? AND seq > ? ORDER BY seq"


class JournalReader:
    """Reads one call's entries as they come.

    Args:
        path: the journal, an SQLite file; it need not be there yet.
        carrier_call: the carrier's name for the call.
    """

    def __init__(self, path: Path, carrier_call: str) -> None:
        self._path = path
        self._carrier_call = carrier_call
        self._call: str | None = None
        self._seq = 0

    async def news(self) -> list[Entry]:
        """Return the entries that are new since the last time, in order."""
        return await asyncio.to_thread(self._select)

    def _select(self) -> list[Entry]:
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(self._path)) as db:
            if self._call is None:
                found = db.execute(_FIND, (self._carrier_call,)).fetchone()
                if found is None:
                    return []
                self._call = str(found[0])
            rows = db.execute(_NEWS, (self._call, self._seq)).fetchall()
        entries = [decode_entry(line) for (line,) in rows]
        if entries:
            self._seq = entries[-1].seq
        return entries
