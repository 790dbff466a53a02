"""The tables of the demo back office, and how its invented customers get into them."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

SCHEMA = """
DROP TABLE IF EXISTS customer;
DROP TABLE IF EXISTS instalment;
DROP TABLE IF EXISTS refund;
DROP TABLE IF EXISTS purchase;
DROP TABLE IF EXISTS invoice;
DROP TABLE IF EXISTS change;
CREATE TABLE customer (
    id INTEGER PRIMARY KEY, phone TEXT UNIQUE NOT NULL, name TEXT NOT NULL, date_of_birth TEXT NOT NULL,
    street TEXT NOT NULL, postcode TEXT NOT NULL, town TEXT NOT NULL, card TEXT NOT NULL
);
CREATE TABLE instalment (
    id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, due TEXT NOT NULL, amount TEXT NOT NULL, paid_on TEXT,
    moved_from TEXT
);
CREATE TABLE refund (customer INTEGER NOT NULL, state TEXT NOT NULL, amount TEXT, on_day TEXT);
CREATE TABLE purchase (customer INTEGER NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, on_day TEXT);
CREATE TABLE invoice (customer INTEGER NOT NULL, sent_on TEXT NOT NULL);
CREATE TABLE change (key TEXT PRIMARY KEY, outcome TEXT NOT NULL, facts TEXT NOT NULL);
"""


def fill(db: sqlite3.Connection, customers: list[dict[str, Any]]) -> None:
    """Put the seed's customers into empty tables."""
    for number, customer in enumerate(customers, start=1):
        told = ("phone", "name", "date_of_birth", "street", "postcode", "town")
        row = (number, *(str(customer.get(name, "")) for name in told), customer.get("card", "active"))
        db.execute("INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for instalment in customer.get("instalments", ()):
            db.execute(
                "INSERT INTO instalment (customer, due, amount, paid_on) VALUES (?, ?, ?, ?)",
                (number, instalment["due"], instalment["amount"], instalment.get("paid_on")),
            )
        for refund in customer.get("refunds", ()):
            db.execute(
                "INSERT INTO refund VALUES (?, ?, ?, ?)",
                (number, refund["state"], refund.get("amount"), refund.get("on")),
            )
        for order in customer.get("orders", ()):
            db.execute(
                "INSERT INTO purchase VALUES (?, ?, ?, ?)",
                (number, order["number"], order["state"], order.get("on")),
            )


def day(written: str, today: date) -> str:
    """Return a day of the seed as a date: "+5 days" counts from `today`."""
    if written.endswith("days"):
        return (today + timedelta(days=int(written.removesuffix("days")))).isoformat()
    return written


def instalments(
    db: sqlite3.Connection, customer: int, today: date, *, paid: bool
) -> Iterator[dict[str, str]]:
    """Yield what the customer has still to pay, or has paid, in no order; `due` and `paid_on` are dates."""
    condition = "IS NOT NULL" if paid else "IS NULL"
    rows = db.execute(f"SELECT * FROM instalment WHERE customer = ? AND paid_on {condition}", (customer,))  # noqa: S608 (one of two)
    for row in rows:
        paid_on = day(row["paid_on"], today) if row["paid_on"] else ""
        moved_from = row["moved_from"] or ""
        yield {
            "id": str(row["id"]), "amount": row["amount"], "due": day(row["due"], today), "paid_on": paid_on,
            "moved_from": moved_from,
        }  # fmt: skip


def cents(amount: str) -> int:
    """Return the cents of an amount such as `45.50 EUR`."""
    whole, _, rest = amount.partition(" ")[0].partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)
