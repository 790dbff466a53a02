"""`kill -9` of a switchboard that has calls, and its next start: a real process, sockets and disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from benchmarks.house_stage import HouseStage, house_stage
from benchmarks.killed_lines import LIMIT, Line
from telephony.calls.restoring import REASON
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.reader import JournalReader
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from telephony.desk.protocol import CallbackList, CallOffered
from telephony.legs.leg import FRAME_BYTES
from tests.stand_in_worker import stand_in_worker
from voice.journal.clock import LoopClock
from voice.journal.events import CallbackAsked, CallEnded, Event, StateChanged, WorkerJoined

BRIDGED, WAITING, RUNG_BACK, LATER = "+4790000001", "+4790000002", "+4790000003", "+4790000004"


async def wants_a_person(there: HouseStage, number: str) -> Line:
    """Have a caller ring, and press 0 once the worker is there."""
    caller = RecordedCaller(audio=bytes([0x2A]) * FRAME_BYTES)
    call = there.carrier.place(caller, there.house.voice_url, from_number=number, patience=120.0)
    line = Line("", call, asyncio.create_task(call.run()), JournalReader(there.house.journal, call.sid))
    await happened(line, WorkerJoined)
    line.press("0")
    await stood(line, "waiting")
    return line


async def happened(line: Line, kind: type[Event]) -> None:
    """Wait until something is in the journal."""
    await line.until_true(lambda: line.count(kind) > 0)


async def stood(line: Line, state: str) -> None:
    """Wait until the call has stood there, be it for a moment."""
    await line.until_true(
        lambda: any(isinstance(one.event, StateChanged) and one.event.after == state for one in line.entries)
    )


@asynccontextmanager
async def at_desk(there: HouseStage, password: str, *, takes_calls: bool) -> AsyncIterator[HeadlessAgent]:
    conduct = Conduct(accept_after=0.0 if takes_calls else None, skip_brief_after=0.0, wraps_up=False)
    async with there.agent("Ann", password, conduct) as agent:
        yield agent


@pytest.mark.timeout(60)
async def test_a_switchboard_that_is_killed_takes_up_what_it_held_when_it_starts_again() -> None:
    async with stand_in_worker() as worker, house_stage(LoopClock(), worker.url) as there:
        password = await there.sign_up("Ann")
        async with at_desk(there, password, takes_calls=True):
            bridged = await wants_a_person(there, BRIDGED)
            await stood(bridged, "bridged")
            waiting = await wants_a_person(there, WAITING)
            rung_back = await wants_a_person(there, RUNG_BACK)
            rung_back.press("111")
            await happened(rung_back, CallbackAsked)
            first = there.house.pid
            await there.house.kill()
            # The carrier goes on to the verb behind the stream, which reaches a person without us.
            for one in (bridged, waiting):
                result = await asyncio.wait_for(one.running, LIMIT)
                assert result.verb is not None, result.ended
            before = [(one, list(one.entries)) for one in (bridged, waiting, rung_back)]
        async with there.house:
            assert there.house.pid != first
            for one, entries in before:
                await happened(one, CallEnded)
                now = await JournalReader(there.house.journal, one.call.sid).news()
                assert now[: len(entries)] == entries
                assert [entry.seq for entry in now] == list(range(1, len(now) + 1))
                assert isinstance(now[-1].event, CallEnded) and now[-1].event.reason == REASON
            later = await wants_a_person(there, LATER)
            again = await wants_a_person(there, WAITING)
            async with at_desk(there, password, takes_calls=False) as ann:
                offered = await ann.wait_for(CallOffered, limit=LIMIT)
                assert offered.caller == WAITING, "who lost their place goes before who came first now"
                listed = await ann.wait_for(CallbackList, lambda told: bool(told.callbacks), limit=LIMIT)
                assert [one.number for one in listed.callbacks] == [RUNG_BACK]
            for one in (later, again):
                one.call.hang_up()
                await asyncio.wait_for(one.running, LIMIT)
