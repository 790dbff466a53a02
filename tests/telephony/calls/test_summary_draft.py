"""What a call's summary says before the agent corrects it."""

from telephony.calls.summary import LONGEST, draft
from tests.desk_stand_in import entries
from voice.journal.events import (
    AnyEvent,
    Bridged,
    Brief,
    Briefed,
    CallStarted,
    GivenBack,
    HandedOn,
    Heard,
    Promised,
    Statement,
)


def started(language: str = "en") -> CallStarted:
    return CallStarted(
        line="l", caller="c", called="d", carrier="x", carrier_call="y", playbook="p", language=language
    )


def said(who: str, text: str) -> AnyEvent:
    return Heard(who="agent" if who == "agent" else "caller", text=text, start=1, end=2, confidence=0.9)


BRIEF = Brief(
    headline="Lars Brekke calls about their refund",
    tried=(Statement(text="answered their refund", sources=(2,)), Statement(text="rests on nothing")),
)


def drafted(*events: AnyEvent) -> list[str]:
    return draft(entries("c1", *((float(t), event) for t, event in enumerate(events)))).split("\n")


def test_a_summary_says_what_was_wanted_tried_promised_and_said_last() -> None:
    assert drafted(
        started(),
        Briefed(brief=BRIEF),
        Bridged(agent="Ann"),
        said("caller", "Where is it?"),
        said("agent", "It is on its way."),
        Promised(text="It is refunded within 14 days.", clause="refund-decided"),
        Promised(text="A letter on Friday.", agent="Ann"),
        HandedOn(agent="Ann", to_skill="refunds", note="the shop says no"),
        GivenBack(agent="Bo", instruction="close"),
        said("caller", "Thank you."),
    ) == [
        "Lars Brekke calls about their refund.",
        "The bot: answered their refund",
        "Promised: It is refunded within 14 days. [refund-decided]",
        "Ann promised: A letter on Friday.",
        "Ann handed the call on (refunds): the shop says no",
        "Bo gave the call back to the bot: close",
        "The caller said last: “Thank you.”",
        "Ann said last: “It is on its way.”",
    ]


def test_handing_on_is_told_once_and_not_as_the_bots_doing() -> None:
    handed = Statement(text="handed on by Ann", sources=(2,))
    assert drafted(
        started(),
        HandedOn(agent="Ann", to_agent="Bo"),
        Briefed(brief=Brief(headline="Wants a refund", tried=(handed,))),
        GivenBack(agent="Bo"),
    ) == ["Wants a refund.", "Ann handed the call on (Bo)", "Bo gave the call back to the bot"]


def test_a_summary_in_french() -> None:
    assert drafted(started("fr-FR"), Promised(text="Une lettre.", agent="Ann")) == [
        "Ann a promis : Une lettre."
    ]


def test_a_call_of_which_nothing_is_known_has_an_empty_one() -> None:
    assert draft([]) == ""


def test_a_summary_fits_what_the_desk_may_send_back() -> None:
    assert len(draft(entries("c1", (0.0, said("caller", "word " * 2_000))))) == LONGEST
