"""How fast words lead to a person, and to help for one: `hookflash serve`, the real worker, real sockets.

Callers ask for a person in recorded words, spoken by the fixtures' voice with two vocal tracts, each on a
call of their own, once the greeting is over. On a last call an agent takes the caller at once, and the caller
asks them things, with seconds between.

- `asked_to_waiting_ms`: the last audible frame of the words sent -> the call waits for a person, by the
  journal's own hour; median, and the worst. `not_heard`: phrases that led to nobody within five seconds.
- `help_ms`: the last word -> an answer on the agent's screen; median, and the worst. `without_help`:
  questions that brought none within five seconds.
"""

import asyncio
import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from audio_fixtures import speech
from audio_fixtures.script import Manner, Speaker
from benchmarks import report
from benchmarks.asking_caller import clip
from benchmarks.house_stage import HouseStage, house_stage
from telephony.carriers.emulated_call import EmulatedCall
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.reader import JournalReader
from telephony.desk import protocol
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from telephony.legs import mulaw
from telephony.legs.leg import FRAME_BYTES
from voice.journal.clock import LoopClock
from voice.journal.events import CallState, StateChanged, Suggested

PHRASES = (
    "Agent!",
    "A real person, please.",
    "Can I talk to a human?",
    "I would like to speak to somebody.",
    "Put me through to a colleague.",
    "Operator.",
)
SPEAKERS = (Speaker(), Speaker(size=0.88))
QUESTIONS = (("calm_contained", 0), ("calm_contained", 2), ("asks_refund", 0))
QUICK_PHRASES = 6
GREETED = 6.0
"""Seconds after which the greeting is over."""
LIMIT = 5.0
AUDIBLE = -45.0
BETWEEN = 4.0


def spoken(text: str, speaker: Speaker) -> bytes:
    """Return a phrase in 8 kHz mu-law, cut behind its last audible frame. Blocks for a second."""
    audio = speech.speak(text, Manner(), speaker)
    return cut(mulaw.encode((np.clip(audio, -1.0, 1.0) * 32767).astype(np.int16)))


def cut(said: bytes) -> bytes:
    """Return speech without what is silent behind it."""
    frames = [said[at : at + FRAME_BYTES] for at in range(0, len(said), FRAME_BYTES)]
    last = max(place for place, frame in enumerate(frames) if mulaw.level_dbov(frame) > AUDIBLE)
    return b"".join(frames[: last + 1])


async def measure(quick: bool) -> report.Figures:
    """Return the figures."""
    phrases = [(text, speaker) for speaker in SPEAKERS for text in PHRASES]
    clips = [await asyncio.to_thread(spoken, *one) for one in (phrases[:QUICK_PHRASES] if quick else phrases)]
    async with house_stage(LoopClock(), None, {"HOOKFLASH_RECORD": "false"}) as stage:
        waiting = [await asked(stage, said) for said in clips]
        helped = await help_for_agent(stage)
    return {
        "phrases": len(waiting),
        **_figures("asked_to_waiting", waiting, "not_heard"),
        "questions": len(helped),
        **_figures("help", helped, "without_help"),
    }


def _figures(name: str, seconds: Sequence[float], missing: str) -> dict[str, float | int]:
    came = [one for one in seconds if math.isfinite(one)] or [math.inf]
    return {
        f"{name}_ms": round(median(came) * 1000),
        f"{name}_worst_ms": round(max(came) * 1000),
        missing: sum(not math.isfinite(one) for one in seconds),
    }


async def asked(stage: HouseStage, said: bytes) -> float:
    """Return the seconds from the end of the words until the call waits; infinite: it does not."""
    call, ringing = _ring(stage)
    await asyncio.sleep(GREETED)
    assert call.stream is not None
    call.stream.say(said)
    ended = stage.clock.utc().timestamp() + len(said) / mulaw.SAMPLE_RATE
    await asyncio.sleep(len(said) / mulaw.SAMPLE_RATE + LIMIT)
    call.hang_up()
    await ringing
    for entry in await JournalReader(stage.house.journal, call.sid).news():
        if isinstance(entry.event, StateChanged) and entry.event.after is CallState.WAITING:
            return entry.at.timestamp() - ended
    return math.inf


async def help_for_agent(stage: HouseStage) -> list[float]:
    """Return for each question the seconds from its last word until help stood on the screen."""
    conduct = Conduct(accept_after=0.0, skip_brief_after=0.0)
    async with stage.agent("Robin", await stage.sign_up("Robin"), conduct) as agent:
        call, ringing = _ring(stage)
        await asyncio.sleep(GREETED)
        assert call.stream is not None
        call.stream.press("0")
        await agent.wait_for_state(CallState.BRIDGED)
        await asyncio.sleep(BETWEEN)
        waits = [await _helped(stage, call, agent, clip(*question)) for question in QUESTIONS]
        call.hang_up()
        await ringing
    return waits


async def _helped(stage: HouseStage, call: EmulatedCall, agent: HeadlessAgent, question: bytes) -> float:
    said, before = cut(question), len(agent.noted)
    assert call.stream is not None
    call.stream.say(said)
    ended = stage.clock.now() + len(said) / mulaw.SAMPLE_RATE
    await asyncio.sleep(len(said) / mulaw.SAMPLE_RATE + LIMIT)
    for noted in agent.noted[before:]:
        line = noted.message
        if isinstance(line, protocol.JournalLine) and isinstance(line.entry.event, Suggested):
            return noted.t - ended
    return math.inf


def _ring(stage: HouseStage) -> tuple[EmulatedCall, asyncio.Task[object]]:
    caller = RecordedCaller(audio=b"", number="+4740000001")
    call = stage.carrier.place(caller, stage.house.voice_url, patience=300.0)
    return call, asyncio.create_task(call.run())


if __name__ == "__main__":
    report.main("spoken_takeover", __doc__ or "", measure)
