"""Agents and callers who do everything at every moment, over real sockets: no desk may lose its duty.

The switchboard runs in a process of its own. Callers ring it through the emulated carrier, press keys,
hang up or have their network stall at any instant. Agents accept, decline, let it ring, hold, mute, invite,
listen in, hand on, give back, hang up and write, whether it is their turn or not; they send nonsense,
reconnect, lose their network, freeze, and are back within a moment. The worker loses links in between. Then
everybody comes to rest, and each agent alone must be rung for a fresh call and hear its caller.

- `desks_failed`: desks whose connection the switchboard ended for a fault of its own.
- `errors`: other faults in the switchboard's log.
- `not_rung`: agents who were not given a call at the end.
- `calls_left`: calls that had not ended a while after everybody was gone.
"""

import argparse
import asyncio
import contextlib
import json
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.house_stage import HouseStage, house_stage
from benchmarks.stand_in_worker import StandInWorker
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.desk import protocol
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent, HeadlessError
from telephony.legs import requests as ask
from telephony.legs.leg import FRAME_BYTES
from voice.journal.clock import LoopClock
from voice.journal.events import CallState

SECONDS = 120.0
AGENTS, CALLERS = 6, 5
SUPERVISORS = 2
PAUSE = 0.25
"""Seconds between two things an agent does, on average."""
CALL_SECONDS = 3.0
RING_SECONDS = 1.0
STALLS, STALL_SECONDS = 0.03, 8.0
"""How often a caller's network stands still, by keys pressed, and for how long on average."""
REST = 3.0
LIMIT = 10.0
_SAYS = bytes([0x2A]) * FRAME_BYTES
_NONSENSE = ("", "{", '{"type":"hold"}', '{"type":"no_such"}', '{"type":"mute","call":"x","muted":3}')
_FAULTS = ("ERROR", "Traceback")


@dataclass
class Soaked:
    """What the soak came to."""

    calls: int = 0
    desks: int = 0
    acts: int = 0
    desks_failed: int = 0
    errors: list[str] = field(default_factory=list)
    not_rung: list[str] = field(default_factory=list)
    calls_left: int = 0


class _Agent:
    """Somebody at a desk who does anything."""

    def __init__(self, stage: HouseStage, name: str, password: str, others: list[str], seed: int) -> None:
        self.name = name
        self._stage = stage
        self._password = password
        self._others = others
        self._draw = random.Random(seed)
        self._calls = ["nobody's"]

    async def live(self, soaked: Soaked) -> None:
        """Sit down, do things, and be gone in one way or another, again and again."""
        while True:
            soaked.desks += 1
            with contextlib.suppress(HeadlessError):
                async with self.at_desk(self._conduct()) as desk:
                    await self._work(desk, soaked)
                    await self._leave(desk)
            await asyncio.sleep(self._draw.uniform(0.0, 0.5))

    def at_desk(self, conduct: Conduct) -> HeadlessAgent:
        """Return this agent at a desk."""
        return self._stage.agent(self.name, self._password, conduct)

    def _conduct(self) -> Conduct:
        draw = self._draw
        accepts = draw.random() < 0.75
        return Conduct(
            accept_after=draw.uniform(0.0, 0.6) if accepts else None,
            decline_after=None if accepts or draw.random() < 0.4 else draw.uniform(0.0, 0.6),
            skip_brief_after=draw.uniform(0.0, 0.3) if draw.random() < 0.7 else None,
            speech=_SAYS * 50,
            hang_up_after=draw.uniform(0.1, 2.0) if draw.random() < 0.5 else None,
            vanish_after=draw.uniform(0.0, 2.0) if draw.random() < 0.15 else None,
            wraps_up=draw.random() < 0.7,
        )

    async def _work(self, desk: HeadlessAgent, soaked: Soaked) -> None:
        for _ in range(self._draw.randint(5, 60)):
            await asyncio.sleep(self._draw.expovariate(1 / PAUSE))
            if desk.closed is not None:
                return
            offered = [
                noted.message for noted in desk.noted if isinstance(noted.message, protocol.CallOffered)
            ]
            self._calls = [one.call for one in offered[-2:]] or self._calls
            soaked.acts += 1
            if self._draw.random() < 0.03:
                await desk.send_text(self._draw.choice(_NONSENSE))
            else:
                await desk.send(self._something(self._draw.choice(self._calls)))

    def _something(self, call: str) -> protocol.FromDeskMessage:
        other = self._draw.choice(self._others)
        choices: tuple[Callable[[], protocol.FromDeskMessage], ...] = (
            lambda: protocol.Accept(call=call),
            lambda: protocol.Decline(call=call, reason="busy"),
            lambda: protocol.SkipBrief(call=call),
            lambda: protocol.HangUp(call=call),
            lambda: protocol.WrapUp(call=call, disposition="resolved", summary="done"),
            lambda: protocol.Available(available=self._draw.random() < 0.8),
            lambda: ask.Hold(call=call),
            lambda: ask.Resume(call=call),
            lambda: ask.Mute(call=call, muted=self._draw.random() < 0.5),
            lambda: ask.SendKeys(call=call, digits="12#"),
            lambda: ask.NotePromise(call=call, text="I shall ring you."),
            lambda: ask.GiveBack(call=call, instruction="take the address"),
            lambda: ask.HandOn(call=call, agent=self._draw.choice((other, ""))),
            lambda: ask.Invite(call=call, agent=other),
            lambda: ask.Leave(call=call),
            lambda: ask.Supervise(call=call, role=self._draw.choice(("listen", "coach", "barge"))),
            lambda: ask.RingBack(call=call),
        )
        return self._draw.choice(choices)()

    async def _leave(self, desk: HeadlessAgent) -> None:
        match self._draw.randrange(4):
            case 0:
                await desk.vanish()
            case 1:
                desk.freeze()
                await asyncio.sleep(self._draw.uniform(0.5, 6.0))
            case 2:
                with contextlib.suppress(HeadlessError):
                    async with self.at_desk(self._conduct()):
                        await asyncio.sleep(self._draw.uniform(0.0, 1.0))
            case _:
                pass


async def _callers(stage: HouseStage, seed: int, soaked: Soaked) -> None:
    draw = random.Random(seed)
    while True:
        soaked.calls += 1
        caller = RecordedCaller(audio=_SAYS * 500)
        call = stage.carrier.place(caller, stage.house.voice_url, patience=60.0)
        running = asyncio.create_task(call.run())
        try:
            await asyncio.sleep(draw.uniform(0.05, 0.5))
            ends = stage.clock.now() + draw.expovariate(1 / CALL_SECONDS)
            while stage.clock.now() < ends and not running.done():
                if call.stream is not None:
                    call.stream.press(draw.choice("0000123#"))
                    if draw.random() < STALLS:
                        call.stream.stall(length := draw.expovariate(1 / STALL_SECONDS))
                        ends += length
                await asyncio.sleep(draw.expovariate(1 / 0.7))
            call.hang_up()
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _worker(worker: StandInWorker, seed: int) -> None:
    """Take calls, talk a little, ask for a person, and lose a link now and then."""
    draw = random.Random(seed)
    while True:
        joined = await worker.calls.get()
        with contextlib.suppress(Exception):
            if draw.random() < 0.3:
                await joined.take_over()
            if draw.random() < 0.1:
                joined.drop()


async def _rung_at_the_end(stage: HouseStage, agent: _Agent) -> bool:
    """Return whether the agent, alone on duty, is given a call."""
    conduct = Conduct(accept_after=0.0, skip_brief_after=0.0, speech=_SAYS * 50)
    call = stage.carrier.place(RecordedCaller(audio=_SAYS * 500), stage.house.voice_url, patience=60.0)
    try:
        async with agent.at_desk(conduct) as desk:
            running = asyncio.create_task(call.run())
            await asyncio.sleep(0.5)
            if call.stream is not None:
                call.stream.press("0")
            await desk.wait_for_state(CallState.BRIDGED, limit=LIMIT)
            await asyncio.sleep(0.5)
            heard = any(frame.mulaw[:8] == _SAYS[:8] for frame in desk.heard)
            call.hang_up()
            await running
            await asyncio.sleep(0.3)
            return heard
    except (HeadlessError, TimeoutError):
        return False


async def soak(seconds: float, seed: int = 1) -> Soaked:
    """Return what so many seconds came to."""
    clock = LoopClock()
    soaked = Soaked()
    names = [f"agent{number}" for number in range(AGENTS)]
    environment = {"HOOKFLASH_RING": str(RING_SECONDS), "HOOKFLASH_RECORD": "false", "HOOKFLASH_WRAP_UP": "5"}
    worker_side = StandInWorker(clock)
    async with worker_side.listening() as worker, house_stage(clock, worker.url, environment) as stage:
        agents = [
            _Agent(
                stage, name, await stage.sign_up(name, supervisor=number < SUPERVISORS), names, seed + number
            )
            for number, name in enumerate(names)
        ]
        work = [
            asyncio.create_task(one)
            for one in (
                *(agent.live(soaked) for agent in agents),
                *(_callers(stage, 100 * seed + number, soaked) for number in range(CALLERS)),
                _worker(worker, seed),
            )
        ]
        done, _ = await asyncio.wait(work, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        for task in done:
            task.result()
        await asyncio.sleep(REST)
        for agent in agents:
            if not await _rung_at_the_end(stage, agent):
                soaked.not_rung.append(agent.name)
        soaked.calls_left = await asyncio.to_thread(_left, stage)
        log = (await asyncio.to_thread(stage.house.log.read_text)).splitlines()
        soaked.desks_failed = sum(" left: failed" in line for line in log)
        soaked.errors = [line for line in log if any(fault in line for fault in _FAULTS)]
        if soaked.errors:
            print("\n".join(log[-4000:]))
    return soaked


def _left(stage: HouseStage) -> int:
    with contextlib.closing(sqlite3.connect(stage.house.journal)) as db:
        begun, ended = (
            {call for (call,) in db.execute("SELECT call FROM entry WHERE kind = ?", (kind,))}
            for kind in ("call_started", "call_ended")
        )
    return len(begun - ended)


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk_soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    soaked = asyncio.run(soak(given.seconds, given.seed))
    print(
        json.dumps(
            {
                "benchmark": "desk_soak",
                "calls": soaked.calls,
                "desks": soaked.desks,
                "acts": soaked.acts,
                "desks_failed": soaked.desks_failed,
                "errors": len(soaked.errors),
                "not_rung": len(soaked.not_rung),
                "calls_left": soaked.calls_left,
            }
        )
    )


if __name__ == "__main__":
    _main()
