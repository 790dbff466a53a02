"""A back office to try things with: a few invented customers of `fjord-pay` in an SQLite file.

Dates in the seed may be written as days from the day of the call ("+5 days"), so that a demo never grows old.
What calls change stays changed until the seed is.
"""

import asyncio
import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from voice.dialogue.back_office import BackOfficeError, Found, Inquiry, UnknownCallerError
from voice.dialogue.demo_calls import CALLS
from voice.dialogue.demo_data import SCHEMA, fill
from voice.yaml_file import Document

SEED = "customers.yaml"


class DemoBackOffice:
    """Answers from an SQLite file, filled from the playbook's `customers.yaml` when that has changed.

    Args:
        playbook: the playbook's folder.
        database: the file; its folder is made.

    Raises:
        OSError: the seed cannot be read or the folder not made.
    """

    def __init__(self, playbook: Path, database: Path) -> None:
        self._database = database
        seed = (playbook / SEED).read_text(encoding="utf-8")
        database.parent.mkdir(parents=True, exist_ok=True)
        version = zlib.crc32((SCHEMA + seed).encode()) >> 1
        with closing(sqlite3.connect(database)) as db, db:
            if db.execute("PRAGMA user_version").fetchone()[0] != version:
                db.executescript(SCHEMA)
                fill(db, Document(seed).content)
                db.execute(f"PRAGMA user_version = {version}")

    async def close(self) -> None:
        """Let go of nothing: its file is open only while it answers."""

    async def look_up(self, inquiry: Inquiry) -> Found:
        """Answer one of `demo_calls.CALLS` for the customer who rings from `inquiry.caller`.

        With a key it is done once: asked again it gives the same answer and changes nothing.
        """
        return await asyncio.to_thread(self._look_up, inquiry)

    def _look_up(self, inquiry: Inquiry) -> Found:
        if inquiry.look_up not in CALLS:
            raise BackOfficeError(f"the demo back office has no call {inquiry.look_up}")
        try:
            with closing(sqlite3.connect(self._database, timeout=1)) as db, db:
                db.row_factory = sqlite3.Row
                customer = db.execute("SELECT * FROM customer WHERE phone = ?", (inquiry.caller,)).fetchone()
                if customer is None:
                    raise UnknownCallerError("no account has the caller's number")
                found = _once(db, inquiry) or CALLS[inquiry.look_up](db, customer, inquiry)
                if inquiry.key:
                    note = (inquiry.key, found.outcome, json.dumps(found.facts))
                    db.execute("INSERT OR IGNORE INTO change VALUES (?, ?, ?)", note)
        except sqlite3.Error:
            raise BackOfficeError("the demo database cannot be read") from None
        except KeyError as error:
            raise BackOfficeError(f"{inquiry.look_up} needs {error}") from None
        return Found(found.outcome, {"name": customer["name"], **found.facts}, found.expected)


def _once(db: sqlite3.Connection, inquiry: Inquiry) -> Found | None:
    """Return what an earlier attempt at the same change has found."""
    row = db.execute("SELECT * FROM change WHERE key = ?", (inquiry.key,)).fetchone()
    return Found(row["outcome"], json.loads(row["facts"])) if row else None
