"""`kill -9` of the voice worker at twenty random moments: the caller's line never drops.

The system is the real one, as `hookflash serve` starts it; the callers are recorded and ring over real
sockets. After each kill the caller hears the fixed sentence, and then the bot again, which still knows what
was said, or a person is being sought.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from telephony.calls.prompts import Prompt
from telephony.carriers.emulated_stream import Heard
from telephony.carriers.emulator import CallResult, CarrierEmulator, EmulatedCall
from telephony.carriers.recorded_caller import RecordedCaller, load
from telephony.demo.arrival import look_for
from telephony.demo.house import House
from telephony.demo.reader import JournalReader
from telephony.legs.mulaw import SAMPLE_RATE, SILENCE_BYTE
from voice.journal.clock import LoopClock
from voice.journal.events import (
    AnyEvent,
    CallState,
    Entry,
    Said,
    StateChanged,
    TakeoverRequested,
    Understood,
    WorkerJoined,
    WorkerLost,
)

pytestmark = [
    pytest.mark.models,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the worker through /proc"),
]
KILLS = 20
SENTENCE_WITHIN = 3.0
SOMEBODY_WITHIN = 30.0
"""Limit of the wait for the bot or a person; the switchboard's own is 15 s and then a person is sought."""


class Kept(msgspec.Struct):
    """The switchboard's copy of the fixed sentences."""

    prompts: dict[str, Prompt]


@dataclass
class Caller:
    """A caller on the line, their journal so far and the seconds of their stream."""

    call: EmulatedCall
    running: asyncio.Task[CallResult]
    reader: JournalReader
    entries: list[Entry] = field(default_factory=list)

    async def follow(self) -> list[Entry]:
        """Read the journal's news."""
        news = await self.reader.news()
        self.entries += news
        return news

    def events(self, since: int = 0) -> list[AnyEvent]:
        """Return what happened from the `since`th entry on."""
        return [entry.event for entry in self.entries[since:]]

    @property
    def seconds(self) -> float:
        assert self.call.stream is not None
        return self.call.stream.seconds

    def heard(self, start: float, end: float) -> bytes:
        """Return what they heard from second `start` of the stream to second `end`."""
        assert self.call.stream is not None
        pieces: list[Heard] = list(self.call.stream.heard)
        audio = bytearray([SILENCE_BYTE]) * round((end - start) * SAMPLE_RATE)
        for piece in pieces:
            at = round((piece.t - start) * SAMPLE_RATE)
            if at >= 0 and at + len(piece.mulaw) <= len(audio):
                audio[at : at + len(piece.mulaw)] = piece.mulaw
        return bytes(audio)


def children(pid: int) -> list[int]:
    """Return the processes whose parent is `pid`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == pid:
                found.append(int(entry.name))
    return found


def reminds_of_the_balance(event: AnyEvent) -> bool:
    """Return whether the bot spoke of what the caller had asked for."""
    return isinstance(event, Said) and event.by == "bot" and "balance" in event.text


def asks_again_and_again() -> RecordedCaller:
    """Return a caller who asks for their balance every fourteen seconds for half an hour."""
    recorded = load("calm_contained")
    question = recorded.audio[round(10.2 * SAMPLE_RATE) : 13 * SAMPLE_RATE]
    round_of_it = question + bytes([SILENCE_BYTE]) * (14 * SAMPLE_RATE - len(question))
    return msgspec.structs.replace(recorded, audio=round_of_it * 130, hang_up_at=None)


@pytest.fixture
async def carrier() -> CarrierEmulator:
    return CarrierEmulator(LoopClock(), "token-of-the-test", randomness=random.Random(7))


@pytest.fixture
async def house(tmp_path: Path, carrier: CarrierEmulator) -> AsyncIterator[House]:
    running = House(
        tmp_path,
        carrier.clock,
        api_url="http://127.0.0.1:9",
        account=carrier.account,
        auth_token=carrier.auth_token,
    )
    async with running:
        yield running


async def until(
    caller: Caller, happened: Callable[[AnyEvent], bool], since: int, limit: float
) -> Entry | None:
    """Wait for an entry that `happened` accepts, from the `since`th on; None when the limit passed first."""
    clock = LoopClock()
    end = clock.now() + limit
    while True:
        for entry in caller.entries[since:]:
            if happened(entry.event):
                return entry
        if clock.now() > end:
            return None
        await asyncio.sleep(0.1)
        await caller.follow()


def with_bot(caller: Caller) -> bool:
    """Return whether the bot has the call."""
    states = [entry.event.after for entry in caller.entries if isinstance(entry.event, StateChanged)]
    return not states or states[-1] is CallState.WITH_BOT


async def test_the_caller_is_never_dropped(house: House, carrier: CarrierEmulator) -> None:
    moments = random.Random(20)
    one_moment = await fixed_sentence(house, "one_moment")
    caller: Caller | None = None
    returned = sought = 0
    knew = False
    for kill in range(KILLS):
        caller = await at_a_random_moment(caller, moments, house, carrier)
        since, killed_at = len(caller.entries), caller.seconds
        asked = any(isinstance(event, Understood) and event.request == "balance" for event in caller.events())
        for worker in children(house.pid):
            os.kill(worker, signal.SIGKILL)

        lost = await until(caller, lambda event: isinstance(event, WorkerLost), since, SENTENCE_WITHIN)
        assert lost is not None, f"kill {kill}: nobody noticed; {caller.entries[-6:]}"
        length = len(one_moment.audio) / SAMPLE_RATE
        await asyncio.sleep(max(0.0, killed_at + SENTENCE_WITHIN + length - caller.seconds))
        heard = look_for(one_moment.audio, caller.heard(killed_at, killed_at + SENTENCE_WITHIN + length))
        assert heard.arrived, f"kill {kill}: no fixed sentence within {SENTENCE_WITHIN} s ({heard})"

        somebody = await until(
            caller,
            lambda event: (
                isinstance(event, TakeoverRequested) or (isinstance(event, WorkerJoined) and event.resumed)
            ),
            since,
            SOMEBODY_WITHIN,
        )
        assert somebody is not None, f"kill {kill}: neither the bot nor a person came"
        assert not caller.running.done(), f"kill {kill}: the line dropped: {caller.running}"
        if isinstance(somebody.event, TakeoverRequested):
            sought += 1
            continue
        returned += 1
        if asked and not knew:
            back = caller.entries.index(somebody)
            knew = await until(caller, reminds_of_the_balance, back, 10.0) is not None
    await hang_up(caller)
    assert returned + sought == KILLS
    assert returned > 0, "the bot never came back"
    assert knew, "the bot that came back knew nothing of what was said"


async def at_a_random_moment(
    caller: Caller | None, moments: random.Random, house: House, carrier: CarrierEmulator
) -> Caller:
    """Return a caller who has been with the bot for a while; a fresh one where a person is being sought."""
    while True:
        if caller is None or not with_bot(caller):
            await hang_up(caller)
            caller = await ring(house, carrier)
        await asyncio.sleep(moments.uniform(0.2, 5.0))
        await caller.follow()
        if with_bot(caller):
            return caller


async def fixed_sentence(house: House, name: str) -> Prompt:
    """Return a sentence the switchboard has made its own, waiting until it has."""
    for _ in range(100):
        if kept := list((house.data / "prompts").glob("*.json")):
            return msgspec.json.decode(kept[0].read_bytes(), type=Kept).prompts[name]
        await asyncio.sleep(0.1)
    raise AssertionError(f"the switchboard never kept {name}")


async def ring(house: House, carrier: CarrierEmulator) -> Caller:
    """Put a caller on the line and wait until the bot is with them."""
    call = carrier.place(asks_again_and_again(), house.voice_url)
    caller = Caller(call, asyncio.create_task(call.run()), JournalReader(house.journal, call.sid))
    assert await until(caller, lambda event: isinstance(event, WorkerJoined), 0, 15.0) is not None
    return caller


async def hang_up(caller: Caller | None) -> None:
    """Let the caller go, who must have been on the line all the time."""
    if caller is not None:
        assert not caller.running.done(), "the line dropped"
        caller.call.hang_up()
        result = await caller.running
        assert result.ended == "the caller hung up", result.ended
        assert result.errors == ()
