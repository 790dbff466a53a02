"""Rounds in which the worker is killed: a call in each state, and what becomes of it."""

import asyncio
import random
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.house_stage import HouseStage
from benchmarks.prompt_sounds import spoken
from benchmarks.talking_worker import PROMPT_SECONDS, WORD_SECONDS, word
from telephony.carriers.emulated_call import CallResult, EmulatedCall
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.reader import JournalReader
from telephony.desk.headless import HeadlessAgent
from telephony.desk.protocol import Accept, Available, CallOffered, HangUp, SkipBrief, WrapUp
from telephony.legs.leg import FRAME_BYTES
from telephony.legs.requests import Hold
from voice.journal.events import Entry, Heard, StateChanged, WorkerJoined, WorkerLost

STATES = ("with_bot", "wrap_up", "bridged", "held", "offered", "briefing", "waiting", "goodbye")
"""In this order: what lasts only for seconds is reached last, and nobody waits while an agent is free."""
AGENTS = {"offered": "Odd", "briefing": "Britt", "bridged": "Brage", "held": "Hanne", "wrap_up": "Wenche"}
"""Who takes the call that is to reach a state."""
TOLD_WITHIN = 3.0
LAST_SECOND = 1.0
LIMIT = 15.0
_PATIENCE = 600.0
_LOOK = 0.05
_SETTLE = 3 * WORD_SECONDS
_LINE = "+4721000001"
_GOODBYE_LINE = "+4721000099"


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
class Line:
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


class TalkingWorker:
    """The worker of the rounds, in a process of its own.

    Args:
        port: where it listens, and where the next one does.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.talking_worker", str(self._port)
        )

    async def stop(self) -> None:
        """Kill it, should it run."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()


class Stage:
    """Everybody who takes part in the rounds."""

    def __init__(self, there: HouseStage, worker: TalkingWorker, agents: Mapping[str, HeadlessAgent]) -> None:
        self.carrier = there.carrier
        self.house = there.house
        self.worker = worker
        self.agents = agents
        self._randomness = random.Random(9)

    async def round(self, states: tuple[str, ...], count: Count) -> None:
        """Bring a call into each state, kill the worker, and see every call to its end."""
        lines = [await self._reach(state) for state in states]
        await asyncio.sleep(self._randomness.uniform(0.3, 1.0))
        await self.worker.stop()
        for line in lines:
            line.killed_at = line.seconds
            line.entries += await line.reader.news()
        joined = {line.name: line.count(WorkerJoined) for line in lines}
        await self.worker.start()
        for line in lines:
            count.runs += 1
            try:
                await self._see_through(line, joined[line.name], count)
            except (TimeoutError, AssertionError) as error:
                count.dropped.append(f"{line.state}: {str(error) or type(error).__name__}")
        for line in lines:
            _count_words(line, count)

    async def _reach(self, state: str) -> Line:
        line = await self._ring(_GOODBYE_LINE if state == "goodbye" else _LINE, state)
        if state == "goodbye":
            await asyncio.sleep(1.0)
        if state not in ("with_bot", "goodbye"):
            if (agent := self._agent(state)) is not None:
                await agent.send(Available(available=True))
            assert line.call.stream is not None
            line.call.stream.press("0")
            await line.until("waiting" if agent is None else "offered")
        if state in ("briefing", "bridged", "held", "wrap_up"):
            await self._agents_turn(line, Accept(call=line.name), "briefing")
        if state in ("bridged", "held", "wrap_up"):
            await self._agents_turn(line, SkipBrief(call=line.name), "bridged")
        if state == "held":
            await self._agents_turn(line, Hold(call=line.name), "held")
        if state == "wrap_up":
            await self._agents_turn(line, HangUp(call=line.name), "wrap_up")
        return line

    async def _ring(self, called: str, state: str) -> Line:
        caller = RecordedCaller(audio=bytes([0x2A]) * FRAME_BYTES)
        call = self.carrier.place(caller, self.house.voice_url, to_number=called, patience=_PATIENCE)
        running = asyncio.create_task(call.run())
        line = Line(state, call, running, JournalReader(self.house.journal, call.sid))
        async with asyncio.timeout(LIMIT):
            while not line.count(WorkerJoined):
                await line.follow()
        await asyncio.sleep(_SETTLE)
        return line

    async def _agents_turn(self, line: Line, does: Accept | SkipBrief | Hold | HangUp, then: str) -> None:
        agent = self._agent(line.state)
        assert agent is not None
        await agent.wait_for(CallOffered, lambda offer: offer.call == line.name, limit=LIMIT)
        await agent.send(does)
        await line.until(then)

    def _agent(self, state: str) -> HeadlessAgent | None:
        return self.agents.get(AGENTS.get(state, ""))

    async def _see_through(self, line: Line, joined: int, count: Count) -> None:
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
            case "waiting" | "bridged" | "held":
                await line.follow()
                assert line.stands() == line.state, line.stands()
            case _:
                pass
        if line.state not in ("goodbye", "wrap_up"):
            assert not line.running.done(), "the line went down"
            await asyncio.sleep(_SETTLE)
            line.call.hang_up()
        result = await asyncio.wait_for(line.running, LIMIT)
        assert not result.errors, result.errors
        assert result.verb is None, result.ended
        if agent is not None:
            await line.until("wrap_up")
            await agent.send(Available(available=False))
            await agent.send(WrapUp(call=line.name, disposition="resolved"))
        await line.until("ended")

    async def _was_told(self, line: Line, count: Count) -> None:
        sentence = spoken("one_moment", PROMPT_SECONDS)[:8]
        while line.seconds < line.killed_at + TOLD_WITHIN:
            assert line.call.stream is not None
            times = [one.t for one in line.call.stream.heard if one.mulaw[:8] == sentence]
            if heard := [t for t in times if t >= line.killed_at]:
                count.told.append(heard[0] - line.killed_at)
                return
            await asyncio.sleep(_LOOK)
        count.untold += 1


def _count_words(line: Line, count: Count) -> None:
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
