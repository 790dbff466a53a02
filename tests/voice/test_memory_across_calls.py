from datetime import UTC, datetime

import pytest

from tests.voice.bot_stand_ins import MONDAY, bot
from tests.voice.call_entries import entries, heard
from voice.dialogue.bot import Bot
from voice.journal.events import LookedUp, Trigger, TriggerKind, Understood
from voice.journal.link import PastCall
from voice.takeover.brief import write_brief

HOUR = 3600.0


def past(hours: float, *requests: str, unsettled: tuple[str, ...] = (), person: bool = False) -> PastCall:
    return PastCall(call="a", ago=hours * HOUR, requests=requests, open=unsettled, person=person)


def knowing(*calls: PastCall, at: datetime = MONDAY, language: str = "en") -> Bot:
    known = bot(at=at, language=language)
    known.know(calls)
    return known


@pytest.mark.parametrize(
    ("hours", "at", "language", "asked"),
    [
        (1, MONDAY, "en", "You rang earlier today."),
        (5, datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "en", "You rang this morning."),
        (20, MONDAY, "en", "You rang yesterday."),
        (5, datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "fr", "Vous avez appelé ce matin."),
    ],
)
def test_who_rang_before_is_asked_whether_it_is_about_the_same(
    hours: float, at: datetime, language: str, asked: str
) -> None:
    said = knowing(past(hours, "refund_status"), at=at, language=language).greeting().sentences
    assert said[-2] == asked
    assert {"en": "your refund?", "fr": "votre remboursement ?"}[language] in said[-1]
    assert sum(sentence.rstrip().endswith("?") for sentence in said) == 1


async def test_a_yes_serves_it() -> None:
    known = knowing(past(1, "balance", "refund_status", unsettled=("balance",)))
    assert known.greeting().sentences[-1] == "Is this about your balance?"
    reply = await known.reply("yes it is", 5.0)
    assert [event.request for event in reply.events if isinstance(event, Understood)] == ["balance"]


async def test_nothing_of_the_account_is_told_by_number_alone() -> None:
    greeting = knowing(past(1, "refund_status")).greeting()
    assert not [event for event in greeting.events if isinstance(event, LookedUp)]


@pytest.mark.parametrize("call", [past(100, "refund_status"), past(1), past(1, "no_such_request")])
def test_what_is_long_ago_or_unknown_is_not_mentioned(call: PastCall) -> None:
    assert knowing(call).greeting().sentences == bot().greeting().sentences


def test_the_brief_shows_the_earlier_calls() -> None:
    asked = Trigger(kind=TriggerKind.ASKED, evidence="agent", t=1.0)
    brief = write_brief(entries(heard("agent")), [asked], [past(3, "refund_status", person=True)])
    assert brief.earlier[0].text == "rang 3 hours ago about refund status; spoke to a colleague"
