"""What a caller hears and can do while waiting, and when the agent is done."""

import asyncio
from pathlib import Path

import pytest

from telephony.calls.updates import Wait, update
from telephony.takeover.phases import Phase
from telephony.takeover.waiting_time import SPANS, Span
from tests.exchange_hall import MUSIC, Caller, Hall, hall
from tests.stand_in_worker import MORE, PROMPT_SECONDS, tone, wave_of
from voice.dialogue.texts import Language
from voice.dialogue.waiting_sentences import waiting_sentences
from voice.journal import events
from voice.journal.link import AsideMessage, WishMessage, encode

pytestmark = pytest.mark.usefixtures("virtual_time")


def sequence(caller: Caller) -> list[str]:
    """Return what the caller heard in order: prompts by name, music, the bot."""
    names = {wave_of(name)[0]: name for name in (*MORE, "connecting", "still_waiting", "callback_offer")}
    names |= {MUSIC: "music", 0x05: "bot"}
    heard: list[str] = []
    for _, frame in caller.heard:
        name = names.get(frame[0] & 0x7F, "?")
        if heard[-1:] != [name]:
            heard.append(name)
    return heard


async def busy(place: Hall) -> None:
    """Let the only agent have a call already."""
    place.seat("ann")
    _, first = place.ring()
    first.digit("0")
    place.exchange.agent_accepted("ann", first.name)
    place.exchange.agent_skipped_brief("ann", first.name)


async def test_waiting_they_hear_music_and_softly_over_it_their_place_and_the_time(tmp_path: Path) -> None:
    async with hall(tmp_path, MORE) as place:
        await busy(place)
        caller, session = place.ring()
        session.digit("0")
        await asyncio.sleep(14)
        told = [event for event in place.events(session) if isinstance(event, events.WaitTold)]
        assert [event.place for event in told] == [1]
        assert (told[0].low, told[0].high) == (120.0, 360.0)
        assert told[0].seconds is not None and 120 < told[0].seconds < 360
        span = "wait_2_to_6"
        assert sequence(caller) == ["connecting", "music", "place_1", span, "callback_offer", "music"]
        assert caller.silent_between(caller.heard[0][0], place.clock.now()) < 0.1


async def test_the_place_moves_up_when_somebody_before_them_leaves(tmp_path: Path) -> None:
    async with hall(tmp_path, MORE) as place:
        await busy(place)
        _, before = place.ring()
        before.digit("0")
        _, session = place.ring()
        session.digit("0")
        await asyncio.sleep(8)
        before.left("hung up")
        await asyncio.sleep(30)
        told = [event for event in place.events(session) if isinstance(event, events.WaitTold)]
        assert [event.place for event in told] == [2, 1]


async def test_the_bot_may_answer_meanwhile_but_nothing_that_was_on_its_way_before(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        session.digit("0")
        await link.say(tone(2.0, 0x05), "late")
        await asyncio.sleep(3)
        assert "bot" not in sequence(caller)
        await link.send_raw(encode(AsideMessage(stream_sid=link.stream)))
        await link.say(tone(1.5, 0x05), "aside")
        await place.until(lambda: len(link.of("mark")) == 2)
        await asyncio.sleep(1)
        assert sequence(caller)[-3:] == ["music", "bot", "music"]
        assert session.call.phase is Phase.WAITING
        assert caller.silent_between(caller.heard[0][0], place.clock.now()) < 0.2


async def test_being_rung_back_can_be_asked_for_in_words(tmp_path: Path) -> None:
    async with hall(tmp_path, MORE) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        session.digit("0")
        for wish in ("yes", "callback", "yes"):
            await link.send_raw(encode(WishMessage(stream_sid=link.stream, wish=wish)))
        await asyncio.sleep(0.5)
        session.digit("2")
        await place.until(lambda: caller.hung_up)
        asked = next(event for event in place.events(session) if isinstance(event, events.CallbackAsked))
        assert (asked.number, asked.after) == ("+4711111111", 7200.0)


async def test_after_the_agent_they_are_asked_how_it_was_and_the_agent_writes_meanwhile(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path, MORE) as place:
        caller, session = place.ring()
        desk = place.seat("ann")
        session.digit("0")
        place.exchange.agent_accepted("ann", session.name)
        place.exchange.agent_skipped_brief("ann", session.name)
        await asyncio.sleep(3)
        place.exchange.agent_hung_up("ann", session.name)
        place.exchange.agent_wrapped_up("ann", session.name, "solved")
        assert desk.states[-1] is events.CallState.ENDED
        await asyncio.sleep(PROMPT_SECONDS)
        session.digit("5")
        await place.until(lambda: caller.hung_up)
        assert sequence(caller)[-2:] == ["survey", "survey_thanks"]
        assert events.Rated(score=5) in place.events(session)


async def test_who_does_not_answer_the_question_is_let_go(tmp_path: Path) -> None:
    async with hall(tmp_path, MORE, survey=5.0) as place:
        caller, session = place.ring()
        place.seat("ann")
        session.digit("0")
        place.exchange.agent_accepted("ann", session.name)
        place.exchange.agent_skipped_brief("ann", session.name)
        place.exchange.agent_hung_up("ann", session.name)
        took = await place.until(lambda: caller.hung_up)
        assert took == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (Wait(), ()),
        (Wait(1), ("place_1",)),
        (Wait(2, Span("under_1", 0.0, 60.0)), ("place_2", "wait_under_1")),
        (Wait(10, Span("3_to_5", 180.0, 300.0)), ("place_10", "wait_3_to_5")),
        (Wait(11, Span("about_15", 675.0, 1125.0)), ("place_later", "wait_about_15")),
    ],
)
def test_what_is_told_of_a_wait(wait: Wait, told: tuple[str, ...]) -> None:
    assert update(wait) == told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_there_is_a_sentence_for_every_span(language: Language) -> None:
    told = {name for name in waiting_sentences(language) if name.startswith("wait_")}
    assert told == {f"wait_{span.name}" for span in SPANS}
