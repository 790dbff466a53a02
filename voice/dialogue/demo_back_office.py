"""A back office to try things with: a few invented customers of `fjord-pay` in an SQLite file.

Dates in the seed may be written as days from the day of the call ("+5 days"), so that a demo never grows old.
"""

import asyncio
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from voice.dialogue.back_office import BackOfficeError, Found, Inquiry, UnknownCallerError

SEED = "customers.yaml"

_SCHEMA = """
DROP TABLE IF EXISTS customer;
DROP TABLE IF EXISTS instalment;
DROP TABLE IF EXISTS refund;
CREATE TABLE customer (id INTEGER PRIMARY KEY, phone TEXT UNIQUE NOT NULL, name TEXT NOT NULL);
CREATE TABLE instalment (customer INTEGER NOT NULL, due TEXT NOT NULL, amount TEXT NOT NULL, paid_on TEXT);
CREATE TABLE refund (customer INTEGER NOT NULL, state TEXT NOT NULL, amount TEXT, on_day TEXT);
"""


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
        version = zlib.crc32((_SCHEMA + seed).encode()) >> 1
        with closing(sqlite3.connect(database)) as db, db:
            if db.execute("PRAGMA user_version").fetchone()[0] != version:
                db.executescript(_SCHEMA)
                _fill(db, YAML(typ="safe").load(seed))
                db.execute(f"PRAGMA user_version = {version}")

    async def look_up(self, inquiry: Inquiry) -> Found:
        """Answer `balance`, `next_payment` or `refund` for the customer who rings from `inquiry.caller`."""
        return await asyncio.to_thread(self._look_up, inquiry)

    def _look_up(self, inquiry: Inquiry) -> Found:
        if inquiry.look_up not in _LOOK_UPS:
            raise BackOfficeError(f"the demo back office has no call {inquiry.look_up}")
        try:
            with closing(sqlite3.connect(self._database, timeout=1)) as db:
                db.row_factory = sqlite3.Row
                customer = db.execute("SELECT * FROM customer WHERE phone = ?", (inquiry.caller,)).fetchone()
                if customer is None:
                    raise UnknownCallerError("no account has the caller's number")
                found = _LOOK_UPS[inquiry.look_up](db, customer, inquiry)
        except sqlite3.Error:
            raise BackOfficeError("the demo database cannot be read") from None
        return Found(found.outcome, {"name": customer["name"], **found.facts})


def _balance(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    amounts = [row["amount"] for row in _open_instalments(db, customer, inquiry.today)]
    if not amounts:
        return Found("nothing_due", {})
    cents = sum(_cents(amount) for amount in amounts)
    currency = amounts[0].rpartition(" ")[2]
    return Found("due", {"balance_due": f"{cents // 100}.{cents % 100:02d} {currency}"})


def _next_payment(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    upcoming = min(_open_instalments(db, customer, inquiry.today), key=lambda row: row["due"], default=None)
    if upcoming is None:
        return Found("none", {})
    return Found("due", {"next_amount": upcoming["amount"], "next_date": upcoming["due"]})


def _refund(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    row = db.execute("SELECT * FROM refund WHERE customer = ?", (customer["id"],)).fetchone()
    if row is None:
        return Found("none", {})
    day = _day(row["on_day"], inquiry.today)
    if row["state"] == "sent":
        return Found("sent", {"refund_amount": row["amount"], "refund_date": day})
    return Found("returned", {"return_date": day})


_LOOK_UPS: dict[str, Callable[[sqlite3.Connection, sqlite3.Row, Inquiry], Found]] = {
    "balance": _balance,
    "next_payment": _next_payment,
    "refund": _refund,
}


def _open_instalments(db: sqlite3.Connection, customer: sqlite3.Row, today: date) -> Iterator[dict[str, str]]:
    rows = db.execute("SELECT * FROM instalment WHERE customer = ? AND paid_on IS NULL", (customer["id"],))
    for row in rows:
        yield {"amount": row["amount"], "due": _day(row["due"], today)}


def _day(written: str, today: date) -> str:
    if written.endswith("days"):
        return (today + timedelta(days=int(written.removesuffix("days")))).isoformat()
    return written


def _cents(amount: str) -> int:
    whole, _, rest = amount.partition(" ")[0].partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def _fill(db: sqlite3.Connection, customers: list[dict[str, Any]]) -> None:
    for number, customer in enumerate(customers, start=1):
        db.execute("INSERT INTO customer VALUES (?, ?, ?)", (number, customer["phone"], customer["name"]))
        for instalment in customer.get("instalments", ()):
            paid = instalment.get("paid_on")
            db.execute(
                "INSERT INTO instalment VALUES (?, ?, ?, ?)",
                (number, instalment["due"], instalment["amount"], paid),
            )
        for refund in customer.get("refunds", ()):
            db.execute(
                "INSERT INTO refund VALUES (?, ?, ?, ?)",
                (number, refund["state"], refund.get("amount"), refund.get("on")),
            )
