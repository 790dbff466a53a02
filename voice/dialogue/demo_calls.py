"""What the demo back office can be asked: one function a call, over its tables."""

import sqlite3
from collections.abc import Callable
from datetime import date, timedelta

from voice.dialogue.back_office import Found, Inquiry
from voice.dialogue.demo_data import cents, day, instalments
from voice.dialogue.request import READY

LATEST_DAYS = 14
"""How far a payment may be put off; a clause of the playbook says so."""

Call = Callable[[sqlite3.Connection, sqlite3.Row, Inquiry], Found]


def _verify(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    told = {name: value for name, value in inquiry.slots.items() if name in ("postcode", "date_of_birth")}
    right = bool(told) and all(customer[name] == value for name, value in told.items())
    return Found("verified" if right else "wrong", {})


def _balance(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    amounts = [row["amount"] for row in instalments(db, customer["id"], inquiry.today, paid=False)]
    if not amounts:
        return Found("nothing_due", {})
    total = sum(cents(amount) for amount in amounts)
    currency = amounts[0].rpartition(" ")[2]
    return Found("due", {"balance_due": f"{total // 100}.{total % 100:02d} {currency}"})


def _next_payment(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    upcoming = _upcoming(db, customer, inquiry.today)
    if upcoming is None:
        return Found("none", {})
    return Found("due", {"next_amount": upcoming["amount"], "next_date": upcoming["due"]})


def _last_payment(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    paid = sorted(instalments(db, customer["id"], inquiry.today, paid=True), key=lambda row: row["paid_on"])
    meant = [row for row in paid if row["amount"] == inquiry.slots.get("paid_amount", row["amount"])]
    if not paid:
        return Found("none", {})
    if not meant:
        return Found("another", {"paid_amount": paid[-1]["amount"], "paid_date": paid[-1]["paid_on"]})
    return Found("received", {"paid_amount": meant[-1]["amount"], "paid_date": meant[-1]["paid_on"]})


def _refund(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    row = db.execute("SELECT * FROM refund WHERE customer = ?", (customer["id"],)).fetchone()
    if row is None:
        return Found("none", {})
    on = day(row["on_day"], inquiry.today)
    if row["state"] == "sent":
        return Found("sent", {"refund_amount": row["amount"], "refund_date": on})
    return Found("returned", {"return_date": on})


def _order(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    rows = db.execute("SELECT * FROM purchase WHERE customer = ?", (customer["id"],)).fetchall()
    numbers = tuple(row["number"] for row in rows)
    meant = [row for row in rows if row["number"] == inquiry.slots.get("order_number", row["number"])]
    if not rows:
        return Found("none", {})
    if not meant:
        return Found("unknown", {})
    if len(meant) > 1:
        return Found("order_number", {}, expected=numbers)
    on = day(meant[0]["on_day"], inquiry.today)
    return Found(meant[0]["state"], {"order_number": meant[0]["number"], "order_date": on})


def _card(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    return Found(customer["card"], {})


def _send_invoice(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    if db.execute("SELECT 1 FROM instalment WHERE customer = ?", (customer["id"],)).fetchone() is None:
        return Found("none", {})
    db.execute("INSERT INTO invoice VALUES (?, ?)", (customer["id"], inquiry.today.isoformat()))
    return Found("sent", {})


def _movable(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    upcoming = _upcoming(db, customer, inquiry.today)
    if upcoming is None:
        return Found("none", {})
    facts = {"next_amount": upcoming["amount"], "next_date": upcoming["due"]}
    return Found("moved_before" if upcoming["moved_from"] else READY, facts)


def _move_due_date(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    movable = _movable(db, customer, inquiry)
    if movable.outcome != READY:
        return movable
    upcoming = _upcoming(db, customer, inquiry.today) or {}
    wanted, due = (date.fromisoformat(day) for day in (inquiry.slots["new_date"], upcoming["due"]))
    if not inquiry.today < wanted <= due + timedelta(days=LATEST_DAYS):
        return Found("not_possible", movable.facts)
    db.execute(
        "UPDATE instalment SET due = ?, moved_from = ? WHERE id = ?",
        (wanted.isoformat(), upcoming["due"], upcoming["id"]),
    )
    return Found("moved", {"next_amount": upcoming["amount"], "next_date": wanted.isoformat()})


def _address(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    return Found(READY, {})


def _change_address(db: sqlite3.Connection, customer: sqlite3.Row, inquiry: Inquiry) -> Found:
    address = {name: inquiry.slots[name] for name in ("street", "postcode", "town")}
    db.execute(
        "UPDATE customer SET street = :street, postcode = :postcode, town = :town WHERE id = :id",
        {**address, "id": customer["id"]},
    )
    return Found("changed", address)


def _upcoming(db: sqlite3.Connection, customer: sqlite3.Row, today: date) -> dict[str, str] | None:
    still_due = instalments(db, customer["id"], today, paid=False)
    return min(still_due, key=lambda row: row["due"], default=None)


CALLS: dict[str, Call] = {
    "verify": _verify,
    "balance": _balance,
    "next_payment": _next_payment,
    "last_payment": _last_payment,
    "refund": _refund,
    "order": _order,
    "card": _card,
    "send_invoice": _send_invoice,
    "movable_payment": _movable,
    "move_due_date": _move_due_date,
    "address": _address,
    "change_address": _change_address,
}

FACTS: dict[str, dict[str, str]] = {
    "balance": {"balance_due": "amount"},
    "next_payment": {"next_amount": "amount", "next_date": "date"},
    "last_payment": {"paid_amount": "amount", "paid_date": "date"},
    "refund": {"refund_amount": "amount", "refund_date": "date", "return_date": "date"},
    "order": {"order_number": "order_number", "order_date": "date"},
    "movable_payment": {"next_amount": "amount", "next_date": "date"},
    "move_due_date": {"next_amount": "amount", "next_date": "date"},
    "change_address": {"street": "text", "postcode": "postcode", "town": "text"},
}
"""What a call may find, and of which kind it is, besides the customer's `name`."""
