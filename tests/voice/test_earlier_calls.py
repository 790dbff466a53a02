from datetime import UTC, datetime, timedelta

from tests.exchange_hall import MemoryJournal
from voice.dialogue.acts import PERSON, Act
from voice.journal.earlier import earlier_calls, past_call
from voice.journal.events import (
    NO_MATTER,
    AnyEvent,
    Bridged,
    CallStarted,
    Decided,
    Entry,
    Promised,
    Understood,
)

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALLER = "+4740000001"


def started(caller: str = CALLER) -> CallStarted:
    return CallStarted(
        line="a", caller=caller, called="+47", carrier="twilio", carrier_call="CA1", playbook="fjord-pay"
    )


def kept(name: str, ago: timedelta, *events: AnyEvent) -> list[Entry]:
    return [
        Entry(call=name, seq=place, t=float(place), at=NOW - ago + timedelta(seconds=place), event=event)
        for place, event in enumerate(events)
    ]


def understood(request: str | None) -> Understood:
    return Understood(request=request, confidence=0.9)


async def test_the_newest_calls_of_the_number_come_first() -> None:
    journal = MemoryJournal()
    old = kept("old", timedelta(hours=30), started(), understood("balance"))
    new = kept("new", timedelta(hours=3), started(), understood("refund_status"))
    other = kept("other", timedelta(hours=1), started("+4740000002"), understood("balance"))
    for entry in (*old, *new, *other, *kept("this", timedelta(), started())):
        journal.write(entry)
    calls = await earlier_calls(journal, CALLER, NOW, "this")
    assert [(call.call, call.ago, call.requests) for call in calls] == [
        ("new", 3 * 3600, ("refund_status",)),
        ("old", 30 * 3600, ("balance",)),
    ]
    assert await earlier_calls(journal, "anonymous", NOW, "this") == ()


def test_what_is_left_open_and_what_was_promised() -> None:
    past = past_call(
        kept(
            "a",
            timedelta(hours=2),
            started(),
            understood("greeting"),
            understood("balance"),
            Decided(action="answer", why="", request="balance"),
            understood("refund_status"),
            understood(None),
            Promised(text="Within 5 working days.", clause="refund-credited"),
            Bridged(agent="ada"),
        ),
        NOW,
    )
    assert past is not None
    assert (past.requests, past.open) == (("balance", "refund_status"), ("refund_status",))
    assert past.sources == (0, 2, 3, 4, 6, 7)
    assert past.promised == ("Within 5 working days.",)
    assert past.person
    assert past_call([], NOW) is None


async def test_a_store_that_fails_costs_the_caller_nothing() -> None:
    class Broken(MemoryJournal):
        def calls_of(self, caller: str, since: datetime) -> list[str]:
            raise OSError("gone")

    assert await earlier_calls(Broken(), CALLER, NOW, "this") == ()


def test_what_is_about_nothing_is_a_person_or_an_act() -> None:
    assert {PERSON, *Act} == NO_MATTER
