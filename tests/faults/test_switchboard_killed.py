"""`kill -9` of a switchboard that has calls, and its next start: a real process, sockets and disk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from benchmarks.house_stage import HouseStage, house_stage
from telephony.calls.restoring import REASON
from telephony.carriers.emulated_call import CallResult, EmulatedCall
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.reader import JournalReader
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from telephony.desk.protocol import CallbackList, CallOffered
from telephony.legs.leg import FRAME_BYTES
from tests.stand_in_worker import stand_in_worker
from voice.journal.clock import LoopClock
from voice.journal.events import CallbackAsked, CallEnded, Entry, StateChanged, WorkerJoined

LIMIT = 15.0
BRIDGED, WAITING, RUNG_BACK, LATER = "+4790000001", "+4790000002", "+4790000003", "+4790000004"


class Ringing:
    """A caller on the line, and what is journalled of them."""

    def __init__(self, there: HouseStage, number: str) -> None:
        caller = RecordedCaller(audio=bytes([0x2A]) * FRAME_BYTES)
        self.call: EmulatedCall = there.carrier.place(
            caller, there.house.voice_url, from_number=number, patience=120.0
        )
        self.running: asyncio.Task[CallResult] = asyncio.create_task(self.call.run())
        self.reader = JournalReader(there.house.journal, self.call.sid)
        self.entries: list[Entry] = []

    async def until(self, true: Callable[[Entry], bool]) -> None:
        """Wait until something is in the journal."""
        async with asyncio.timeout(LIMIT):
            while not any(true(entry) for entry in self.entries):
                await asyncio.sleep(0.05)
                self.entries += await self.reader.news()

    async def wants_a_person(self) -> "Ringing":
        """Press 0 once the worker is there."""
        await self.until(lambda entry: isinstance(entry.event, WorkerJoined))
        self.press("0")
        await self.stands("waiting")
        return self

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        assert self.call.stream is not None
        for _ in range(times):
            self.call.stream.press(key)

    async def stands(self, state: str) -> None:
        """Wait until the call has stood there."""
        await self.until(lambda entry: isinstance(entry.event, StateChanged) and entry.event.after == state)


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
            bridged = await Ringing(there, BRIDGED).wants_a_person()
            await bridged.stands("bridged")
            waiting = await Ringing(there, WAITING).wants_a_person()
            rung_back = await Ringing(there, RUNG_BACK).wants_a_person()
            rung_back.press("1", times=3)
            await rung_back.until(lambda entry: isinstance(entry.event, CallbackAsked))
            first = there.house.pid
            await there.house.kill()
            # The carrier goes on to the verb behind the stream, which reaches a person without us.
            for one in (bridged, waiting):
                result = await asyncio.wait_for(one.running, LIMIT)
                assert result.verb is not None, result.ended
            before = {one: list(one.entries) for one in (bridged, waiting, rung_back)}
        async with there.house:
            assert there.house.pid != first
            for one, entries in before.items():
                await one.until(lambda entry: isinstance(entry.event, CallEnded))
                now = await JournalReader(there.house.journal, one.call.sid).news()
                assert now[: len(entries)] == entries
                assert [entry.seq for entry in now] == list(range(1, len(now) + 1))
                assert isinstance(now[-1].event, CallEnded) and now[-1].event.reason == REASON
            later = await Ringing(there, LATER).wants_a_person()
            again = await Ringing(there, WAITING).wants_a_person()
            async with at_desk(there, password, takes_calls=False) as ann:
                offered = await ann.wait_for(CallOffered, limit=LIMIT)
                assert offered.caller == WAITING, "who lost their place goes before who came first now"
                listed = await ann.wait_for(CallbackList, lambda told: bool(told.callbacks), limit=LIMIT)
                assert [one.number for one in listed.callbacks] == [RUNG_BACK]
            for one in (later, again):
                one.call.hang_up()
                await asyncio.wait_for(one.running, LIMIT)
