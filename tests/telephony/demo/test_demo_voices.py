import wave

import numpy as np

from audio_fixtures.script import AGENTS, CALLS
from telephony.carriers.emulated_call import CallResult
from telephony.carriers.emulated_stream import Heard
from telephony.demo.performance import Performed, voices
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent, HeardFrame
from telephony.legs.leg import FRAME_BYTES, FRAME_SECONDS
from telephony.legs.mulaw import SAMPLE_RATE, encode
from voice.journal.clock import LoopClock
from voice.journal.events import CallState

BRIDGED = 45.0
"""The caller's words for a person begin after that."""
SPEAK_AFTER = 0.5


def mulaw(path: str) -> bytes:
    with wave.open(path, "rb") as file:
        return encode(np.frombuffer(file.readframes(file.getnframes()), np.int16))


CALLER = mulaw(str(CALLS / "angry_refund.wav"))
AGENT = mulaw(str(AGENTS / "angry_refund.wav"))


def performed(heard: bytes, begin: float = BRIDGED + SPEAK_AFTER) -> Performed:
    """Return a call on which the caller heard that from that second on."""
    frames = (heard[at : at + FRAME_BYTES] for at in range(0, len(heard), FRAME_BYTES))
    result = CallResult(
        call="CA1",
        ended="the caller hung up",
        verb=None,
        seconds=len(CALLER) / SAMPLE_RATE,
        heard=tuple(Heard(begin + place * FRAME_SECONDS, frame) for place, frame in enumerate(frames)),
        spoken=CALLER,
        marks=(),
        close_code=1000,
        close_reason="",
        errors=(),
    )
    return Performed(result, ())


def agent(heard: bytes, state: CallState) -> HeadlessAgent:
    robin = HeadlessAgent(
        "http://nowhere", LoopClock(), conduct=Conduct(speech=AGENT, speak_after=SPEAK_AFTER)
    )
    for at in range(0, len(heard), FRAME_BYTES):
        robin.heard.append(HeardFrame(0.0, heard[at : at + FRAME_BYTES], state))
    return robin


AFTER_BRIDGE = CALLER[round(BRIDGED * SAMPLE_RATE) :]


async def test_both_voices_are_found_where_both_arrived() -> None:
    to_agent, to_caller = voices(performed(AGENT), agent(AFTER_BRIDGE, CallState.BRIDGED), BRIDGED)
    assert to_agent.arrived
    assert to_caller.arrived


async def test_each_direction_is_judged_by_itself() -> None:
    to_agent, to_caller = voices(performed(CALLER), agent(AFTER_BRIDGE, CallState.BRIDGED), BRIDGED)
    assert (to_agent.arrived, to_caller.arrived) == (True, False)
    to_agent, to_caller = voices(performed(AGENT), agent(AGENT, CallState.BRIDGED), BRIDGED)
    assert (to_agent.arrived, to_caller.arrived) == (False, True)


async def test_what_the_agent_hears_before_the_bridge_does_not_count() -> None:
    to_agent, _ = voices(performed(AGENT), agent(AFTER_BRIDGE, CallState.BRIEFING), BRIDGED)
    assert not to_agent.arrived


async def test_an_agent_cut_off_by_the_end_of_the_call_has_still_arrived() -> None:
    late = len(CALLER) / SAMPLE_RATE - 6.0
    to_agent, to_caller = voices(
        performed(AGENT[: round(5.5 * SAMPLE_RATE)], late + SPEAK_AFTER),
        agent(CALLER[round(late * SAMPLE_RATE) :], CallState.BRIDGED),
        late,
    )
    assert to_caller.arrived
    assert to_agent.arrived


async def test_a_call_that_was_never_bridged_carried_nobodys_voice() -> None:
    to_agent, to_caller = voices(performed(AGENT), agent(AFTER_BRIDGE, CallState.BRIDGED), None)
    assert not to_agent.arrived
    assert not to_caller.arrived
