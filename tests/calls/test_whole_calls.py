"""Whole calls through the real system: each recorded caller leads to what their script expects."""

import re
import sqlite3
from contextlib import closing
from itertools import groupby
from pathlib import Path

import pytest

from audio_fixtures import recording
from audio_fixtures.script import load, names
from telephony.demo.arrival import look_for
from telephony.legs.mulaw import SAMPLE_RATE
from tests.calls.ringing import TWICE, Rung, plain
from voice.dialogue.playbook import load as load_playbook
from voice.journal import events
from voice.journal.earlier import past_call
from voice.journal.events import CallState
from voice.settings import VoiceSettings
from voice.takeover.carried import checked
from voice.takeover.writer import about

pytestmark = [pytest.mark.models, pytest.mark.timeout(420)]
PLAYBOOK = load_playbook(VoiceSettings().playbooks / "fjord-pay")
CALLS = [*names(), f"{TWICE} again"]


@pytest.fixture(params=CALLS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def script_of(name: str) -> str:
    return name.removesuffix(" again")


def test_the_call_goes_through_the_states_it_should(rung: dict[str, Rung], name: str) -> None:
    expected = load(script_of(name)).expect
    moves = [event for event in rung[name].told if isinstance(event, events.StateChanged)]
    assert tuple(move.after for move in moves) == expected.states
    ends = [event.by for event in rung[name].told if isinstance(event, events.CallEnded)]
    assert ends == [expected.ended_by]


def test_it_is_handed_over_for_the_reasons_it_should_be(rung: dict[str, Rung], name: str) -> None:
    expected = load(script_of(name)).expect
    requested = [event for event in rung[name].told if isinstance(event, events.TakeoverRequested)]
    assert len(requested) == (1 if expected.triggers else 0)
    reasons = tuple(trigger.kind for takeover in requested for trigger in takeover.triggers)
    assert reasons == expected.triggers
    assert all(trigger.evidence for takeover in requested for trigger in takeover.triggers)


TURNED = [one for one in names() if load(one).expect.turn is not None]


@pytest.mark.parametrize("caller", TURNED)
def test_the_takeover_fires_in_the_turn_it_should(rung: dict[str, Rung], caller: str) -> None:
    (reason, *_) = [event.trigger for event in rung[caller].told if isinstance(event, events.Triggered)]
    begun = [line for line in recording.load(caller).lines if line.start <= reason.t]
    assert len(begun) == load(caller).expect.turn


def test_the_bot_understands_what_it_should(rung: dict[str, Rung], name: str) -> None:
    expected = load(script_of(name)).expect
    understood = [event.request for event in rung[name].told if isinstance(event, events.Understood)]
    matters = tuple(name for name, _ in groupby(one for one in understood if one is not None))
    assert matters == expected.requests
    if expected.barges_in:
        assert any(isinstance(event, events.BargedIn) for event in rung[name].told)


def test_every_request_of_the_line_is_served_to_some_caller(rung: dict[str, Rung]) -> None:
    answered = {
        event.request
        for one in rung.values()
        for event in one.told
        if isinstance(event, events.Decided) and event.action == "answer"
    }
    assert answered == set(PLAYBOOK.requests)


def test_what_callers_changed_has_changed(rung: dict[str, Rung], company: Path) -> None:
    assert rung
    database = next(company.rglob(f"{PLAYBOOK.name}.sqlite"))
    with closing(sqlite3.connect(database)) as db:
        (moved,) = db.execute("SELECT count(*) FROM instalment WHERE moved_from IS NOT NULL").fetchone()
        (sent,) = db.execute("SELECT count(*) FROM invoice").fetchone()
        lived = db.execute("SELECT postcode, town FROM customer WHERE phone = '+4740000004'").fetchone()
    assert (moved, sent) == (1, 1)
    assert (lived[0], lived[1].lower()) == ("75011", "paris")


def test_the_words_that_matter_are_heard(rung: dict[str, Rung], name: str) -> None:
    heard = rung[name].heard("caller")
    place = 0
    for words in load(script_of(name)).expect.words:
        assert plain(words) in heard[place:], heard
        place = heard.index(plain(words), place)


BRIEFED = [one for one in names() if CallState.BRIEFING in load(one).expect.states]


def everything_in(brief: events.Brief) -> str:
    """Return all that an agent reads of a brief, in a line each."""
    lists = (brief.tried, brief.promised, brief.facts, brief.feelings, brief.earlier)
    verified = "verified" if brief.verified else "not verified"
    statements = [one.text for part in lists for one in part]
    return "\n".join(
        [brief.headline, brief.reason, verified, brief.last_words, brief.suggestion, *statements]
    )


def test_every_caller_who_is_handed_over_has_a_checklist() -> None:
    assert [one for one in BRIEFED if not load(one).expect.brief] == []


@pytest.mark.parametrize("caller", BRIEFED)
def test_the_brief_is_there_with_the_ring_and_holds_every_fact_of_the_checklist(
    rung: dict[str, Rung], caller: str
) -> None:
    told = rung[caller].told
    kinds = [type(event) for event in told]
    assert kinds.index(events.Briefed) < kinds.index(events.Offered)
    brief = [event.brief for event in told if isinstance(event, events.Briefed)][-1]
    text = everything_in(brief)
    for fact in load(caller).expect.brief:
        assert fact in text, text


@pytest.mark.parametrize("caller", BRIEFED)
def test_the_brief_holds_nothing_that_the_transcript_does_not(
    rung: dict[str, Rung], company: Path, caller: str
) -> None:
    entries = rung[caller].performed.entries
    for at, entry in enumerate(entries):
        if not isinstance(entry.event, events.Briefed):
            continue
        brief, before = entry.event.brief, entries[:at]
        triggers = [one.event.trigger for one in entries if isinstance(one.event, events.Triggered)]
        began = entries[0].at
        kept = {told.call: journal_of(company, told.call) for told in brief.earlier}
        known = [[one for one in journal if one.at <= began] for journal in kept.values()]
        earlier = [past for journal in known if (past := past_call(journal, began)) is not None]
        assert checked(brief, before, triggers, earlier, about=about(PLAYBOOK, "en")) == brief
        # The same by other means: no figure stands in it that stands nowhere before it.
        written = " ".join(str(one.event) for one in before) + str(triggers)
        for figure in re.findall(r"\d+", re.sub(r"\d+\.\d+|at \d+ s", "", everything_in(brief))):
            assert figure in written, figure


def journal_of(company: Path, call: str) -> list[events.Entry]:
    """Return what is kept of a call."""
    with closing(sqlite3.connect(company / "journal.sqlite")) as db:
        rows = db.execute("SELECT line FROM entry WHERE call = ? ORDER BY seq", (call,)).fetchall()
    return [events.decode_entry(line) for (line,) in rows]


@pytest.mark.parametrize("caller", [one for one in names() if recording.load(one).person_from is not None])
def test_what_is_said_to_a_person_arrives_at_them(rung: dict[str, Rung], caller: str) -> None:
    person_from = recording.load(caller).person_from or 0.0
    sent = rung[caller].performed.result.spoken[round(person_from * SAMPLE_RATE) :]
    arrival = look_for(sent, rung[caller].at_agent)
    assert arrival.arrived, arrival


def test_the_journal_is_complete_and_in_order(rung: dict[str, Rung], name: str) -> None:
    entries = rung[name].performed.entries
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert isinstance(entries[0].event, events.CallStarted)
    assert not [event for event in rung[name].told if isinstance(event, events.Refused)]
    assert not rung[name].performed.result.errors


def story_of(rung: Rung) -> list[tuple[object, ...]]:
    """Return the decisions and takeover of a call in order, times and the agent's name left out.

    Words and feelings come first, by themselves: the last are made out while the call is already ending.
    """
    story: list[tuple[object, ...]] = [
        ("heard", event.text)
        for event in rung.told
        if isinstance(event, events.Heard) and event.who == "caller" and event.final
    ]
    story += [("felt", event.anger) for event in rung.told if isinstance(event, events.Felt)]
    for event in rung.told:
        match event:
            case events.Understood(request=request, confidence=confidence):
                story.append(("understood", request, confidence))
            case events.Decided(action=action, why=why):
                story.append(("decided", action, why))
            case events.LookedUp(request=request, facts=facts):
                story.append(("looked up", request, tuple(facts.items())))
            case events.BargedIn():
                story.append(("barged in",))
            case events.Triggered(trigger=trigger):
                story.append(("triggered", trigger.kind, trigger.evidence))
            case events.StateChanged(before=before, after=after, cause=cause):
                story.append(("moved", before, after, cause))
            case _:
                pass
    return story


def test_the_same_call_twice_has_the_same_words_decisions_and_takeover(rung: dict[str, Rung]) -> None:
    once, again = story_of(rung[TWICE]), story_of(rung[f"{TWICE} again"])
    assert once == again
    assert len(once) > 12
    said = [[event.text for event in one.told if isinstance(event, events.Said)] for one in rung_twice(rung)]
    assert said[0] == said[1]


def rung_twice(rung: dict[str, Rung]) -> tuple[Rung, Rung]:
    return rung[TWICE], rung[f"{TWICE} again"]
