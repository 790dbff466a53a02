from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.call_entries import entries, heard
from voice.dialogue.playbook import load
from voice.dialogue.verification import NOT_VERIFIED
from voice.journal.events import (
    AnyEvent,
    CallState,
    Decided,
    Felt,
    LookedUp,
    StateChanged,
    Trigger,
    Triggered,
    TriggerKind,
    Understood,
    WentOn,
)
from voice.takeover.triggers import SILENT_CALLER, Triggers

PLAYBOOK = load(Path("playbooks/fjord-pay"))


def felt(anger: float, *, so_far: bool = False) -> Felt:
    return Felt(
        anger=anger, voice=anger, wording=anger, why=("raised voice",), start=1.0, end=2.0, so_far=so_far
    )


def understood(request: str | None, **slots: str) -> Understood:
    return Understood(request=request, confidence=0.9, slots=slots)


def answered(request: str) -> Decided:
    return Decided(action="answer", why="asked", request=request)


def fired(*events: AnyEvent) -> list[Trigger]:
    triggers = Triggers(PLAYBOOK)
    found = (triggers.observe(event, float(place)) for place, event in enumerate(events))
    return [trigger for trigger in found if trigger]


def kinds(*events: AnyEvent) -> list[TriggerKind]:
    return [trigger.kind for trigger in fired(*events)]


def test_asking_for_a_person_is_a_reason_with_the_words_as_evidence() -> None:
    [trigger] = fired(heard("Hello"), heard("I want to talk to a person."))
    assert (trigger.kind, trigger.t) == (TriggerKind.ASKED, 1.0)
    assert "i want to talk to a person" in trigger.evidence


def test_the_agents_words_are_never_a_reason() -> None:
    agent = heard("Let me put you through to a person, I want to talk to my manager.")
    assert not kinds(
        type(agent)(**{**{f: getattr(agent, f) for f in agent.__struct_fields__}, "who": "agent"})
    )


def test_one_furious_turn_is_enough() -> None:
    [trigger] = fired(heard("This is outrageous"), felt(0.9))
    assert (trigger.kind, trigger.score, trigger.threshold) == (TriggerKind.ANGER, 0.9, 0.85)
    assert "This is outrageous" in trigger.evidence
    assert "raised voice" in trigger.evidence


@pytest.mark.parametrize(
    ("scores", "angry"),
    [
        ((0.7,), False),
        ((0.7, 0.65), True),
        ((0.7, 0.5, 0.7), True),
        ((0.7, 0.3, 0.7), False),
        ((0.5, 0.5, 0.5, 0.5), False),
        ((0.7, 0.3, 0.7, 0.7), True),
    ],
)
def test_anger_is_sustained_unless_the_caller_calms_down(scores: tuple[float, ...], angry: bool) -> None:
    assert (TriggerKind.ANGER in kinds(*map(felt, scores))) == angry


def test_a_turn_that_goes_on_fires_but_is_counted_when_it_is_over() -> None:
    assert TriggerKind.ANGER not in kinds(felt(0.7, so_far=True), felt(0.7, so_far=True), felt(0.7))
    [trigger] = fired(felt(0.7), felt(0.5, so_far=True), felt(0.7, so_far=True))
    assert trigger.evidence.startswith("anger 0.70, 0.70 while the caller speaks")
    assert TriggerKind.ANGER in kinds(felt(0.9, so_far=True))


def test_an_apology_that_works_starts_the_count_again() -> None:
    sorry = Decided(action="apologise", why="not understood")
    assert TriggerKind.ANGER not in kinds(felt(0.7), sorry, felt(0.5), felt(0.7))
    assert TriggerKind.ANGER in kinds(felt(0.7), sorry, felt(0.7))


def test_not_understood_twice_in_a_row() -> None:
    miss = understood(None)
    assert kinds(heard("a"), miss, heard("b"), miss) == [TriggerKind.NOT_UNDERSTOOD]
    assert kinds(heard("a"), miss, heard("b"), understood("balance"), heard("c"), miss) == []
    assert kinds(miss, understood("balance"), miss, understood("thanks"), miss) == [
        TriggerKind.NOT_UNDERSTOOD
    ]


def test_the_same_request_again_after_its_answer() -> None:
    again = (understood("balance"), answered("balance"), heard("but how much is it?"), understood("balance"))
    [trigger] = fired(*again)
    assert trigger.kind is TriggerKind.REPEATED
    assert "but how much is it?" in trigger.evidence
    assert not kinds(understood("balance"), understood("balance"))
    assert not kinds(understood("balance"), answered("balance"), understood("refund_status"))
    assert not kinds(understood("balance", of="a"), answered("balance"), understood("balance", of="b"))


def test_a_turn_taken_for_over_too_soon_is_no_repetition() -> None:
    first = (heard("my balance"), understood("balance"), answered("balance"))
    whole = (heard("and the next payment"), WentOn(text="my balance and the next payment"))
    assert kinds(*first, *whole, understood("balance"), answered("balance")) == []
    again = (heard("what about my balance"), understood("balance"))
    assert kinds(*first, *whole, understood("balance"), answered("balance"), *again) == [TriggerKind.REPEATED]


def test_the_beginning_of_a_turn_that_was_not_understood_does_not_count() -> None:
    miss = (heard("well"), understood(None))
    went_on = (heard("it is odd"), WentOn(text="well it is odd"))
    assert kinds(*miss, *went_on, understood(None)) == []
    assert kinds(*miss, heard("it is odd"), understood(None)) == [TriggerKind.NOT_UNDERSTOOD]


def test_a_topic_for_people_only_names_its_clause() -> None:
    [trigger] = fired(heard("I've been scammed"), understood("fraud_report"))
    assert (trigger.kind, trigger.clause) == (TriggerKind.HUMAN_ONLY, "fraud-to-people")


def test_a_back_office_that_fails() -> None:
    [trigger] = fired(LookedUp(request="balance", ok=False, error="no answer within 2 s"))
    assert trigger.kind is TriggerKind.BOT_FAILED
    assert trigger.evidence == "balance: no answer within 2 s"
    assert not kinds(LookedUp(request="balance", ok=True))


def test_a_silent_caller() -> None:
    assert kinds(Decided(action="hand_over", why=SILENT_CALLER)) == [TriggerKind.SILENT_CALLER]


def test_a_caller_who_cannot_be_verified() -> None:
    assert kinds(Decided(action="hand_over", why=NOT_VERIFIED)) == [TriggerKind.NOT_VERIFIED]


def test_a_hand_over_is_never_without_a_reason() -> None:
    assert kinds(Decided(action="hand_over", why="cannot go on")) == [TriggerKind.BOT_FAILED]
    asked = heard("agent please")
    assert kinds(asked, Decided(action="hand_over", why="asked")) == [TriggerKind.ASKED]


def test_what_was_already_handed_over_for_stays_given_after_a_resume() -> None:
    asked = Trigger(kind=TriggerKind.ASKED, evidence="", t=1.0)
    triggers = Triggers(PLAYBOOK)
    assert triggers.resume(entries(heard("agent please"), Triggered(trigger=asked))) == ()
    assert triggers.observe(heard("agent please"), 9.0) is None


def test_a_reason_that_was_lost_with_the_worker_is_given_on_resume() -> None:
    [trigger] = Triggers(PLAYBOOK).resume(entries(heard("hello"), heard("agent please")))
    assert (trigger.kind, trigger.t) == (TriggerKind.ASKED, 2.0)


def test_counting_goes_on_over_a_resume() -> None:
    triggers = Triggers(PLAYBOOK)
    triggers.resume(entries(heard("mumble"), understood(None)))
    found = triggers.observe(understood(None), 9.0)
    assert found is not None
    assert found.kind is TriggerKind.NOT_UNDERSTOOD


def test_given_back_to_the_bot_the_caller_may_ask_again() -> None:
    back = StateChanged(before=CallState.BRIDGED, after=CallState.WITH_BOT, cause="handed_back")
    assert kinds(heard("agent"), back, heard("agent")) == [TriggerKind.ASKED, TriggerKind.ASKED]


EVENTS: st.SearchStrategy[AnyEvent] = st.one_of(
    st.sampled_from(["agent please", "my balance", "hm", "un conseiller"]).map(heard),
    st.floats(0, 1).map(felt),
    st.sampled_from([None, "balance", "fraud_report", "thanks"]).map(understood),
    st.sampled_from(["balance", "refund_status"]).map(answered),
    st.booleans().map(lambda ok: LookedUp(request="balance", ok=ok)),
    st.sampled_from([SILENT_CALLER, "other"]).map(lambda why: Decided(action="hand_over", why=why)),
)


@given(st.lists(EVENTS, max_size=30))
def test_each_reason_is_given_once_whatever_happens(events: list[AnyEvent]) -> None:
    found = kinds(*events)
    assert len(found) == len(set(found))


@given(st.lists(EVENTS, max_size=20))
def test_a_resumed_call_knows_the_same_reasons(events: list[AnyEvent]) -> None:
    assert [t.kind for t in Triggers(PLAYBOOK).resume(entries(*events))] == kinds(*events)
