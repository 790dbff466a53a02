"""How fast a person is on the line: the switchboard alone, over real sockets, with a stand-in for the worker.

The switchboard runs in a process of its own, as `hookflash switchboard` does; the emulated carrier, an agent
without a screen and the stand-in worker measure from here. Speech models would add their own time to all of
it and are left out. The peer is the round trip of one such frame over a raw WebSocket to another process of
the same machine, measured in the same run: what nobody can be faster than.

- `trigger_to_ring_ms`: the worker's `takeover` sent -> the desk rings.
- `accept_to_audio_ms`: the desk's `accept` sent -> each has heard the other (20 ms frames; no spoken brief).
- `key_to_waiting_ms`: 0 pressed -> the call waits for a person (the carrier's next 20 ms step included).
"""

import asyncio
import random
from dataclasses import dataclass, field

from benchmarks import report
from benchmarks.house_stage import house_stage
from benchmarks.loopback import round_trips
from benchmarks.stand_in_worker import Joined, StandInWorker
from telephony.carriers.emulated_call import EmulatedCall
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.house import House
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from telephony.desk.protocol import Accept, CallOffered, CallWithdrawn
from telephony.legs.leg import FRAME_BYTES, FRAME_SECONDS
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import CallState

QUICK_CALLS, CALLS = 8, 40
FRAMES = 300
LIMIT = 10.0
SETTLE = 0.4
"""Seconds between one thing and the next, so that none is measured in the wake of another."""
CALLER_SAYS = bytes([0x2A]) * FRAME_BYTES
AGENT_SAYS = bytes([0x35]) * FRAME_BYTES


@dataclass
class _Stage:
    """Everybody who takes part."""

    clock: Clock
    carrier: CarrierEmulator
    worker: StandInWorker
    agent: HeadlessAgent
    house: House
    randomness: random.Random = field(default_factory=lambda: random.Random(7))
    """Spreads the keys over the carrier's steps."""
    ring: list[float] = field(default_factory=list)
    audio: list[float] = field(default_factory=list)
    key: list[float] = field(default_factory=list)


async def measure(quick: bool) -> report.Figures:
    """Return the medians, the peer's, and their ratios."""
    clock = LoopClock()
    floor = await round_trips(FRAMES)
    conduct = Conduct(accept_after=None, skip_brief_after=0.0, speech=AGENT_SAYS * 500, speak_after=0.0)
    async with (
        StandInWorker(clock).listening() as worker,
        house_stage(clock, worker.url) as there,
        there.agent("Robin", await there.sign_up("Robin"), conduct) as agent,
    ):
        stage = _Stage(clock, there.carrier, worker, agent, there.house)
        for _ in range(QUICK_CALLS if quick else CALLS):
            await _one_call(stage, by_key=False)
            await _one_call(stage, by_key=True)
    peer = report.middle_ms(floor)
    figures = {
        "trigger_to_ring_ms": report.middle_ms(stage.ring),
        "accept_to_audio_ms": report.middle_ms(stage.audio),
        "key_to_waiting_ms": report.middle_ms(stage.key),
    }
    ratios = {name.replace("_ms", "_to_loopback"): round(value / peer, 1) for name, value in figures.items()}
    return {"calls": len(stage.ring) + len(stage.key), **figures, "loopback_round_trip_ms": peer, **ratios}


async def _one_call(stage: _Stage, *, by_key: bool) -> None:
    heard: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def listen(_: float, __: bytes, frame: bytes) -> None:
        if AGENT_SAYS[: FRAME_BYTES // 2] in frame and not heard.done():
            heard.set_result(stage.clock.now())

    caller = RecordedCaller(audio=CALLER_SAYS * 1000)
    call = stage.carrier.place(caller, stage.house.voice_url, listener=listen)
    ringing = asyncio.create_task(call.run())
    async with asyncio.timeout(LIMIT):
        joined = await stage.worker.calls.get()
        await asyncio.sleep(SETTLE + stage.randomness.uniform(0, FRAME_SECONDS))
        if by_key:
            await _press(stage, call, joined)
        else:
            began = await joined.take_over()
            stage.ring.append(await _noted(stage, CallOffered, joined.stream) - began)
        await _noted(stage, CallOffered, joined.stream)
        await asyncio.sleep(SETTLE)
        before = len(stage.agent.heard)
        accepted = stage.clock.now()
        await stage.agent.send(Accept(call=joined.stream))
        at_caller = await heard
        at_agent = await _agent_hears(stage, before)
        if not by_key:
            stage.audio.append(max(at_caller, at_agent) - accepted)
        call.hang_up()
        await ringing
        await _noted(stage, CallWithdrawn, joined.stream)
        await asyncio.sleep(SETTLE)


async def _press(stage: _Stage, call: EmulatedCall, joined: Joined) -> None:
    assert call.stream is not None
    began = stage.clock.now()
    call.stream.press("0")
    stage.key.append(await joined.stands(CallState.WAITING) - began)


async def _noted(stage: _Stage, kind: type[CallOffered] | type[CallWithdrawn], call: str) -> float:
    """Return when the desk was first told so of the call."""
    await stage.agent.wait_for(kind, lambda message: message.call == call, limit=LIMIT)
    return next(
        noted.t
        for noted in stage.agent.noted
        if isinstance(noted.message, kind) and noted.message.call == call
    )


async def _agent_hears(stage: _Stage, before: int) -> float:
    """Return when the agent first heard the caller, in a frame after the first `before`."""
    while True:
        for frame in list(stage.agent.heard)[before:]:
            if frame.state is CallState.BRIDGED and CALLER_SAYS[:8] in frame.mulaw:
                return frame.t
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    report.main("takeover", __doc__ or "", measure)
