"""An agent at an ordinary telephone: rung through the carrier, with keys for everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from telephony.calls.session import Session
from telephony.legs.phones import PURPOSE, Phones
from telephony.takeover.phases import Phase
from telephony.takeover.queue import Profile
from tests.exchange_hall import AGENT_FRAME, FRAME, Caller, Hall, hall
from tests.stand_in_worker import Link, tone, wave_of
from voice.journal import events
from voice.journal.events import Brief

pytestmark = pytest.mark.usefixtures("virtual_time")

KEYS = tone(1.0, 0x61)
BRIEF = tone(2.0, 0x77)


@dataclass
class Carrier:
    """Notes whom it was asked to ring."""

    rung: list[tuple[str, str, str]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    named: asyncio.Event = field(default_factory=asyncio.Event)
    """Set as soon as the carrier has told what the call is called."""

    async def dial(self, number: str, line: str, purpose: str) -> str:
        self.rung.append((number, line, purpose))
        await self.named.wait()
        return f"CA{len(self.rung)}"

    async def hang_up(self, call: str) -> None:
        self.stopped.append(call)


@dataclass
class Duty:
    """Ann on duty by telephone, and a caller who wants a person."""

    place: Hall
    phones: Phones
    carrier: Carrier
    caller: Caller
    session: Session
    link: Link

    async def pick_up(self) -> Caller:
        """Let whatever is at the end of Ann's line answer."""
        await self.place.until(lambda: bool(self.carrier.rung))
        line = Caller(self.place.clock)
        line.events = self.phones.picked_up(self.carrier.rung[-1][2], line)
        return line

    def phase(self) -> Phase:
        return self.session.call.phase

    @property
    def declined(self) -> list[str]:
        told = self.place.events(self.session)
        return [event.reason for event in told if isinstance(event, events.Declined)]


@asynccontextmanager
async def on_duty(folder: Path) -> AsyncIterator[Duty]:
    async with hall(folder) as place:
        phones = Phones(place.exchange, place.clock, lambda: KEYS, place.exchange.draft)
        carrier = Carrier()
        phones.dialler = carrier
        carrier.named.set()
        assert phones.begin("ann", "+4790000001", Profile()) == ""
        caller, session = place.ring()
        link = await place.worker.link()
        await link.take_over(brief=Brief(headline="Wants a refund"), audio=BRIEF)
        await place.until(lambda: any(isinstance(e, events.Briefed) for e in place.events(session)))
        session.digit("0")
        yield Duty(place, phones, carrier, caller, session, link)
        await phones.close()


def waves(line: Caller) -> set[bytes]:
    return {frame[:1] for _, frame in line.heard}


async def test_one_takes_the_call_and_the_brief_is_heard_alone(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        assert duty.carrier.rung[0][:2] == ("+4790000001", "+4722222222")
        assert duty.carrier.rung[0][2].startswith(PURPOSE)
        assert line.events is not None
        await asyncio.sleep(0.5)
        assert waves(line) == {KEYS[:1]}
        line.events.digit("1")
        assert duty.phase() is Phase.BRIEFING
        await asyncio.sleep(1)
        assert BRIEF[:1] in waves(line)
        assert BRIEF[:1] not in waves(duty.caller)
        await duty.place.until(lambda: duty.phase() is Phase.BRIDGED)
        await asyncio.sleep(2)
        duty.session.audio(FRAME)
        line.events.audio(AGENT_FRAME)
        assert line.live[-1][1] == FRAME
        assert duty.caller.live[-1][1] == AGENT_FRAME
        line.events.digit("*")
        assert duty.phase() is Phase.HELD
        line.events.digit("*")
        assert duty.phase() is Phase.BRIDGED
        line.events.left("hung up")
        await duty.place.until(lambda: not duty.place.exchange.sessions)
        closed = next(e for e in duty.place.events(duty.session) if isinstance(e, events.WrappedUp))
        assert (closed.agent, closed.disposition) == ("ann", "by_telephone")
        assert closed.summary == "Wants a refund."


async def test_one_skips_the_brief(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        assert line.events is not None
        line.events.digit("1")
        line.events.digit("1")
        assert duty.phase() is Phase.BRIDGED


async def test_a_line_that_is_lost_while_they_talk_leads_to_the_next_agent(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        bo = duty.place.seat("bo")
        assert line.events is not None
        line.events.digit("1")
        line.events.digit("1")
        assert duty.phase() is Phase.BRIDGED
        await asyncio.sleep(1)
        line.events.left("the carrier closed the stream")
        await duty.place.until(lambda: bool(bo.offers))
        assert bo.offers[0].call == duty.session.name
        assert duty.caller.hung_up is False


async def test_a_line_from_which_nothing_comes_is_unsteady_first_and_then_lost(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        bo = duty.place.seat("bo")
        assert line.events is not None
        line.events.digit("1")
        line.events.digit("1")
        await line.talk(1)
        await asyncio.sleep(2)
        assert wave_of("agent_unsteady") in waves(duty.caller)
        assert duty.phase() is Phase.BRIDGED
        await line.talk(1)
        await asyncio.sleep(5)
        assert bo.offers[0].call == duty.session.name
        assert line.hung_up
        assert duty.caller.hung_up is False


@pytest.mark.parametrize("held", [False, True])
async def test_hash_gives_the_caller_back_to_the_bot(tmp_path: Path, held: bool) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        assert line.events is not None
        for key in "11" + "*" * held:
            line.events.digit(key)
        line.events.digit("#")
        assert duty.phase() is Phase.WITH_BOT
        await duty.place.until(lambda: line.hung_up)
        assert duty.link.states[-1] == "with_bot"
        assert not duty.caller.hung_up
        duty.session.digit("0")
        await duty.place.until(lambda: len(duty.carrier.rung) == 2)


async def test_a_voicemail_swallows_no_call(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        assert line.events is not None
        await line.talk(10, AGENT_FRAME)
        assert duty.phase() is Phase.OFFERED
        assert duty.caller.live == []
        await asyncio.sleep(11)
        assert duty.declined == ["no_answer"]
        assert line.hung_up


@pytest.mark.parametrize("how", ["two", "hangs up", "does not answer"])
async def test_the_next_agent_is_rung_where_this_one_does_not_want_to(tmp_path: Path, how: str) -> None:
    async with on_duty(tmp_path) as duty:
        bo = duty.place.seat("bo")
        if how == "does not answer":
            await duty.place.until(lambda: bool(duty.carrier.rung))
            duty.phones.failed(duty.carrier.rung[0][2])
        else:
            line = await duty.pick_up()
            assert line.events is not None
            if how == "two":
                line.events.digit("2")
                await duty.place.until(lambda: line.hung_up)
            else:
                line.events.left("hung up")
        assert duty.declined == ["declined"]
        assert [offer.call for offer in bo.offers] == [duty.session.name]


async def test_a_line_is_taken_once_and_only_while_it_is_wanted(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        await duty.pick_up()
        purpose = duty.carrier.rung[0][2]
        assert duty.phones.picked_up(purpose, Caller(duty.place.clock)) is None
        assert duty.phones.picked_up(PURPOSE + "guessed", Caller(duty.place.clock)) is None


async def test_a_telephone_whose_caller_leaves_rings_no_more(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        await duty.place.until(lambda: bool(duty.carrier.rung))
        duty.session.left("hung up")
        await duty.place.until(lambda: duty.carrier.stopped == ["CA1"])


async def test_a_call_the_carrier_names_too_late_is_stopped_all_the_same(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        duty.carrier.named.clear()
        await duty.place.until(lambda: bool(duty.carrier.rung))
        duty.session.left("hung up")
        await asyncio.sleep(0.1)
        assert duty.carrier.stopped == []
        duty.carrier.named.set()
        await duty.place.until(lambda: duty.carrier.stopped == ["CA1"])


async def test_a_caller_who_leaves_frees_the_telephone_for_the_next(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        assert line.events is not None
        line.events.digit("1")
        line.events.digit("1")
        duty.session.left("hung up")
        await duty.place.until(lambda: line.hung_up)
        _, second = duty.place.ring()
        second.digit("0")
        await duty.place.until(lambda: len(duty.carrier.rung) == 2)


async def test_a_frame_that_was_on_its_way_when_the_line_was_put_down_starts_no_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_duty(tmp_path) as duty:
        line = await duty.pick_up()
        assert line.events is not None
        line.events.digit("1")
        line.events.digit("1")
        await line.talk(1)
        told: list[str] = []
        monkeypatch.setattr(duty.place.exchange, "agent_unsteady", lambda agent, _: told.append(agent))
        duty.session.left("hung up")
        await duty.place.until(lambda: line.hung_up)
        line.events.audio(AGENT_FRAME)
        await asyncio.sleep(3)
        assert told == []


async def test_off_duty_nobody_is_rung(tmp_path: Path) -> None:
    async with on_duty(tmp_path) as duty:
        await duty.pick_up()
        duty.phones.end("ann")
        assert duty.phase() is Phase.WAITING
        duty.phones.end("ann")
        duty.phones.dialler = None
        assert "HOOKFLASH_PUBLIC_URL" in duty.phones.begin("ann", "+4790000001", Profile())
        duty.phones.dialler = duty.carrier
        assert "no telephone number" in duty.phones.begin("ann", "", Profile())
