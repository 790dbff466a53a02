"""A clock and a back office for bots under test."""

import asyncio
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.voice.call_entries import entries
from voice.dialogue.back_office import BackOfficeError, Found, Inquiry, UnknownCallerError
from voice.dialogue.bot import Bot
from voice.dialogue.playbook import Playbook, load
from voice.dialogue.understanding import Understanding
from voice.dialogue.verification import compared

FOLDER = Path("playbooks/fjord-pay")
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class StoppedClock:
    """Shows one instant for ever."""

    def __init__(self, utc: datetime = MONDAY) -> None:
        self._utc = utc

    def now(self) -> float:
        return 0.0

    def utc(self) -> datetime:
        return self._utc


class StandInBackOffice:
    """Knows one customer; fails as it is told."""

    def __init__(self, failure: str = "") -> None:
        self.failure = failure
        self.asked: list[Inquiry] = []

    async def look_up(self, inquiry: Inquiry) -> Found:
        self.asked.append(inquiry)
        match self.failure:
            case "slow":
                await asyncio.sleep(60)
            case "down":
                raise BackOfficeError("the database cannot be read")
            case "stranger":
                raise UnknownCallerError("no account has the caller's number")
            case "odd":
                return Found("unheard of", {})
            case "sparse":
                return Found("due", {"name": "Ingrid Solheim"})
        facts = {
            "verify": Found("verified" if inquiry.slots.get("postcode") == "75012" else "wrong", {}),
            "balance": Found("due", {"balance_due": "91.00 EUR"}),
            "next_payment": Found("due", {"next_amount": "45.50 EUR", "next_date": "2026-03-07"}),
            "refund": Found("sent", {"refund_amount": "20.00 EUR", "refund_date": "2026-03-01"}),
        }[inquiry.look_up]
        return Found(facts.outcome, {"name": "Ingrid Solheim", **facts.facts})


@cache
def playbook() -> Playbook:
    return load(FOLDER)


@cache
def understanding() -> Understanding:
    """By words alone, so that no model is needed."""
    return Understanding(playbook())


def bot(
    back_office: StandInBackOffice | None = None,
    language: str = "en",
    at: datetime = MONDAY,
    book: Playbook | None = None,
    *,
    verified: bool = True,
) -> Bot:
    talker = Bot(
        book or playbook(),
        back_office or StandInBackOffice(),
        understanding=understanding(),
        clock=StoppedClock(at),
        caller="+4740000001",
        language=language,
    )
    if verified:
        talker.remember(entries(compared("postcode", True, 1.0)))
    return talker
