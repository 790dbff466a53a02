"""Where journals are kept: an append-only table, SQLite by default.

A call's events are written by one thread, in the order given, in batches; the event loop never waits for
the disk. Losing an entry is worse than a late frame, so when the bounded queue is full the writer's caller
waits for the disk itself.
"""

import queue
import sqlite3
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from voice.journal.events import CallStarted, Entry, decode_entry, encode

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    call TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, line TEXT NOT NULL,
    PRIMARY KEY (call, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_by_kind ON entry (kind, at);
"""
_BATCH = 256
FILE = "journal.sqlite"
"""The journal's name in the data folder."""


class CallSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A call as the list of calls shows it."""

    call: str
    at: datetime
    caller: str
    line: str


class JournalStore(Protocol):
    """Keeps entries and gives them back in order."""

    def write(self, entry: Entry) -> None:
        """Take an entry; returns at once unless the queue is full."""

    def flush(self) -> None:
        """Return when everything taken so far is kept. Blocks."""

    def read(self, call: str) -> list[Entry]:
        """Return a call's entries in order; empty for a call unknown. Blocks."""

    def calls(self, limit: int = 50) -> list[CallSummary]:
        """Return the newest calls first. Blocks."""

    def calls_of(self, caller: str, since: datetime) -> list[str]:
        """Return the names of a number's calls begun after `since`, the newest first. Blocks."""

    def calls_without(self, kind: str, other: str, since: datetime) -> list[str]:
        """Return the calls that have an event of one kind since then, and none of the other kind. Blocks."""

    def close(self) -> None:
        """Keep what was taken and stop. Blocks."""


class SqliteJournal:
    """The default store: one SQLite file in write-ahead mode.

    Args:
        path: the file; its folder is made where missing.
        capacity: entries waiting for the disk at most.

    Raises:
        OSError: the file cannot be opened there; the sentence names the path.
    """

    def __init__(self, path: Path, capacity: int = 10_000) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with sqlite3.connect(path) as db:
                db.execute("PRAGMA journal_mode=WAL")
                db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise OSError(
                f"The journal cannot be kept in {path} ({error}): "
                "set HOOKFLASH_DATA to a folder that can be written."
            ) from error
        finally:
            if "db" in locals():
                db.close()
        self._queue: queue.Queue[Entry | threading.Event | None] = queue.Queue(capacity)
        self._failure: Exception | None = None
        self._writer = threading.Thread(target=self._run, name="journal", daemon=True)
        self._writer.start()

    def write(self, entry: Entry) -> None:
        """Take an entry; raises `OSError` once the disk has refused one."""
        if self._failure is not None:
            raise OSError(f"The journal in {self.path} can no longer be written: {self._failure}")
        self._queue.put(entry)

    def flush(self) -> None:
        """Return when everything taken so far is on disk."""
        done = threading.Event()
        self._queue.put(done)
        done.wait()

    def read(self, call: str) -> list[Entry]:
        """Return a call's entries, oldest first, what was just written included."""
        self.flush()
        rows = self._select("SELECT line FROM entry WHERE call = ? ORDER BY seq", (call,))
        return [decode_entry(line) for (line,) in rows]

    def calls(self, limit: int = 50) -> list[CallSummary]:
        """Return the newest calls first."""
        self.flush()
        rows = self._select(
            "SELECT line FROM entry WHERE kind = 'call_started' ORDER BY at DESC LIMIT ?", (limit,)
        )
        entries = [decode_entry(line) for (line,) in rows]
        return [
            CallSummary(call=entry.call, at=entry.at, caller=entry.event.caller, line=entry.event.line)
            for entry in entries
            if isinstance(entry.event, CallStarted)
        ]

    def calls_of(self, caller: str, since: datetime) -> list[str]:
        """Return the names of a number's calls begun after `since`, the newest first."""
        rows = self._select(
            "SELECT call FROM entry WHERE kind = 'call_started' AND at >= ? "
            "AND json_extract(line, '$.event.caller') = ? ORDER BY at DESC",
            (since.isoformat(), caller),
        )
        return [name for (name,) in rows]

    def calls_without(self, kind: str, other: str, since: datetime) -> list[str]:
        """Return the calls that have an event of one kind since then, and none of the other, oldest first."""
        self.flush()
        rows = self._select(
            "SELECT call FROM entry AS one WHERE kind = ? AND at >= ? AND NOT EXISTS "
            "(SELECT 1 FROM entry WHERE call = one.call AND kind = ?) ORDER BY at",
            (kind, since.isoformat(), other),
        )
        return list(dict.fromkeys(name for (name,) in rows))

    def forget(self, before: datetime) -> list[str]:
        """Delete calls whose last entry is older than `before`, and return their names.

        Raises:
            OSError: the file cannot be written.
        """
        self.flush()
        db = sqlite3.connect(self.path)
        try:
            db.execute("PRAGMA secure_delete=ON")
            with db:
                rows = db.execute(
                    "DELETE FROM entry WHERE call IN "
                    "(SELECT call FROM entry GROUP BY call HAVING MAX(at) < ?) RETURNING call",
                    (before.isoformat(),),
                ).fetchall()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still has what was deleted
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from error
        finally:
            db.close()
        return list(dict.fromkeys(name for (name,) in rows))

    def close(self) -> None:
        """Write what was taken and end the writer."""
        if self._writer.is_alive():
            self._queue.put(None)
            self._writer.join()

    def _select(self, statement: str, values: Iterable[object]) -> list[tuple[str]]:
        db = sqlite3.connect(self.path)
        try:
            return db.execute(statement, tuple(values)).fetchall()
        finally:
            db.close()

    def _run(self) -> None:
        db = sqlite3.connect(self.path)
        db.execute("PRAGMA synchronous=NORMAL")
        running = True
        while running:
            taken = [self._queue.get()]
            while len(taken) < _BATCH and not self._queue.empty():
                taken.append(self._queue.get_nowait())
            entries = [one for one in taken if isinstance(one, Entry)]
            try:
                with db:
                    db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", map(_row, entries))
            except sqlite3.Error as error:
                self._failure = error
            for one in taken:
                if isinstance(one, threading.Event):
                    one.set()
            running = None not in taken
        db.close()


def _row(entry: Entry) -> tuple[str, int, str, str, str]:
    kind = str(entry.event.__struct_config__.tag)
    return entry.call, entry.seq, entry.at.isoformat(), kind, encode(entry).decode()
