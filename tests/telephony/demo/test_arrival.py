import json
import wave
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from audio_fixtures.script import CALLS
from telephony.demo.arrival import look_for
from telephony.legs.mulaw import SAMPLE_RATE, decode, encode, silence


@cache
def line(call: str, place: int) -> bytes:
    """Return one spoken line of a recorded call, with a second around it."""
    story = json.loads((CALLS / f"{call}.json").read_text())["lines"][place]
    with wave.open(str(CALLS / f"{call}.wav"), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    start, end = (round(story[key] * SAMPLE_RATE) for key in ("start", "end"))
    return encode(samples[start - SAMPLE_RATE : end + SAMPLE_RATE].astype(np.int16))


def noise(seconds: float, amplitude: int) -> NDArray[np.int16]:
    draw = np.random.default_rng(7).normal(0, amplitude, round(seconds * SAMPLE_RATE))
    return draw.astype(np.int16)


VOICE = line("angry_refund", -2)


def test_a_voice_that_arrived_is_found_with_its_delay() -> None:
    arrival = look_for(VOICE, silence(1.25) + VOICE + silence(3))
    assert arrival.arrived
    assert arrival.share == 1.0
    assert arrival.correlation > 0.99
    assert arrival.delay == pytest.approx(1.25, abs=0.001)


def test_noise_a_lost_frame_and_a_change_of_loudness_do_not_matter() -> None:
    received = decode(VOICE).astype(np.int32) // 3 + noise(len(VOICE) / SAMPLE_RATE, 60)
    received = np.delete(received, np.s_[9_000:9_160])
    assert look_for(VOICE, encode(received.astype(np.int16))).arrived


@pytest.mark.parametrize(
    "received",
    [
        b"",
        silence(10),
        encode(noise(10, 2000)),
        encode((8000 * np.sin(2 * np.pi * 425 * np.arange(80_000) / SAMPLE_RATE)).astype(np.int16)),
        line("angry_refund", 0) + line("angry_refund", 1) + line("angry_refund", 2),
        line("presses_zero", 0) + line("asks_for_person", 1) + line("calm_contained", 0),
        encode(np.ascontiguousarray(decode(VOICE)[::-1])),
    ],
    ids=["nothing", "silence", "noise", "hold tone", "same voice, other words", "other voices", "backwards"],
)
def test_anything_else_is_not_that_voice(received: bytes) -> None:
    arrival = look_for(VOICE, received)
    assert not arrival.arrived
    assert arrival.correlation < 0.5


def test_half_a_sentence_is_not_enough() -> None:
    assert not look_for(VOICE, VOICE[: len(VOICE) // 2] + silence(5)).arrived


def test_the_right_pieces_in_the_wrong_order_did_not_arrive() -> None:
    pieces = [VOICE[at : at + SAMPLE_RATE] for at in range(0, len(VOICE), SAMPLE_RATE)]
    assert not look_for(VOICE, b"".join(piece + silence(1) for piece in reversed(pieces))).arrived


def test_where_nobody_spoke_nothing_can_have_arrived() -> None:
    for quiet in (b"", silence(5), encode(noise(5, 20))):
        assert not look_for(quiet, VOICE).arrived
        assert not look_for(quiet, quiet).arrived
