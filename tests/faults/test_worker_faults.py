"""The worker dies, hangs, refuses or talks nonsense; the caller's line does not notice more than it must."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from telephony.calls.session import REFUSALS, Session
from telephony.takeover.phases import Phase
from tests.exchange_hall import AGENT_FRAME, FRAME, Desk, Hall, hall
from tests.stand_in_worker import Link, kinds, stand_in_worker, tone, wave_of
from voice.journal import events
from voice.journal.events import CallState, Trigger, TriggerKind
from voice.journal.link import JournalMessage, encode

pytestmark = pytest.mark.usefixtures("virtual_time")

ASKED = Trigger(kind=TriggerKind.ASKED, evidence="said: agent, please", t=1.0)
ONE_MOMENT = wave_of("one_moment")


def heard(text: str, start: float) -> events.Heard:
    return events.Heard(who="caller", text=text, start=start, end=start + 1, confidence=0.9)


async def test_killed_in_mid_word_the_caller_is_told_and_the_next_worker_knows_everything(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        await link.journal(heard("where is my refund", 1.0), 2.0)
        await link.journal(
            events.Heard(who="caller", text="whe", start=3, end=3.2, confidence=0.5, final=False), 3
        )
        await link.say(tone(30.0, 0x05), "long")
        await place.until(lambda: len(caller.heard) > 50)
        died = place.clock.now()
        link.die()
        again = await place.worker.link(1)
        await place.until(lambda: bool(again.of("state")))
        told = next(t for t, frame in caller.heard if frame[:1] == ONE_MOMENT)
        assert told - died < 3.0
        assert caller.silent_between(died, place.clock.now()) < 0.1
        state = again.of("state")[0]
        assert state["state"] == "with_bot"
        texts = [
            entry["event"].get("text") for entry in state["history"] if entry["event"]["kind"] == "heard"
        ]
        assert texts == ["where is my refund"]
        assert float(again.start["start"]["customParameters"]["t0"]) == pytest.approx(died, abs=1.0)
        await again.say(tone(0.5, 0x06), "on we go")
        await place.until(lambda: "on we go" in [message["mark"]["name"] for message in again.of("mark")])
        assert any(frame[:1] == b"\x06" for _, frame in caller.heard)
        assert session.call.phase is Phase.WITH_BOT
        assert [
            event.resumed for event in place.events(session) if isinstance(event, events.WorkerJoined)
        ] == [False, True]


async def test_a_fixed_sentence_is_not_cut_short_by_the_worker_that_comes_back(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        link.die()
        again = await place.worker.link(1)
        await again.clear()
        await again.say(tone(0.5, 0x06), "sorry about that")
        await place.until(lambda: bool(again.of("mark")))
        order = [frame[:1] for _, frame in caller.heard]
        assert order[-25:] == [b"\x06"] * 25
        assert order.count(ONE_MOMENT) == 50
        assert session.call.phase is Phase.WITH_BOT


async def test_a_worker_that_does_not_come_back_leads_to_a_person(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        caller, session = place.ring()
        await place.worker.link()
        await place.worker.stop()
        died = place.clock.now()
        await place.until(lambda: bool(desk.offers))
        assert place.clock.now() - died == pytest.approx(15.0, abs=0.5)
        assert caller.silent_between(died + 0.1, place.clock.now()) < 0.1
        assert [trigger.kind for trigger in session.call.triggers] == [TriggerKind.WORKER_LOST]
        assert kinds(place.journal.read(session.name)).count("worker_lost") == 1


async def test_a_call_that_finds_no_worker_at_all(tmp_path: Path) -> None:
    async with hall(tmp_path, worker_back=2.0) as place:
        place.worker.refuses = True
        desk = place.seat("ann")
        caller, session = place.ring()
        await place.until(lambda: bool(desk.offers))
        assert caller.heard[0][0] < 1.0
        assert caller.heard[0][1][:1] == ONE_MOMENT
        place.worker.refuses = False
        link = await place.worker.link()
        await place.until(lambda: link.states == ["offered"])
        assert session.call.state is CallState.OFFERED


async def test_a_caller_no_worker_has_room_for_is_told_so_and_goes_to_a_person(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as place:
        place.worker.full = True
        desk = place.seat("ann")
        caller, session = place.ring()
        await place.until(lambda: bool(desk.offers))
        assert place.clock.now() < 3.0
        assert caller.heard[0][1][:1] == wave_of("all_busy")
        assert [trigger.kind for trigger in session.call.triggers] == [TriggerKind.WORKER_LOST]
        assert "worker_lost" not in kinds(place.journal.read(session.name))


async def test_where_one_worker_is_full_the_other_takes_the_call(tmp_path: Path) -> None:
    async with stand_in_worker() as full, hall(tmp_path, others=[full.url]) as place:
        full.full = True
        sessions = [place.ring()[1] for _ in range(4)]
        for number in range(len(sessions)):
            await place.worker.link(number)
        assert {session.call.phase for session in sessions} == {Phase.WITH_BOT}
        assert full.links == []


async def to_with_bot(place: Hall, link: Link, session: Session) -> None:
    await link.journal(heard("hello", 0.0), 0.5)


async def to_goodbye(place: Hall, link: Link, session: Session) -> None:
    await link.say(tone(4.0, 0x05))
    await link.hang_up()
    await place.until(lambda: session.call.phase is Phase.GOODBYE)


async def to_waiting(place: Hall, link: Link, session: Session) -> None:
    session.digit("0")


async def to_offered(place: Hall, link: Link, session: Session) -> None:
    place.seat("ann")
    await place.press_zero(session)


async def to_briefing(place: Hall, link: Link, session: Session) -> None:
    await to_offered(place, link, session)
    await asyncio.sleep(2)
    place.exchange.agent_accepted("ann", session.name)


async def to_bridged(place: Hall, link: Link, session: Session) -> None:
    await to_briefing(place, link, session)
    place.exchange.agent_skipped_brief("ann", session.name)


async def to_wrap_up(place: Hall, link: Link, session: Session) -> None:
    await to_bridged(place, link, session)
    place.exchange.agent_hung_up("ann", session.name)


@pytest.mark.parametrize(
    ("reach", "phase"),
    [
        (to_with_bot, Phase.WITH_BOT),
        (to_goodbye, Phase.GOODBYE),
        (to_waiting, Phase.WAITING),
        (to_offered, Phase.OFFERED),
        (to_briefing, Phase.BRIEFING),
        (to_bridged, Phase.BRIDGED),
        (to_wrap_up, Phase.WRAP_UP),
    ],
)
async def test_a_worker_that_dies_changes_nothing_for_those_on_the_line(
    tmp_path: Path, reach: Callable[[Hall, Link, Session], Awaitable[None]], phase: Phase
) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        await reach(place, link, session)
        assert session.call.phase is phase
        link.die()
        await link.over.wait()
        await asyncio.sleep(0.3)
        if phase is Phase.WITH_BOT:
            assert session.call.phase is Phase.WORKER_AWAITED
        elif phase is not Phase.BRIEFING:
            assert session.call.phase is phase
        if phase is Phase.BRIDGED:
            await caller.talk(0.1)
            place.exchange.agent_audio("ann", AGENT_FRAME)
            desk = place.exchange.desk("ann")
            assert isinstance(desk, Desk)
            assert desk.live and caller.live
        if phase in (Phase.WAITING, Phase.OFFERED, Phase.BRIDGED):
            again = await place.worker.link(1)
            await place.until(lambda: again.states == [phase.value])
            assert again.of("state")[0]["history"]
        if phase is Phase.GOODBYE:
            await place.until(lambda: caller.hung_up)
        else:
            assert phase is Phase.WRAP_UP or not caller.closed


async def test_a_frozen_worker_counts_as_lost_after_two_seconds(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        link.freeze()
        frozen = place.clock.now()
        talking = asyncio.create_task(caller.talk(7.0))
        await place.until(lambda: session.call.phase is Phase.WORKER_AWAITED)
        assert place.clock.now() - frozen <= 2.1
        await talking


async def test_nonsense_from_a_worker_is_refused_and_the_call_goes_on(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        _, session = place.ring()
        link = await place.worker.link()
        stray = encode(JournalMessage(stream_sid="other", t=1.0, entry=heard("hello", 0.0)))
        ended = events.CallEnded(by="caller", reason="so I say", seconds=1.0)
        headless = {"event": "takeover", "streamSid": "call1", "brief": {"reason": "asked"}}
        noise = {**headless, "audio": "%%", "brief": {"headline": "a refund", "reason": "asked"}}
        nonsense: list[str | bytes] = [
            "not json",
            "[]",
            '{"event":"dance"}',
            '{"event":"media","streamSid":"call1"}',
            b"\x00\x01",
            stray,
            '{"event":"journal","streamSid":"call1","t":"soon"}',
            json.dumps(headless),
            json.dumps(noise),
            encode(JournalMessage(stream_sid="call1", t=1.0, entry=ended)),
        ]
        for text in nonsense:
            await link.send_raw(text)
        await link.say(tone(0.5, 0x05), "fine")
        await place.until(lambda: bool(link.of("mark")))
        refused = [event for event in place.events(session) if isinstance(event, events.Refused)]
        assert len(refused) == len(nonsense)
        assert {event.leg for event in refused} == {"worker"}
        assert session.call.phase is Phase.WITH_BOT
        for _ in range(2 * REFUSALS):
            await link.send_raw("again")
        await link.say(tone(0.5, 0x05), "still fine")
        await place.until(lambda: len(link.of("mark")) == 2)
        assert kinds(place.journal.read(session.name)).count("refused") == REFUSALS


async def test_last_words_are_written_down_after_the_caller_hung_up(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        await caller.talk(1.0, FRAME)
        link.finishes = False
        session.left("hung up")
        await place.until(lambda: bool(link.of("stop")))
        assert link.voices("inbound") == 50
        await link.journal(heard("and one more thing", 0.1), 1.0)
        await link.socket.close()
        await place.until(lambda: not place.exchange.sessions)
        last = place.events(session)[-1]
        assert isinstance(last, events.Heard) and last.text == "and one more thing"


async def test_a_takeover_whose_worker_dies_before_the_brief_goes_on_without_it(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        _, session = place.ring()
        link = await place.worker.link()
        await link.take_over(ASKED)
        await place.until(lambda: bool(desk.offers))
        await place.worker.stop()
        await asyncio.sleep(3)
        place.exchange.agent_accepted("ann", session.name)
        assert session.call.state is CallState.BRIDGED
