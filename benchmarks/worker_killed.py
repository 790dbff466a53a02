"""`kill -9` of the voice worker with a call in every state: nobody is dropped, and little of what was said lost.

Each round puts one call into each of the seven states at the same time, kills the one worker that all of them
are on, starts another, and goes on with every call to its end. Switchboard, carrier's sockets, desk's sockets
and the journal on disk are the real ones, in processes of their own; the worker is one that talks and reports
a numbered word every tenth of a second, so that what is lost with it can be counted. A run is one call
through one kill. With `--real`, callers ring the real worker besides, with the bot (see `worker_killed_real`).

- `dropped`: calls whose line went down, or stood still, when the worker died.
- `old_words_lost`: words older than a second when the worker was killed that are not in the journal.
- `newest_word_ms`: how old the newest word that was kept is at the kill, median and worst.
- `untold`: callers with the bot who did not hear the fixed sentence within three seconds.
"""

import argparse
import asyncio
import json
import random
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.talking_worker import GOODBYE, WORD_SECONDS, spoken, word
from telephony.carriers import emulator_api
from telephony.carriers.emulator import CallResult, CarrierEmulator, EmulatedCall
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.house import House, free_ports
from telephony.demo.reader import JournalReader
from telephony.desk.accounts import Accounts
from telephony.desk.headless import Conduct, HeadlessAgent
from telephony.desk.protocol import Accept, Available, CallOffered, HangUp, SkipBrief, WrapUp
from telephony.legs.leg import FRAME_BYTES
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import CallState, Entry, Heard, StateChanged, WorkerJoined, WorkerLost

RUNS = 100
STATES = ("with_bot", "wrap_up", "bridged", "offered", "briefing", "waiting", "goodbye")
"""In this order: what lasts only for seconds is reached last, and nobody waits while an agent is free."""
TOLD_WITHIN = 3.0
LAST_SECOND = 1.0
LIMIT = 15.0
_PATIENCE = 600.0
_LOOK = 0.05
_AGENTS = {"offered": "Odd", "briefing": "Britt", "bridged": "Brage", "wrap_up": "Wenche"}


@dataclass
class Count:
    """What the runs came to."""

    runs: int = 0
    dropped: list[str] = field(default_factory=list)
    old_words_lost: int = 0
    newest_word: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    untold: int = 0


@dataclass
class _Line:
    """A caller on the line."""

    state: str
    call: EmulatedCall
    running: asyncio.Task[CallResult]
    reader: JournalReader
    entries: list[Entry] = field(default_factory=list)
    killed_at: float = 0.0

    @property
    def name(self) -> str:
        """The call's name."""
        return self.entries[0].call

    @property
    def seconds(self) -> float:
        """The second of their stream."""
        assert self.call.stream is not None
        return self.call.stream.seconds

    def stands(self) -> str:
        """Return where the call stands by its journal."""
        states = [entry.event.after for entry in self.entries if isinstance(entry.event, StateChanged)]
        return states[-1].value if states else "with_bot"

    def count(self, kind: type[WorkerJoined] | type[WorkerLost]) -> int:
        """Return how often it happened so far."""
        return sum(isinstance(entry.event, kind) for entry in self.entries)

    async def until(self, state: str) -> None:
        """Wait until the call stands there."""
        async with asyncio.timeout(LIMIT):
            while not self.entries or self.stands() != state:
                await self.follow()

    async def follow(self) -> None:
        """Read the journal's news."""
        await asyncio.sleep(_LOOK)
        self.entries += await self.reader.news()


class _Stage:
    """Everybody who takes part in the rounds."""

    def __init__(self, clock: Clock, carrier: CarrierEmulator, house: House, worker_port: int) -> None:
        self.clock = clock
        self.carrier = carrier
        self.house = house
        self.agents: dict[str, HeadlessAgent] = {}
        self.worker: asyncio.subprocess.Process | None = None
        self._port = worker_port
        self._randomness = random.Random(9)

    async def start_worker(self) -> None:
        self.worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.talking_worker", str(self._port)
        )

    async def stop_worker(self) -> None:
        if self.worker is not None and self.worker.returncode is None:
            self.worker.send_signal(signal.SIGKILL)
            await self.worker.wait()

    async def round(self, states: tuple[str, ...], count: Count) -> None:
        """Bring a call into each state, kill the worker, and see every call to its end."""
        lines = [await self._reach(state) for state in states]
        await asyncio.sleep(self._randomness.uniform(0.3, 1.0))
        await self.stop_worker()
        for line in lines:
            line.killed_at = line.seconds
            line.entries += await line.reader.news()
        joined = {line.name: line.count(WorkerJoined) for line in lines}
        await self.start_worker()
        for line in lines:
            count.runs += 1
            try:
                await self._see_through(line, joined[line.name], count)
            except (TimeoutError, AssertionError) as error:
                count.dropped.append(f"{line.state}: {str(error) or type(error).__name__}")
        for line in lines:
            _count_words(line, count)

    async def _reach(self, state: str) -> _Line:
        line = await self._ring("+4721000099" if state == "goodbye" else "+4721000001", state)
        if state == "goodbye":
            await asyncio.sleep(1.0)
        if state not in ("with_bot", "goodbye"):
            if (agent := self._agent(state)) is not None:
                await agent.send(Available(available=True))
            assert line.call.stream is not None
            line.call.stream.press("0")
            await line.until("waiting" if agent is None else "offered")
        if state in ("briefing", "bridged", "wrap_up"):
            await self._agents_turn(line, Accept(call=line.name), "briefing")
        if state in ("bridged", "wrap_up"):
            await self._agents_turn(line, SkipBrief(call=line.name), "bridged")
        if state == "wrap_up":
            await self._agents_turn(line, HangUp(call=line.name), "wrap_up")
        return line

    async def _ring(self, called: str, state: str) -> _Line:
        caller = RecordedCaller(audio=bytes([0x2A]) * FRAME_BYTES)
        call = self.carrier.place(caller, self.house.voice_url, to_number=called, patience=_PATIENCE)
        running = asyncio.create_task(call.run())
        line = _Line(state, call, running, JournalReader(self.house.journal, call.sid))
        async with asyncio.timeout(LIMIT):
            while not line.count(WorkerJoined):
                await line.follow()
        await asyncio.sleep(3 * WORD_SECONDS)
        return line

    async def _agents_turn(self, line: _Line, does: Accept | SkipBrief | HangUp, then: str) -> None:
        agent = self._agent(line.state)
        assert agent is not None
        await agent.wait_for(CallOffered, lambda offer: offer.call == line.name, limit=LIMIT)
        await agent.send(does)
        await line.until(then)

    def _agent(self, state: str) -> HeadlessAgent | None:
        return self.agents.get(_AGENTS.get(state, ""))

    async def _see_through(self, line: _Line, joined: int, count: Count) -> None:
        """Go on with the call; what keeps it from its proper end is raised."""
        agent = self._agent(line.state)
        if line.state not in ("goodbye", "wrap_up"):
            async with asyncio.timeout(LIMIT):
                while line.count(WorkerJoined) == joined:
                    await line.follow()
        match line.state:
            case "with_bot":
                await self._was_told(line, count)
            case "offered":
                await self._agents_turn(line, Accept(call=line.name), "briefing")
                await self._agents_turn(line, SkipBrief(call=line.name), "bridged")
            case "briefing":
                await self._agents_turn(line, SkipBrief(call=line.name), "bridged")
            case "waiting" | "bridged":
                await line.follow()
                assert line.stands() == line.state, line.stands()
            case _:
                pass
        if line.state not in ("goodbye", "wrap_up"):
            assert not line.running.done(), "the line went down"
            await asyncio.sleep(3 * WORD_SECONDS)
            line.call.hang_up()
        result = await asyncio.wait_for(line.running, LIMIT)
        assert not result.errors, result.errors
        assert result.verb is None, result.ended
        if agent is not None:
            await line.until("wrap_up")
            await agent.send(Available(available=False))
            await agent.send(WrapUp(call=line.name, disposition="resolved"))
        await line.until("ended")

    async def _was_told(self, line: _Line, count: Count) -> None:
        sentence = spoken("one_moment")[:8]
        while line.seconds < line.killed_at + TOLD_WITHIN:
            assert line.call.stream is not None
            times = [one.t for one in line.call.stream.heard if one.mulaw[:8] == sentence]
            if heard := [t for t in times if t >= line.killed_at]:
                count.told.append(heard[0] - line.killed_at)
                return
            await asyncio.sleep(_LOOK)
        count.untold += 1


def _count_words(line: _Line, count: Count) -> None:
    times = sorted(
        round(entry.event.end / WORD_SECONDS)
        for entry in line.entries
        if isinstance(entry.event, Heard) and entry.event.end <= line.killed_at
    )
    if not times:
        count.old_words_lost += 1
        return
    kept = {entry.event.text for entry in line.entries if isinstance(entry.event, Heard)}
    settled = int((line.killed_at - LAST_SECOND) / WORD_SECONDS)
    count.old_words_lost += sum(word(n) not in kept for n in range(times[0], settled))
    if line.state not in ("goodbye", "wrap_up"):
        count.newest_word.append(line.killed_at - times[-1] * WORD_SECONDS)


@asynccontextmanager
async def stage() -> AsyncIterator[_Stage]:
    """Start a switchboard, a carrier, four agents and the first worker."""
    clock = LoopClock()
    carrier = CarrierEmulator(clock, secrets.token_hex(16))
    (port,) = free_ports(1)
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api_url = await stack.enter_async_context(emulator_api.served(carrier))
        house = House(
            data,
            clock,
            api_url=api_url,
            account=carrier.account,
            auth_token=carrier.auth_token,
            environment={"HOOKFLASH_WORKER_URL": f"ws://127.0.0.1:{port}", "HOOKFLASH_RECORD": "false"},
            command="switchboard",
        )
        there = _Stage(clock, carrier, house, port)
        stack.push_async_callback(there.stop_worker)
        await there.start_worker()
        await stack.enter_async_context(house)
        accounts = await asyncio.to_thread(Accounts, data)
        conduct = Conduct(accept_after=None, available=False, wraps_up=False)
        for name in _AGENTS.values():
            password = secrets.token_urlsafe(15)
            await asyncio.to_thread(accounts.add, name, password)
            there.agents[name] = await stack.enter_async_context(
                HeadlessAgent(house.url, clock, name=name, password=password, conduct=conduct)
            )
        yield there


async def soak(runs: int) -> Count:
    """Return what `runs` kills with a call in one of the states came to; whole rounds, but for the last."""
    count = Count()
    async with stage() as there:
        while count.runs < runs:
            await there.round(STATES[: runs - count.runs], count)
    return count


def figures(count: Count) -> dict[str, float | int | str]:
    """Return the count as figures."""
    newest = count.newest_word or [0.0]
    told = count.told or [0.0]
    return {
        "runs": count.runs,
        "dropped": len(count.dropped),
        "why": "; ".join(count.dropped),
        "old_words_lost": count.old_words_lost,
        "newest_word_ms": round(median(newest) * 1000),
        "newest_word_worst_ms": round(max(newest) * 1000),
        "told_ms": round(median(told) * 1000),
        "told_worst_ms": round(max(told) * 1000),
        "untold": count.untold,
    }


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worker_killed", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"calls through a kill, default {RUNS}")
    parser.add_argument("--real", type=int, default=0, metavar="N", help="kills of the real worker besides")
    given = parser.parse_args()
    result: dict[str, float | int | str] = {"benchmark": "worker_killed"}
    if given.runs:
        result |= figures(asyncio.run(soak(given.runs)))
    if given.real:
        from benchmarks.worker_killed_real import kills  # it alone needs the prepared models

        result |= asyncio.run(kills(given.real))
    print(json.dumps(result))


if __name__ == "__main__":
    _main()
