"""`kill -9` of the real voice worker at random moments: the fixed sentence, and then the bot, or a person.

The system is the real one, as `hookflash serve` starts it; the caller is recorded, asks for their balance
again and again, and rings over real sockets. The bot that comes back must know what was said before.
"""

import asyncio
import os
import random
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from telephony.calls.prompts import Prompt
from telephony.carriers.emulated_call import CallResult, EmulatedCall
from telephony.carriers.emulated_stream import Heard
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller, load
from telephony.demo.arrival import look_for
from telephony.demo.house import House
from telephony.demo.reader import JournalReader
from telephony.legs.mulaw import SAMPLE_RATE, SILENCE_BYTE
from voice.journal.clock import LoopClock
from voice.journal.events import (
    AnyEvent,
    CallState,
    Decided,
    Entry,
    StateChanged,
    TakeoverRequested,
    Understood,
    WorkerJoined,
    WorkerLost,
)

SENTENCE_WITHIN = 3.0
SOMEBODY_WITHIN = 30.0
"""Limit of the wait for the bot or a person; the switchboard's own is 15 s and then a person is sought."""


class _Kept(msgspec.Struct):
    """The switchboard's copy of the fixed sentences."""

    prompts: dict[str, Prompt]


@dataclass
class _Caller:
    """A caller on the line, their journal so far and the seconds of their stream."""

    call: EmulatedCall
    running: asyncio.Task[CallResult]
    reader: JournalReader
    entries: list[Entry] = field(default_factory=list)

    async def follow(self) -> None:
        """Read the journal's news."""
        self.entries += await self.reader.news()

    @property
    def seconds(self) -> float:
        """The second of their stream."""
        assert self.call.stream is not None
        return self.call.stream.seconds

    @property
    def with_bot(self) -> bool:
        """Whether the bot has the call."""
        states = [entry.event.after for entry in self.entries if isinstance(entry.event, StateChanged)]
        return not states or states[-1] is CallState.WITH_BOT

    @property
    def understood(self) -> bool:
        """Whether the bot has been asked for the balance and knows it."""
        said = (entry.event for entry in self.entries)
        return any(isinstance(event, Understood) and event.request == "balance" for event in said)

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

    async def until(self, happened: Callable[[AnyEvent], bool], since: int, limit: float) -> Entry | None:
        """Wait for an entry that `happened` accepts, from the `since`th on; None: it did not come in time."""
        clock = LoopClock()
        end = clock.now() + limit
        while True:
            for entry in self.entries[since:]:
                if happened(entry.event):
                    return entry
            if clock.now() > end:
                return None
            await asyncio.sleep(0.1)
            await self.follow()


@dataclass
class Killed:
    """What the kills came to."""

    kills: int = 0
    dropped: list[str] = field(default_factory=list)
    untold: int = 0
    returned: int = 0
    sought: int = 0
    knew: int = 0
    """Bots that came back and took up what they had been asked before."""


async def kill_again_and_again(kills: int, data: Path) -> Killed:
    """Kill the worker of a system with its data in `data` so many times, a caller being with the bot."""
    carrier = CarrierEmulator(LoopClock(), "token-of-the-benchmark", randomness=random.Random(7))
    house = House(
        data,
        carrier.clock,
        api_url="http://127.0.0.1:9",
        account=carrier.account,
        auth_token=carrier.auth_token,
    )
    moments = random.Random(20)
    killed = Killed()
    caller: _Caller | None = None
    async with house:
        one_moment = await _fixed_sentence(house, "one_moment")
        while killed.kills < kills:
            caller = await _at_a_random_moment(caller, moments, house, carrier)
            await _kill(caller, house, one_moment, killed)
        await _hang_up(caller)
    return killed


async def kills(count: int) -> dict[str, float | int | str]:
    """Return the figures of so many kills."""
    with tempfile.TemporaryDirectory() as folder:
        killed = await kill_again_and_again(count, Path(folder))
    return {
        "real_kills": killed.kills,
        "real_dropped": len(killed.dropped),
        "real_untold": killed.untold,
        "real_bot_came_back": killed.returned,
        "real_person_sought": killed.sought,
    }


async def _kill(caller: _Caller, house: House, one_moment: Prompt, killed: Killed) -> None:
    since, killed_at, asked = len(caller.entries), caller.seconds, caller.understood
    os.kill(house.worker_pid, signal.SIGKILL)
    killed.kills += 1
    lost = await caller.until(lambda event: isinstance(event, WorkerLost), since, SENTENCE_WITHIN)
    length = len(one_moment.audio) / SAMPLE_RATE
    await asyncio.sleep(max(0.0, killed_at + SENTENCE_WITHIN + length - caller.seconds))
    heard = look_for(one_moment.audio, caller.heard(killed_at, killed_at + SENTENCE_WITHIN + length))
    killed.untold += lost is None or not heard.arrived
    somebody = await caller.until(_is_somebody, since, SOMEBODY_WITHIN)
    if somebody is None or caller.running.done():
        killed.dropped.append(f"kill {killed.kills} at second {killed_at:.1f} of the call")
    elif isinstance(somebody.event, TakeoverRequested):
        killed.sought += 1
    else:
        killed.returned += 1
        if asked:
            back = caller.entries.index(somebody)
            killed.knew += await caller.until(_takes_up_the_balance, back, 10.0) is not None


def _is_somebody(event: AnyEvent) -> bool:
    return isinstance(event, TakeoverRequested) or (isinstance(event, WorkerJoined) and event.resumed)


def _takes_up_the_balance(event: AnyEvent) -> bool:
    return isinstance(event, Decided) and (event.action, event.request) == ("apologise", "balance")


async def _at_a_random_moment(
    caller: _Caller | None, moments: random.Random, house: House, carrier: CarrierEmulator
) -> _Caller:
    """Return a caller whom the bot has understood; a fresh one where a person is being sought."""
    while True:
        if caller is None or not caller.with_bot:
            await _hang_up(caller)
            caller = await _ring(house, carrier)
            await caller.until(lambda event: isinstance(event, Understood), 0, 20.0)
        await asyncio.sleep(moments.uniform(0.2, 5.0))
        await caller.follow()
        if caller.with_bot:
            return caller


async def _fixed_sentence(house: House, name: str) -> Prompt:
    """Return a sentence the switchboard has made its own, waiting until it has."""
    for _ in range(100):
        if kept := list((house.data / "prompts").glob("*.json")):
            return msgspec.json.decode(kept[0].read_bytes(), type=_Kept).prompts[name]
        await asyncio.sleep(0.1)
    raise RuntimeError(f"The switchboard never kept the sentence {name}.")


async def _ring(house: House, carrier: CarrierEmulator) -> _Caller:
    call = carrier.place(_asks_again_and_again(), house.voice_url)
    caller = _Caller(call, asyncio.create_task(call.run()), JournalReader(house.journal, call.sid))
    await caller.until(lambda event: isinstance(event, WorkerJoined), 0, 15.0)
    return caller


async def _hang_up(caller: _Caller | None) -> None:
    if caller is not None:
        caller.call.hang_up()
        await caller.running


def _asks_again_and_again() -> RecordedCaller:
    """Return a caller who asks for their balance at once, and every fourteen seconds for half an hour."""
    recorded = load("calm_contained")
    question = recorded.audio[round(10.2 * SAMPLE_RATE) : 13 * SAMPLE_RATE]
    round_of_it = question + bytes([SILENCE_BYTE]) * (14 * SAMPLE_RATE - len(question))
    return msgspec.structs.replace(recorded, audio=round_of_it * 130, hang_up_at=None)
