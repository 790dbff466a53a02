"""A switchboard that starts again: what it takes up from the journal of the one before."""

from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from telephony.calls.restoring import CUT_OFF, REASON, handling_seconds, restore
from telephony.calls.session import Session
from telephony.exchange import Exchange
from telephony.legs import requests as ask
from telephony.legs.leg import Arrival
from telephony.takeover.phases import Phase
from tests.exchange_hall import Caller, Desk, Hall, hall
from voice.journal import events

pytestmark = pytest.mark.usefixtures("virtual_time")


async def start_again(place: Hall) -> Exchange:
    """Return an exchange that knows nothing but the journal of the one before, which died without a word."""
    names = count(100)
    again = Exchange(place.settings, place.journal, place.clock, place.prompts, lambda: f"call{next(names)}")
    await again.restore()
    return again


async def accepted(place: Hall) -> Session:
    """Return the call of a caller who pressed 0 and whom Ann has taken."""
    place.seat("ann")
    _, session = place.ring()
    await place.worker.link()
    await place.press_zero(session)
    place.exchange.agent_accepted("ann", session.name)
    return session


async def test_in_every_state_what_was_journalled_is_there_and_the_call_is_closed(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        bridged = await accepted(place)
        _, waiting = place.ring()
        waiting.digit("0")
        _, with_bot = place.ring()
        before = {one.name: list(place.journal.read(one.name)) for one in (bridged, waiting, with_bot)}
        again = await start_again(place)
        for name, entries in before.items():
            now = place.journal.read(name)
            assert now[: len(entries)] == entries
            ended = now[-1]
            assert isinstance(ended.event, events.CallEnded) and ended.event.reason == REASON
            assert ended.seq == len(now)
        assert again.waiting == ()
        assert restore(place.journal, place.clock.utc()).ends == ()


async def test_who_lost_their_place_is_answered_ahead_when_they_ring_again(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        _, lost = place.ring()
        lost.digit("0")
        again = await start_again(place)

        def ring(number: str) -> Session:
            caller = Caller(place.clock)
            arrival = Arrival(
                carrier="t", carrier_call="CA", stream="MZ", caller=number, called="+4722222222"
            )
            session = again.call_arrived(arrival, caller)
            assert isinstance(session, Session)
            caller.events = session
            session.digit("0")
            return session

        other, back = ring("+4799999999"), ring("+4711111111")
        assert again.waiting == (back.name, other.name)
        await again.close()


async def test_so_is_who_was_on_hold_at_an_orderly_end_or_before_two_ends(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        held = await accepted(place)
        await place.until(lambda: held.call.phase is Phase.BRIDGED)
        place.exchange.agent_asked("ann", ask.Hold(call=held.name))
        assert held.call.phase is Phase.HELD
        number = held.arrival.caller
        await place.exchange.close()
        assert number in restore(place.journal, place.clock.utc()).cut_off
        assert number in restore(place.journal, place.clock.utc()).cut_off
        assert number not in restore(place.journal, place.clock.utc() + CUT_OFF).cut_off


async def test_callers_to_ring_back_stay_on_the_list(tmp_path: Path) -> None:
    async with hall(tmp_path) as place:
        caller, session = place.ring()
        for digit in "0112":
            session.digit(digit)
        await place.until(lambda: caller.hung_up)
        assert session.call.phase is Phase.ENDED
        again = await start_again(place)
        desk = Desk(place.clock, again, "ann")
        again.agent_joined(desk)
        (one,) = desk.to_ring_back
        asked = next(e.at for e in place.journal.entries if isinstance(e.event, events.CallbackAsked))
        assert (one.call, one.earliest - asked) == (session.name, timedelta(hours=2))
        await again.close()


async def test_how_long_calls_took_is_read_from_the_journal(tmp_path: Path) -> None:
    async with hall(tmp_path, wrap_up=30.0) as place:
        place.seat("ann")
        _, session = place.ring()
        session.digit("0")
        place.exchange.agent_accepted("ann", session.name)
        place.exchange.agent_skipped_brief("ann", session.name)
        session.left("hung up")
        await place.until(lambda: session.call.phase is Phase.ENDED)
        entries = place.journal.read(session.name)
        assert handling_seconds(entries) == pytest.approx(30.0, abs=0.1)
        assert handling_seconds(entries[:-2]) is None
