"""Callers who wished to be rung back: the list, the ringing, and what becomes of it."""

import asyncio
from pathlib import Path

import pytest

from telephony.calls.ringing_back import NOT_LISTED, RING_SECONDS, TRIES, DialError
from telephony.calls.session import Session
from telephony.legs import requests as ask
from telephony.legs.leg import Arrival
from telephony.takeover.phases import Phase
from tests.exchange_hall import Caller, Hall, hall
from voice.journal import events
from voice.journal.events import TriggerKind

pytestmark = pytest.mark.usefixtures("virtual_time")

NUMBER = "+4711111111"


class Carrier:
    """A `Dialler` that remembers whom it was to ring."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.rung: list[tuple[str, str, str]] = []
        self._refuses = refuses

    async def dial(self, number: str, line: str, purpose: str) -> str:
        if self._refuses:
            raise DialError("The carrier does not like you.")
        self.rung.append((number, line, purpose))
        return f"CA{len(self.rung)}"

    async def hang_up(self, call: str) -> None:
        raise AssertionError("nobody is to be hung up on")


async def wishes(place: Hall) -> str:
    """Let a caller ask to be rung back, and say goodbye; returns their call's name."""
    caller, session = place.ring()
    link = await place.worker.link(len(place.worker.links))
    await link.take_over(brief=events.Brief(headline="Wants a refund", reason="asked"))
    await place.until(lambda: any(isinstance(event, events.Briefed) for event in place.events(session)))
    for digit in "0111":
        session.digit(digit)
    assert session.call.phase is Phase.CALLBACK
    await place.until(lambda: caller.hung_up)
    return session.name


def pick_up(place: Hall, call: str) -> tuple[Caller, Session]:
    caller = Caller(place.clock)
    arrival = Arrival(
        carrier="twilio", carrier_call="CA2", stream="MZ2", caller=NUMBER, called="+4722222222",
        parameters={"callback": call},
    )  # fmt: skip
    session = place.exchange.call_arrived(arrival, caller)
    assert isinstance(session, Session)
    caller.events = session
    return caller, session


async def test_an_agent_rings_a_caller_from_the_list_and_has_them_at_once(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        place.exchange.dial_with(carrier := Carrier())
        call = await wishes(place)
        desk = place.seat("ann", available=False)
        assert [(one.call, one.number, one.headline) for one in desk.to_ring_back] == [
            (call, NUMBER, "Wants a refund")
        ]
        place.exchange.agent_asked("ann", ask.RingBack(call=call))
        await asyncio.sleep(5)
        assert carrier.rung == [(NUMBER, "+4722222222", call)]
        _, session = pick_up(place, call)
        assert (session.call.phase, session.call.agent) == (Phase.BRIDGED, "ann")
        assert desk.offers[0].brief is not None and desk.offers[0].brief.headline == "Wants a refund"
        assert desk.to_ring_back == []
        tried = [entry.event for entry in place.journal.read(call)][-2:]
        assert tried == [
            events.CallbackTried(agent="ann", call=session.name),
            events.CallbackClosed(agent="ann", outcome="reached"),
        ]
        seqs = [entry.seq for entry in place.journal.read(call)]
        assert seqs == list(range(1, len(seqs) + 1))


async def test_who_does_not_pick_up_is_tried_again_and_is_off_the_list_in_the_end(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        place.exchange.dial_with(Carrier())
        call = await wishes(place)
        desk = place.seat("ann", available=False)
        for _ in range(TRIES):
            assert len(desk.to_ring_back) == 1
            place.exchange.agent_asked("ann", ask.RingBack(call=call))
            place.exchange.agent_asked("ann", ask.RingBack(call=call))
            await asyncio.sleep(RING_SECONDS + 1)
        assert desk.to_ring_back == []
        assert desk.problems.count(NOT_LISTED) == TRIES
        assert desk.problems[-1] == f"{NUMBER} could not be reached: nobody picked up."
        closed = place.journal.read(call)[-1].event
        assert closed == events.CallbackClosed(agent="ann", outcome="not_reached")
        assert place.exchange.line.take_agent("other", "ann", available=False)


async def test_an_agent_who_rings_somebody_is_rung_for_nobody_else(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        place.exchange.dial_with(Carrier())
        call = await wishes(place)
        desk = place.seat("ann")
        place.exchange.agent_asked("ann", ask.RingBack(call=call))
        _, other = place.ring()
        other.digit("0")
        assert desk.offers == []
        place.exchange.dialling_failed(call, "the carrier says busy")
        assert [offer.call for offer in desk.offers] == [other.name]


async def test_a_carrier_that_cannot_ring_is_told_to_the_agent(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        call = await wishes(place)
        desk = place.seat("ann", available=False)
        place.exchange.agent_asked("ann", ask.RingBack(call=call))
        assert "HOOKFLASH_PUBLIC_URL" in desk.problems[-1]
        place.exchange.dial_with(Carrier(refuses=True))
        place.exchange.agent_asked("ann", ask.RingBack(call=call))
        await asyncio.sleep(0.1)
        assert desk.problems[-1] == f"{NUMBER} could not be reached: the carrier could not ring."
        assert desk.to_ring_back[0].tries == 1


async def test_who_need_not_be_rung_is_taken_off_the_list(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        call = await wishes(place)
        desk = place.seat("ann", available=False)
        place.exchange.agent_asked("ann", ask.DropCallback(call=call))
        assert desk.to_ring_back == []
        place.exchange.agent_asked("ann", ask.DropCallback(call=call))
        assert desk.problems == [NOT_LISTED]


async def test_who_picks_up_when_the_agent_is_gone_goes_to_the_head_of_the_line(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        place.exchange.dial_with(Carrier())
        call = await wishes(place)
        place.seat("ann", available=False)
        _, other = place.ring()
        other.digit("0")
        place.exchange.agent_asked("ann", ask.RingBack(call=call))
        place.exchange.agent_left("ann", "lost")
        _, session = pick_up(place, call)
        assert session.call.phase is Phase.WAITING
        assert [trigger.kind for trigger in session.call.triggers] == [TriggerKind.CALLBACK]
        assert place.exchange.waiting == (session.name, other.name)
