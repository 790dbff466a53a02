import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.call_entries import entries, heard
from voice.dialogue.language_model import ModelError
from voice.dialogue.verification import VERIFICATION
from voice.journal.events import (
    AnyEvent,
    CallStarted,
    Decided,
    Felt,
    GivenBack,
    HandedOn,
    Heard,
    LookedUp,
    Promised,
    Said,
    Sign,
    Statement,
    Trigger,
    TriggerKind,
    Understood,
)
from voice.journal.link import PastCall
from voice.takeover.brief import write_brief
from voice.takeover.brief_model import bettered
from voice.takeover.carried import checked
from voice.takeover.whisper import SPOKEN_WORDS, spoken

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
    Heard(who="caller", text="This is ridiculous!", start=9.0, end=11.0, confidence=0.9),
    Felt(anger=0.91, voice=0.9, wording=0.8, why=("raised voice",), start=9.0, end=11.0),
)


def test_the_headline_says_who_wants_what() -> None:
    brief = write_brief(entries(*CALL), [ANGRY])
    assert brief.headline == "Lars Brekke calls about refund status, angry"
    assert "is angry" in brief.reason
    assert '"This is ridiculous!" (raised voice)' in brief.reason
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
    assert {statement.sources for statement in brief.facts} == {(4,)}
    [felt] = brief.feelings
    assert felt == Statement(text='anger 0.91 at 11 s: "This is ridiculous!" (raised voice)', sources=(9, 8))
    assert brief.sources == {
        "headline": (4, 3, 9), "reason": (9, 8), "last_words": (2, 8), "verified": (), "suggestion": (9, 8),
    }  # fmt: skip
    assert [fact.value for fact in brief.facts] == ["Lars Brekke", "2026-03-01"]


def test_a_request_is_named_as_people_name_it() -> None:
    brief = write_brief(entries(*CALL), [ANGRY], about={"refund_status": "your refund"})
    assert brief.headline == "Lars Brekke calls about their refund, angry"
    assert brief.tried[0].text.startswith("answered their refund")


def test_a_brief_in_french() -> None:
    asked = Trigger(kind=TriggerKind.ASKED, evidence='"un conseiller"', t=9.0)
    brief = write_brief(
        entries(*CALL), [asked], language="fr-FR", about={"refund_status": "votre remboursement"}
    )
    assert brief.headline == "Lars Brekke appelle au sujet de : remboursement, en colère"
    assert brief.reason.startswith("L'appelant demande une personne.")
    assert brief.suggestion == "Sa question portait sur ceci : remboursement. Reprenez là."
    assert brief.facts[1].text == "retour reçu le: 2026-03-01"
    assert spoken(brief, "fr") == f"{brief.headline}. L'appelant demande une personne."


def test_why_a_caller_sounds_angry_is_said_in_the_agents_language() -> None:
    signs = (Sign(kind="faster", than="start", strength=1.4), Sign(kind="said", words="C'est une honte"))
    angry = Felt(anger=0.91, voice=0.9, wording=0.8, why=("faster",), start=9.0, end=11.0, signs=signs)
    call = entries(*CALL[:-1], angry)
    brief = write_brief(call, [ANGRY], language="fr")
    assert checked(brief, call, [ANGRY], language="fr") == brief
    why = "(plus vite qu'au début de l'appel, a dit : « C'est une honte »)"
    assert brief.feelings[0].text.endswith(why)
    assert why in brief.reason
    assert "ridiculous" in brief.reason
    assert "at the start" not in brief.reason


def test_the_reason_is_told_by_the_turn_that_was_one() -> None:
    before = Heard(who="caller", text="Still nothing?", start=9.0, end=11.0, confidence=0.9)
    fired = Felt(anger=0.88, voice=0.9, wording=0.0, why=("harder",), start=13.0, end=15.0, so_far=True)
    whole = Heard(who="caller", text="I have asked twice.", start=13.0, end=17.0, confidence=0.9)
    after = Felt(anger=0.97, voice=0.9, wording=0.9, why=("faster",), start=13.0, end=17.0)
    trigger = Trigger(kind=TriggerKind.ANGER, evidence="anger 0.88", t=15.2, score=0.88)
    unheard = write_brief(entries(*CALL[:-2], before, fired), [trigger])
    assert "Anger 0.88 at 15 s (harder)" in unheard.reason
    brief = write_brief(entries(*CALL[:-2], before, fired, whole, after), [trigger])
    assert 'Anger 0.88 at 15 s: "I have asked twice." (harder)' in brief.reason
    assert "faster" not in brief.reason


def test_the_brief_grows_when_a_colleague_hands_the_call_on() -> None:
    said = Heard(who="agent", text="I will ask the shop.", start=20.0, end=22.0, confidence=0.9)
    grown = entries(
        *CALL,
        said,
        Promised(text="You hear from us on Friday.", agent="Ann"),
        HandedOn(agent="Ann", to_skill="refunds", note="the shop says it never came"),
    )
    brief = write_brief(grown, [])
    assert brief.reason == "Handed on by Ann: the shop says it never came."
    assert brief.sources["reason"] == (12,)
    assert [one.text for one in brief.tried[-2:]] == [
        'Ann said: "I will ask the shop."',
        "handed on by Ann: the shop says it never came",
    ]
    assert brief.promised[-1].text == "You hear from us on Friday. [promised by Ann]"
    assert brief.suggestion == "Say that your colleague has told you, and go on."
    assert checked(brief, grown, []) == brief
    again = write_brief(grown, [ANGRY])
    assert again.reason.startswith("Handed on by Ann: the shop says it never came. The caller is angry.")
    assert checked(again, grown, [ANGRY]) == again


def test_an_agent_who_made_sure_who_it_is_has_verified_them() -> None:
    brief = write_brief(entries(*CALL, GivenBack(agent="Ann", instruction="take it", verified=True)), [ANGRY])
    assert brief.verified
    assert brief.sources["verified"] == (10,)


def test_what_the_transcript_carries_is_kept_whole() -> None:
    call = entries(*CALL)
    brief = write_brief(call, [ANGRY], about={"refund_status": "your refund"})
    assert checked(brief, call, [ANGRY], about={"refund_status": "your refund"}) == brief


@pytest.mark.parametrize(
    "invented",
    [
        Statement(text="return date: 2026-03-02", sources=(4,)),
        Statement(text='answered refund status: "You get 50 euros."', sources=(5, 7)),
        Statement(text="They were promised a voucher", sources=(2,)),
        Statement(text="Your return is refunded within 14 days.", sources=(99,)),
        Statement(text="Your return is refunded within 14 days.", sources=()),
        Statement(text="Your return is refunded within 14 days.", sources=(3,)),
    ],
)
def test_what_the_transcript_does_not_carry_is_dropped(invented: Statement) -> None:
    call = entries(*CALL)
    brief = write_brief(call, [ANGRY])
    worse = msgspec.structs.replace(
        brief, facts=(*brief.facts, invented), headline="Lars Brekke owes 900 euros"
    )
    assert checked(worse, call, [ANGRY]).facts == brief.facts
    assert checked(worse, call, [ANGRY]).headline == ""


PAST = PastCall(
    call="before", ago=2 * 3600.0, requests=("refund_status",), open=("refund_status",),
    promised=("Your return is refunded within 14 days.",), person=True, sources=(1, 4, 6, 9),
)  # fmt: skip
ASKED = Trigger(kind=TriggerKind.ASKED, evidence="a person", t=12.0)
ABOUT = {"refund_status": "your refund"}


def test_what_a_caller_may_have_said_besides_is_nothing_they_said() -> None:
    said = Heard(who="caller", text="My car is stuck.", start=9.0, end=11.0, confidence=0.5,
                 others=("My card is blocked.",))  # fmt: skip
    call = entries(*CALL, said)
    brief = write_brief(call, [ANGRY])
    guessed = Statement(text='said: "My card is blocked."', sources=(10,))
    plain = Statement(text='said: "My car is stuck."', sources=(10,))
    kept = checked(msgspec.structs.replace(brief, facts=(plain, guessed)), call, [ANGRY])
    assert kept.facts == (plain,)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_earlier_calls_the_suggestion_and_who_is_verified_are_kept_with_what_they_rest_on(
    language: str,
) -> None:
    call = entries(*CALL, LookedUp(request=VERIFICATION, ok=True, facts={"verified_by": "postcode"}, ms=1.0))
    brief = write_brief(call, [ASKED], [PAST], language=language, about=ABOUT)
    assert checked(brief, call, [ASKED], [PAST], language=language, about=ABOUT) == brief
    assert (brief.earlier[0].call, brief.earlier[0].sources) == ("before", (1, 4, 6, 9))
    assert brief.suggestion and brief.sources["suggestion"] == (3,)
    assert brief.verified and brief.sources["verified"] == (10,)


def test_a_suggestion_for_another_reason_or_about_something_else_is_dropped() -> None:
    call = entries(*CALL)
    brief = write_brief(call, [ASKED], about=ABOUT)
    for invented in (
        "They asked about their invoice: take it up from there.",
        "Apologise for the interruption and go on from the last words.",
        "Say that your colleague has told you, and go on.",
        "Offer them 50 euros.",
    ):
        worse = msgspec.structs.replace(brief, suggestion=invented)
        assert checked(worse, call, [ASKED], about=ABOUT).suggestion == "", invented
    unfounded = msgspec.structs.replace(brief, sources={**brief.sources, "suggestion": (2,)})
    assert checked(unfounded, call, [ASKED], about=ABOUT).suggestion == ""


@pytest.mark.parametrize(
    "shown",
    [
        LookedUp(request=VERIFICATION, ok=True, facts={"verified_by": "no"}, ms=1.0),
        LookedUp(request="account", ok=True, facts={"name": "Lars Brekke"}, ms=1.0),
        GivenBack(agent="Ann", instruction="they are verified"),
        None,
    ],
)
def test_nobody_is_verified_whom_no_entry_verifies(shown: AnyEvent | None) -> None:
    call = entries(*CALL, *([shown] if shown else []))
    sources = {"verified": (10,) if shown else ()}
    claims = msgspec.structs.replace(write_brief(call, [ASKED]), verified=True, sources=sources)
    assert not checked(claims, call, [ASKED]).verified


@pytest.mark.parametrize(
    "invented",
    [
        Statement(text="rang 2 hours ago about their invoice", sources=(1, 4), call="before"),
        Statement(text="rang 3 hours ago about their refund", sources=(1, 4), call="before"),
        Statement(text="rang 2 hours ago about their refund", sources=(1, 77), call="before"),
        Statement(text="rang 2 hours ago about their refund", sources=(), call="before"),
        Statement(text="rang 2 hours ago about their refund", sources=(1, 4), call="another"),
        Statement(text="rang 2 hours ago about their refund", sources=(1, 4)),
        Statement(text="rang 2 hours ago; told: You get 50 euros.", sources=(1, 4), call="before"),
    ],
)
def test_what_an_earlier_calls_journal_does_not_carry_is_dropped(invented: Statement) -> None:
    call = entries(*CALL)
    brief = write_brief(call, [ASKED], [PAST], about=ABOUT)
    worse = msgspec.structs.replace(brief, earlier=(*brief.earlier, invented))
    assert checked(worse, call, [ASKED], [PAST], about=ABOUT).earlier == brief.earlier


TOLD = entries(
    *CALL,
    heard("I sent the jacket back three weeks ago and it has not arrived."),
)


def test_a_model_words_the_brief_where_the_transcript_carries_it() -> None:
    brief = write_brief(TOLD, [ANGRY])
    answer = """```json
    {"want": {"text": "Wants the refund for the jacket sent back", "sources": [2, 10, 3]},
     "told": [{"text": "The jacket was sent back three weeks ago, it has not arrived", "sources": [10]},
              {"text": "The jacket has arrived", "sources": [10]},
              {"text": "The jacket cost 80 euros", "sources": [10]},
              {"text": "Sent back three weeks ago", "sources": [77]}]}
    ```"""
    with pytest.raises(ModelError):
        bettered(brief, "I would rather not", TOLD, language="en", about={})
    better = bettered(brief, answer, TOLD, language="en", about={})
    assert better.headline == brief.headline  # "wants" is the model's own word
    assert [fact.text for fact in better.facts[: -len(brief.facts)]] == [
        "The jacket was sent back three weeks ago, it has not arrived"
    ]
    answer = answer.replace(
        "Wants the refund for the jacket sent back", "My refund, the jacket has not arrived"
    )
    better = bettered(brief, answer, TOLD, language="en", about={})
    assert better.headline == "Lars Brekke: My refund, the jacket has not arrived"
    assert better.sources["headline"] == (4, 3, 9, 2, 10, 3)


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
