"""The brief the switchboard writes by itself: what the journal says, each statement with its place there."""

from telephony.calls.own_brief import own_brief
from tests.desk_stand_in import entries
from voice.journal.events import (
    AnyEvent,
    Brief,
    CallStarted,
    Decided,
    Entry,
    Felt,
    HandedOn,
    Heard,
    LookedUp,
    Promised,
    Statement,
    Trigger,
    Triggered,
    TriggerKind,
    Understood,
)

STARTED = CallStarted(
    line="l", caller="+4790000000", called="+4720000000", carrier="twilio", carrier_call="CA1",
    playbook="fjord-pay", language="en",
)  # fmt: skip
CUT_OFF = Trigger(kind=TriggerKind.WORKER_LOST, evidence="No voice worker came back within 15 s.", t=9.0)


def heard(text: str) -> Heard:
    return Heard(who="caller", text=text, start=0.0, end=1.0, confidence=0.9)


def journal(*told: AnyEvent) -> tuple[Entry, ...]:
    return entries("c1", *((float(n), event) for n, event in enumerate(told)))


CALL = journal(
    STARTED,
    heard("Where is my refund?"),
    Understood(request="refund_status", slots={"order": "4711"}, confidence=0.9),
    LookedUp(request="account", ok=True, facts={"name": "Kari Holm", "verified_by": "postcode"}, ms=3.0),
    Decided(action="answer", why="known", request="refund_status"),
    Promised(text="Refunds take five days", clause="4.2"),
    Felt(anger=0.7, voice=0.7, wording=0.7, why=(), start=0.0, end=1.0),
    heard("That is too long."),
    Triggered(trigger=CUT_OFF),
)


def test_it_says_what_the_journal_says_and_where() -> None:
    brief = own_brief(CALL, "en")
    assert brief.headline == "Kari Holm calls about refund status"
    assert brief.reason == "The caller was cut off from the bot."
    assert [one.text for one in brief.tried] == ["answered refund status"]
    assert [one.text for one in brief.promised] == ["Refunds take five days [4.2]"]
    assert {one.value for one in brief.facts} == {"+4790000000", "4711", "Kari Holm"}
    assert brief.last_words == "Where is my refund? / That is too long."
    assert brief.anger == 0.7
    assert brief.verified is False
    assert brief.sources == {"headline": (4, 3), "reason": (9,), "last_words": (2, 8)}
    known = {entry.seq for entry in CALL}
    assert all(one.sources and set(one.sources) <= known for one in (*brief.tried, *brief.facts))


def test_it_is_worded_in_the_agents_language() -> None:
    assert own_brief(CALL, "fr-FR").headline == "Kari Holm appelle au sujet de : refund status"
    assert own_brief(CALL, "fr").reason == "L'appelant a été coupé du robot."
    assert own_brief((), "de").headline == "The caller, reason for the call not known"


def test_a_reason_of_the_bots_own_is_told_by_its_evidence() -> None:
    asked = Trigger(kind=TriggerKind.ASKED, evidence='said: "a person"', t=1.0)
    assert own_brief(journal(Triggered(trigger=asked)), "en").reason == 'said: "a person"'


def test_a_brief_that_was_there_grows() -> None:
    before = Brief(
        headline="Kari Holm calls about her refund, angry",
        reason="The caller asked for a person.",
        tried=(Statement(text="looked the refund up", sources=(5,)),),
        verified=True,
        sources={"headline": (3,), "reason": (9,), "verified": (4,)},
    )
    more = journal(*(e.event for e in CALL), HandedOn(agent="ann", to_skill="refunds", note="Pay her today."))
    brief = own_brief(more, "en", before=before)
    assert (brief.headline, brief.verified) == (before.headline, True)
    assert brief.reason == "Handed on by ann: Pay her today."
    assert [one.text for one in brief.tried] == ["looked the refund up", "Handed on by ann: Pay her today"]
    assert [one.sources for one in brief.promised] == [(6,)]
    assert brief.sources == {"headline": (3,), "reason": (10,), "verified": (4,), "last_words": (2, 8)}
