"""Takeovers from end to end: a caller, a worker and agents, on simulated time."""

import asyncio
from pathlib import Path

import pytest

from telephony.takeover.machine import BRIEF_WITHIN
from telephony.takeover.phases import Phase
from tests.exchange_hall import AGENT_FRAME, FRAME, SILENCE, Hall, hall
from tests.stand_in_worker import PROMPT_SECONDS, tone, wave_of
from voice.journal import events
from voice.journal.events import Brief, CallState, Trigger, TriggerKind

pytestmark = pytest.mark.usefixtures("virtual_time")

ASKED = Trigger(kind=TriggerKind.ASKED, evidence="said: agent, please", t=1.0)
BRIEF = Brief(headline="Wants a refund", reason="asked for a person")
BOT = tone(0.5, 0x05)


def heard_at(place: Hall, caller_heard: list[tuple[float, bytes]], prompt: str) -> float:
    """Return when a prompt began to be heard."""
    return next(t for t, frame in caller_heard if frame[:1] == wave_of(prompt))


async def test_a_whole_takeover(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        caller, session = place.ring()
        link = await place.worker.link()
        await link.say(BOT, "greeting")
        await place.until(lambda: bool(link.of("mark")))
        assert {frame[:1] for _, frame in caller.heard} == {BOT[:1]}

        await link.journal(events.Heard(who="caller", text="agent", start=0, end=1, confidence=0.9), 1.0)
        await link.take_over(ASKED)
        await place.until(lambda: bool(desk.offers))
        assert desk.offers[0].call == session.name
        assert [type(entry.event) for entry in desk.offers[0].history[:3]] == [
            events.CallStarted,
            events.WorkerJoined,
            events.Heard,
        ]
        await link.take_over(brief=BRIEF, audio=tone(2.0, 0x77))
        await place.until(lambda: any(isinstance(entry.event, events.Briefed) for entry in desk.shown))
        await asyncio.sleep(3)

        accepted = place.clock.now()
        place.exchange.agent_accepted("ann", session.name)
        assert session.call.state is CallState.BRIEFING
        took = await place.until(lambda: session.call.state is CallState.BRIDGED)
        assert took == pytest.approx(2.0, abs=0.1)
        assert {frame[:1] for _, frame in desk.heard} == {b"\x77"}
        assert caller.silent_between(accepted, accepted + took) < 0.1

        await caller.talk(0.2)
        for _ in range(10):
            place.exchange.agent_audio("ann", AGENT_FRAME)
        assert [frame for _, frame in desk.live] == [FRAME] * 10
        assert [frame for _, frame in caller.live] == [AGENT_FRAME] * 10
        await place.until(lambda: link.voices("outbound") == 10)

        place.exchange.agent_hung_up("ann", session.name)
        await place.until(lambda: caller.hung_up)
        place.exchange.agent_wrapped_up("ann", session.name, "refunded")
        await place.until(lambda: not place.exchange.sessions)
        assert link.of("stop")
        assert link.states == ["with_bot", "waiting", "offered", "briefing", "bridged", "wrap_up"]

        entries = place.journal.read(session.name)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        changes = [entry.event.after for entry in entries if isinstance(entry.event, events.StateChanged)]
        assert changes == ["waiting", "offered", "briefing", "bridged", "wrap_up", "ended"]
        first = {
            (event.source, event.destination)
            for event in place.events(session)
            if isinstance(event, events.FirstAudio)
        }
        assert first == {("caller", "agent"), ("agent", "caller")}
        ended = next(entry.event for entry in entries if isinstance(entry.event, events.CallEnded))
        assert ended.by == "agent"


async def test_the_bot_finishes_its_sentence_then_the_fixed_one_then_hold(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        began = place.clock.now()
        await link.say(tone(2.0, 0x05), "sentence")
        await place.until(lambda: bool(caller.heard))
        await link.take_over(ASKED)
        await place.until(lambda: session.call.state is CallState.WAITING)
        await link.say(tone(1.0, 0x06), "too late")
        await asyncio.sleep(8)
        order = [frame[:1] for _, frame in caller.heard]
        assert order.count(b"\x05") == 100
        assert order[100:150] == [wave_of("connecting")] * 50
        assert b"\x06" not in order
        assert caller.silent_between(began + 0.1, place.clock.now()) < 0.1
        assert {message["mark"]["name"] for message in link.of("mark")} == {"sentence", "too late"}
        said = next(event for event in place.events(session) if isinstance(event, events.Said))
        assert (said.prompt, said.heard, said.by) == ("connecting", 1.0, "switchboard")
        assert said.end - said.start == pytest.approx(PROMPT_SECONDS, abs=0.01)


async def test_zero_cuts_the_bot_short_and_the_worker_s_own_takeover_after_it_changes_nothing(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        caller, session = place.ring()
        link = await place.worker.link()
        await link.say(tone(20.0, 0x05), "long")
        await place.until(lambda: len(caller.heard) > 20)
        session.digit("0")
        pressed = place.clock.now()
        assert not desk.offers, "the brief comes first"
        await link.take_over(ASKED, brief=BRIEF)
        await place.until(lambda: any(isinstance(event, events.Briefed) for event in place.events(session)))
        assert [offer.brief.headline for offer in desk.offers if offer.brief] == [BRIEF.headline]
        assert heard_at(place, caller.heard, "connecting") - pressed < 0.1
        requested = [event for event in place.events(session) if isinstance(event, events.TakeoverRequested)]
        assert [[trigger.kind for trigger in event.triggers] for event in requested] == [[TriggerKind.KEY]]
        assert len(desk.offers) == 1
        place.exchange.agent_accepted("ann", session.name)
        await place.until(lambda: session.call.state is CallState.BRIDGED)
        assert {frame[:1] for _, frame in desk.heard} == {wave_of("key_brief")}


async def test_without_a_brief_the_agent_is_connected_at_once(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        caller, session = place.ring()
        link = await place.worker.link()
        await link.take_over(ASKED)
        await place.until(lambda: bool(desk.offers))
        await asyncio.sleep(PROMPT_SECONDS + 1)
        place.exchange.agent_accepted("ann", session.name)
        assert session.call.state is CallState.BRIDGED
        place.exchange.agent_audio("ann", AGENT_FRAME)
        assert [frame for _, frame in caller.live] == [AGENT_FRAME]


async def test_the_agent_is_not_heard_over_a_fixed_sentence(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        caller, session = place.ring()
        link = await place.worker.link()
        await link.take_over(ASKED)
        await place.until(lambda: bool(desk.offers))
        place.exchange.agent_accepted("ann", session.name)
        assert session.call.state is CallState.BRIDGED
        place.exchange.agent_audio("ann", AGENT_FRAME)
        assert caller.live == []
        await caller.talk(0.1)
        assert len(desk.live) == 5
        await asyncio.sleep(PROMPT_SECONDS)
        place.exchange.agent_audio("ann", AGENT_FRAME)
        assert len(caller.live) == 1


async def test_a_brief_can_be_skipped_and_never_reaches_the_caller(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        caller, session = place.ring()
        link = await place.worker.link()
        await link.take_over(ASKED, brief=BRIEF, audio=tone(8.0, 0x77))
        await place.until(lambda: bool(desk.offers))
        await asyncio.sleep(2)
        place.exchange.agent_accepted("ann", session.name)
        await asyncio.sleep(1)
        place.exchange.agent_skipped_brief("ann", session.name)
        assert session.call.state is CallState.BRIDGED
        await asyncio.sleep(1)
        assert len(desk.heard) == pytest.approx(50, abs=2)
        assert not any(frame[:1] == b"\x77" for _, frame in caller.heard)


async def test_an_agent_is_rung_with_the_switchboards_own_brief_where_the_worker_has_none_in_time(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        _, session = place.ring()
        link = await place.worker.link()
        pressed = place.clock.now()
        session.digit("0")
        assert session.call.state is CallState.WAITING
        await place.until(lambda: bool(desk.offers))
        assert place.clock.now() - pressed == pytest.approx(BRIEF_WITHIN, abs=0.03)
        brief = desk.offers[0].brief
        assert brief is not None and brief.reason == "The caller pressed zero."
        own = [event for event in place.events(session) if isinstance(event, events.Briefed)]
        assert own == [events.Briefed(brief=brief, by="switchboard")]
        await link.take_over(brief=BRIEF)
        await place.until(lambda: any(isinstance(entry.event, events.Briefed) for entry in desk.shown))
        assert [offer.call for offer in desk.offers] == [session.name]


async def test_without_a_worker_nobody_waits_for_a_brief(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        place.worker.refuses = True
        desk = place.seat("ann")
        _, session = place.ring()
        session.digit("0")
        assert desk.offers[0].brief is not None
        assert desk.offers[0].brief.headline == "The caller, reason for the call not known"


async def test_a_caller_whose_brief_is_being_written_is_not_overtaken(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        sessions = [place.ring()[1] for _ in range(2)]
        links = [await place.worker.link(number) for number in range(2)]
        for session in sessions:
            await place.press_zero(session)
        desk = place.seat("ann")
        assert [offer.call for offer in desk.offers] == [sessions[0].name]
        place.exchange.agent_accepted("ann", sessions[0].name)
        place.exchange.agent_skipped_brief("ann", sessions[0].name)
        place.exchange.agent_left("ann", "lost")
        bo = place.seat("bo")
        assert not bo.offers, "the first caller is ahead, and the brief grows"
        await links[0].take_over(brief=BRIEF)
        await place.until(lambda: bool(bo.offers))
        assert bo.offers[0].call == sessions[0].name
        assert bo.offers[0].brief is not None and bo.offers[0].brief.headline == BRIEF.headline


async def test_a_caller_who_hangs_up_while_an_agent_is_rung(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        _, session = place.ring()
        link = await place.worker.link()
        await place.press_zero(session)
        session.left("hung up")
        assert desk.withdrawn == [(session.name, "caller_left")]
        assert desk.states[-1] is CallState.ENDED
        place.exchange.agent_accepted("ann", session.name)
        await place.until(lambda: not place.exchange.sessions)
        place.exchange.agent_accepted("ann", session.name)
        assert [reason for _, reason in desk.withdrawn] == ["caller_left", "taken", "over"]
        assert link.of("stop")
        _, second = place.ring()
        await place.press_zero(second)
        assert [offer.call for offer in desk.offers] == [session.name, second.name]


async def test_who_declines_is_not_asked_again_and_the_next_agent_is(tmp_path: Path) -> None:
    async with hall(tmp_path, ring=5.0) as place:
        ann, bo = place.seat("ann"), place.seat("bo")
        _, session = place.ring()
        await place.worker.link()
        await place.press_zero(session)
        place.exchange.agent_declined("ann", session.name)
        assert (len(ann.offers), len(bo.offers)) == (1, 1)
        await place.until(lambda: bool(bo.withdrawn))
        assert bo.withdrawn == [(session.name, "no_answer")]
        assert session.call.state is CallState.WAITING
        place.exchange.agent_accepted("bo", session.name)
        assert bo.withdrawn[-1] == (session.name, "taken")
        place.exchange.agent_available("ann", True)
        assert len(ann.offers) == 2


async def test_a_lost_agent_is_replaced_by_the_next_ahead_of_others(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        place.seat("ann")
        caller, session = place.ring()
        await place.worker.link()
        session.digit("0")
        await asyncio.sleep(2)
        place.exchange.agent_accepted("ann", session.name)
        await place.until(lambda: session.call.state is CallState.BRIDGED)
        _, other = place.ring()
        other.digit("0")
        lost = place.clock.now()
        place.exchange.agent_left("ann", "lost")
        assert place.exchange.waiting == (session.name, other.name)
        await asyncio.sleep(6)
        assert heard_at(place, caller.heard[-300:], "agent_lost") - lost < 0.1
        assert caller.silent_between(lost, place.clock.now()) < 0.1
        bo = place.seat("bo")
        assert [offer.call for offer in bo.offers] == [session.name]


async def test_nobody_comes(tmp_path: Path) -> None:
    async with hall(tmp_path, max_wait=6.0, reminder=5.0, callbacks=False) as place:
        caller, session = place.ring()
        await place.worker.link()
        session.digit("0")
        began = place.clock.now()
        await place.until(lambda: caller.closed is not None)
        assert place.clock.now() - began == pytest.approx(6.0 + PROMPT_SECONDS, abs=0.2)
        assert not caller.hung_up
        assert [frame[:1] for _, frame in caller.heard][-50:] == [wave_of("nobody")] * 50
        assert any(frame[:1] == wave_of("still_waiting") for _, frame in caller.heard)
        ended = next(event for event in place.events(session) if isinstance(event, events.CallEnded))
        assert ended.by == "switchboard"
        await place.until(lambda: not place.exchange.sessions)


async def test_dead_air_brings_a_person(tmp_path: Path) -> None:
    async with hall(tmp_path, dead_air=5.0) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        await link.say(tone(2.0, 0x05), "hello")
        await caller.talk(3.0)
        silent = asyncio.create_task(caller.talk(7.0, SILENCE))
        took = await place.until(lambda: session.call.state is CallState.WAITING)
        assert took == pytest.approx(5.0, abs=0.2)
        await silent
        trigger = next(
            event for event in place.events(session) if isinstance(event, events.Triggered)
        ).trigger
        assert trigger.kind is TriggerKind.DEAD_AIR


async def test_a_caller_who_talks_to_nobody_is_noticed_too(tmp_path: Path) -> None:
    async with hall(tmp_path, dead_air=3.0) as place:
        caller, session = place.ring()
        await place.worker.link()
        await caller.talk(10.0)
        assert session.call.state is CallState.WAITING


async def test_silence_between_caller_and_agent_is_theirs(tmp_path: Path) -> None:
    async with hall(tmp_path, dead_air=3.0) as place:
        place.seat("ann")
        _, session = place.ring()
        await place.worker.link()
        await place.press_zero(session)
        place.exchange.agent_accepted("ann", session.name)
        await asyncio.sleep(15)
        assert session.call.state is CallState.BRIDGED


async def test_a_barge_in_silences_the_bot_and_gives_its_marks_back(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, _ = place.ring()
        link = await place.worker.link()
        await link.say(tone(10.0, 0x05), "speech")
        await place.until(lambda: len(caller.heard) >= 50)
        await link.clear()
        await place.until(lambda: bool(link.of("mark")))
        assert len(caller.heard) == pytest.approx(50, abs=3)
        await link.say(tone(1.0, 0x06), "answer")
        await place.until(lambda: len(link.of("mark")) == 2)
        assert [frame[:1] for _, frame in caller.heard[-50:]] == [b"\x06"] * 50


async def test_the_bot_s_goodbye_is_heard_out(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        link = await place.worker.link()
        await link.say(tone(3.0, 0x05))
        await link.hang_up()
        await place.until(lambda: session.call.phase is Phase.GOODBYE)
        await place.until(lambda: caller.hung_up)
        assert len(caller.heard) == 150
        await place.until(lambda: not place.exchange.sessions)
        ended = next(event for event in place.events(session) if isinstance(event, events.CallEnded))
        assert ended.by == "bot"


async def test_wrap_up_ends_by_itself_and_the_agent_gets_the_next_call(tmp_path: Path) -> None:
    async with hall(tmp_path, wrap_up=5.0) as place:
        desk = place.seat("ann")
        _, session = place.ring()
        await place.worker.link()
        await place.press_zero(session)
        place.exchange.agent_accepted("ann", session.name)
        await place.until(lambda: session.call.state is CallState.BRIDGED)
        session.left("hung up")
        assert session.call.state is CallState.WRAP_UP
        _, other = place.ring()
        other.digit("0")
        assert len(desk.offers) == 1
        await place.until(lambda: len(desk.offers) == 2)
        assert place.events(session)[-1].__class__ is events.StateChanged


async def test_a_second_desk_of_the_same_agent_replaces_the_first(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        first = place.seat("ann")
        second = place.seat("ann")
        await place.until(lambda: first.closed == "replaced")
        _, session = place.ring()
        await place.press_zero(session)
        assert (len(first.offers), len(second.offers)) == (0, 1)


async def test_closing_gives_every_caller_to_the_carrier(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        desk = place.seat("ann")
        one, ringing = place.ring()
        two, _ = place.ring()
        await place.worker.link(1)
        await place.press_zero(ringing)
        await place.exchange.close()
        assert one.closed and two.closed
        assert not (one.hung_up or two.hung_up)
        assert desk.withdrawn == [(ringing.name, "shutting_down")]
        assert desk.closed == "shutting_down"
        assert not place.exchange.sessions
        late, session = place.ring()
        await place.until(lambda: late.closed is not None)
        assert session.call.phase is Phase.ENDED


async def test_subscribers_have_every_entry_of_every_call_until_they_stop(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        seen: list[events.Entry] = []
        stop = place.exchange.subscribe(seen.append)
        _, session = place.ring()
        await place.worker.link()
        session.digit("5")
        assert seen == place.journal.entries
        stop()
        session.digit("6")
        assert len(seen) == len(place.journal.entries) - 1


async def test_an_agent_is_looked_for_who_speaks_what_the_caller_does(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        _, session = place.ring()
        link = await place.worker.link()

        async def hear(language: str) -> None:
            said = events.Heard(who="caller", text="oui", start=0, end=1, confidence=0.9, language=language)
            before = len(place.events(session))
            await link.journal(said, 1.0)
            await place.until(lambda: len(place.events(session)) > before)

        for language, needed in (("fr", "fr"), ("en", "fr"), ("fr", "fr"), ("en", "fr"), ("en", "en")):
            await hear(language)
            assert session.call.needs.language == needed
