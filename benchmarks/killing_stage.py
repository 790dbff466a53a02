"""Rounds in which the worker is killed: a call in each state, and what becomes of it."""

import asyncio
import random
import signal
import sys
from collections.abc import Mapping

from benchmarks.house_stage import HouseStage
from benchmarks.killed_lines import LIMIT, Count, Line, count_words
from benchmarks.talking_worker import WORD_SECONDS
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.reader import JournalReader
from telephony.desk.headless import HeadlessAgent
from telephony.desk.protocol import Accept, Available, CallOffered, HangUp, SkipBrief, WrapUp
from telephony.legs.leg import FRAME_BYTES
from telephony.legs.requests import Hold
from voice.journal.events import Rated, WorkerJoined, WorkerLost, WrappedUp

STATES = (
    "with_bot", "wrap_up", "survey", "survey_alone", "bridged", "held", "offered", "briefing", "waiting",
    "callback", "nobody", "goodbye", "worker_awaited",
)  # fmt: skip
"""In this order: what lasts only for seconds is reached late, and nobody waits while an agent is free."""
AGENTS = {
    "offered": "Odd", "briefing": "Britt", "bridged": "Brage", "held": "Hanne", "wrap_up": "Wenche",
    "survey": "Siri", "survey_alone": "Sanna",
}  # fmt: skip
"""Who takes the call that is to reach a state."""
TALKED = ("bridged", "held", "wrap_up", "survey", "survey_alone")
"""An agent talks to the caller on the way there."""
STANDS = {
    "goodbye": "with_bot", "worker_awaited": "with_bot", "callback": "waiting", "nobody": "waiting",
    "survey": "wrap_up", "survey_alone": "wrap_up",
}  # fmt: skip
"""What the journal calls a state that is one of several there."""
ENDING = ("goodbye", "wrap_up", "callback", "nobody", "survey", "survey_alone")
"""The switchboard ends the call by itself; no worker need come back to it."""
SHORTLY = 0.6
"""Longest a worker that is killed while it is awaited has lived, in seconds."""
TOLD_WITHIN = 3.0
SCORE, NO_SURVEY = "5", "9"
"""Keys: an answer to the survey's question, and one that declines it."""
_PATIENCE = 600.0
_SETTLE = 3 * WORD_SECONDS
_LINE = "+4721000001"
_GOODBYE_LINE = "+4721000099"


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
    """Everybody who takes part in the rounds.

    Args:
        there: the system with the agents.
        unstaffed: one like it, on the same worker, where nobody is on duty.
        worker: the worker of both.
        agents: those who are signed in, by name.
    """

    def __init__(
        self,
        there: HouseStage,
        unstaffed: HouseStage,
        worker: TalkingWorker,
        agents: Mapping[str, HeadlessAgent],
    ) -> None:
        self._there = there
        self._unstaffed = unstaffed
        self.worker = worker
        self.agents = agents
        self._randomness = random.Random(9)

    async def round(self, states: tuple[str, ...], count: Count) -> None:
        """Bring a call into each state, kill the worker, and see every call to its end."""
        apart = ("goodbye", "worker_awaited")
        rings = [self._ring(_LINE, state) for state in states if state not in apart]
        lines = await asyncio.gather(*rings)
        for line in lines:
            await self._reach(line)
        if "goodbye" in states:
            lines.append(await self._ring(_GOODBYE_LINE, "goodbye"))
        await asyncio.sleep(self._randomness.uniform(0.3, 1.0))
        await self._kill(lines)
        await self._go_on(lines, count)
        if "worker_awaited" in states:
            lines = [await self._ring(_LINE, "worker_awaited")]
            await self._kill(lines)
            await lines[0].until_true(lambda: lines[0].count(WorkerLost) > 0)
            await self.worker.start()
            await asyncio.sleep(self._randomness.uniform(0.0, SHORTLY))
            await self.worker.stop()
            await self._go_on(lines, count)

    async def _kill(self, lines: list[Line]) -> None:
        await self.worker.stop()
        for line in lines:
            line.killed_at = line.seconds
            line.entries += await line.reader.news()
            line.stood = line.stands()

    async def _go_on(self, lines: list[Line], count: Count) -> None:
        """Start another worker, and see the calls to their ends."""
        ends = [self._end(line, line.count(WorkerJoined), count) for line in lines]
        await self.worker.start()
        await asyncio.gather(*ends)
        for line in lines:
            count_words(line, count)

    async def _end(self, line: Line, joined: int, count: Count) -> None:
        count.runs += 1
        try:
            await self._see_through(line, joined, count)
        except (TimeoutError, AssertionError) as error:
            count.dropped.append(f"{line.state}: {str(error) or type(error).__name__}")
            await self._abandon(line)

    async def _abandon(self, line: Line) -> None:
        """Let the next round begin without this one's call."""
        line.call.hang_up()
        if (agent := self._agent(line.state)) is not None:
            await agent.send(Available(available=False))
            await agent.send(WrapUp(call=line.name, disposition="not_resolved"))

    async def _reach(self, line: Line) -> None:
        state = line.state
        if state == "with_bot":
            return
        if (agent := self._agent(state)) is not None:
            await agent.send(Available(available=True))
        line.press("0")
        if state == "nobody":
            await line.until_true(lambda: bool(line.hears("nobody")))
            return
        await line.until("waiting" if agent is None else "offered")
        if state == "callback":
            line.press("111")
            await line.until_true(lambda: bool(line.hears("callback_promised")))
        if state == "briefing" or state in TALKED:
            await self._agents_turn(line, Accept(call=line.name), "briefing")
        if state in TALKED:
            await self._agents_turn(line, SkipBrief(call=line.name), "bridged")
        if state == "held":
            await self._agents_turn(line, Hold(call=line.name), "held")
        if state in ("wrap_up", "survey", "survey_alone"):
            await self._agents_turn(line, HangUp(call=line.name), "wrap_up")
        if state == "wrap_up":
            line.press(NO_SURVEY)
            await line.until_true(line.running.done)
        if state == "survey_alone" and agent is not None:
            await agent.send(Available(available=False))
            await self._agents_turn(line, WrapUp(call=line.name, disposition="resolved"), "wrap_up")
            await line.until_true(lambda: line.count(WrappedUp) > 0)

    async def _ring(self, called: str, state: str) -> Line:
        there = self._unstaffed if state == "nobody" else self._there
        caller = RecordedCaller(audio=bytes([0x2A]) * FRAME_BYTES)
        call = there.carrier.place(caller, there.house.voice_url, to_number=called, patience=_PATIENCE)
        running = asyncio.create_task(call.run())
        line = Line(state, call, running, JournalReader(there.house.journal, call.sid))
        await line.until_true(lambda: line.count(WorkerJoined) > 0)
        await asyncio.sleep(_SETTLE)
        return line

    async def _agents_turn(
        self, line: Line, does: Accept | SkipBrief | Hold | HangUp | WrapUp, then: str
    ) -> None:
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
        assert line.stood == STANDS.get(line.state, line.state), f"stood at {line.stood} already"
        if line.state not in ENDING:
            await line.until_true(lambda: line.count(WorkerJoined) > joined)
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
            case "worker_awaited":
                await line.follow()
                assert line.stands() == "with_bot", line.stands()
            case "survey" | "survey_alone":
                line.press(SCORE)
                await line.until_true(lambda: line.count(Rated) > 0)
            case _:
                pass
        if line.state not in ENDING:
            assert not line.running.done(), "the line went down"
            await asyncio.sleep(_SETTLE)
            line.call.hang_up()
        result = await asyncio.wait_for(line.running, LIMIT)
        assert not result.errors, result.errors
        assert (result.verb is not None) == (line.state == "nobody"), result.ended
        if agent is not None:
            await agent.send(Available(available=False))
            if line.state != "survey_alone":
                await line.until("wrap_up")
                await agent.send(WrapUp(call=line.name, disposition="resolved"))
        await line.until("ended")

    async def _was_told(self, line: Line, count: Count) -> None:
        await asyncio.sleep(max(0.0, line.killed_at + TOLD_WITHIN - line.seconds))
        after = (t - line.killed_at for t in line.hears("one_moment"))
        told = [seconds for seconds in after if 0 <= seconds < TOLD_WITHIN]
        count.told += told[:1]
        count.untold += not told
