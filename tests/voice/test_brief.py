from hypothesis import given
from hypothesis import strategies as st

from tests.voice.call_entries import entries, heard
from voice.journal.events import (
    AnyEvent,
    CallStarted,
    Decided,
    Felt,
    LookedUp,
    Promised,
    Said,
    Trigger,
    TriggerKind,
    Understood,
)
from voice.takeover.brief import SPOKEN_WORDS, spoken, write_brief

STARTED = CallStarted(
    line="main",
    caller="+4740000002",
    called="+4780000000",
    carrier="test",
    carrier_call="x",
    playbook="fjord-pay",
)
ANGRY = Trigger(kind=TriggerKind.ANGER, evidence='anger 0.91 at "this is ridiculous"', t=30.0, score=0.91)
CALL: tuple[AnyEvent, ...] = (
    STARTED,
    heard("Where is my refund?"),
    Understood(request="refund_status", confidence=0.9),
    LookedUp(request="refund_status", ok=True, facts={"name": "Lars Brekke", "return_date": "2026-03-01"}),
    Decided(action="answer", why="asked", request="refund_status"),
    Promised(text="Your return is refunded within 14 days.", clause="refund-decided"),
    Said(text="Your return is refunded within 14 days.", start=5.0, end=8.0),
    heard("This is ridiculous!"),
    Felt(anger=0.91, voice=0.9, wording=0.8, why=("raised voice",), start=9.0, end=11.0),
)


def test_the_headline_says_who_wants_what() -> None:
    brief = write_brief(entries(*CALL), [ANGRY])
    assert brief.headline == "Lars Brekke calls about refund status, angry"
    assert "is angry" in brief.reason
    assert "this is ridiculous" in brief.reason
    assert brief.anger == 0.91
    assert brief.last_words == "Where is my refund? / This is ridiculous!"


def test_every_statement_points_to_the_entries_it_rests_on() -> None:
    brief = write_brief(entries(*CALL), [ANGRY])
    [tried] = brief.tried
    assert (tried.text, tried.sources) == (
        'answered refund status: "Your return is refunded within 14 days."',
        (5, 7),
    )
    [promised] = brief.promised
    assert (promised.text, promised.sources) == (
        "Your return is refunded within 14 days. [refund-decided]",
        (6,),
    )
    assert {statement.sources for statement in brief.facts} == {(4,), (9,)}


def test_a_call_that_has_hardly_begun() -> None:
    brief = write_brief(entries(STARTED), [Trigger(kind=TriggerKind.KEY, evidence="pressed 0", t=1.0)])
    assert brief.headline == "The caller, reason for the call not known"
    assert "+4740000002" in brief.facts[0].text
    assert spoken(brief) == "The caller, reason for the call not known. The caller pressed zero."
    assert write_brief([], []).tried == ()


def test_spoken_is_short_and_begins_with_the_headline() -> None:
    text = spoken(write_brief(entries(*CALL), [ANGRY]))
    assert text.startswith("Lars Brekke calls about refund status, angry. The caller is angry.")
    assert "refunded within 14 days" in text


words = st.text(alphabet="abc .", min_size=1, max_size=80)


@given(st.lists(words, max_size=6), words, st.lists(st.sampled_from(list(TriggerKind)), max_size=4))
def test_spoken_never_takes_longer_than_the_caller_can_wait(
    promises: list[str], request: str, why: list[TriggerKind]
) -> None:
    events: list[AnyEvent] = [Promised(text=text, clause="x") for text in promises]
    events.append(Understood(request=request, confidence=1.0))
    triggers = [Trigger(kind=kind, evidence="e", t=0.0) for kind in why]
    brief = write_brief(entries(*events), triggers)
    assert 0 < len(spoken(brief).split()) <= SPOKEN_WORDS
    for statement in (*brief.tried, *brief.promised, *brief.facts):
        assert all(1 <= source <= len(events) for source in statement.sources)
