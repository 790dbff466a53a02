import numpy as np
import pytest

from tests.voice.emotion.synthetic_voice import speak
from voice.emotion.encoder import Places, States
from voice.emotion.frames import cut, joined
from voice.emotion.model import LAYERS, PROSODY
from voice.emotion.prosody import NAMES, measure
from voice.emotion.speech import RATE, CallerSpeech
from voice.emotion.turn_voice import TurnVoice


class CountingEncoder:
    """Shows the level of 20 ms at a time, and counts the seconds it was asked for."""

    fingerprint = "counting"

    def __init__(self) -> None:
        self.seconds = 0.0

    def states(self, speech: CallerSpeech, places: Places) -> States:
        self.seconds += len(speech.samples) / RATE
        steps = len(speech.samples) // (RATE // 50)
        every = np.abs(speech.samples[: steps * (RATE // 50)]).reshape(steps, -1).astype(np.float32)
        return every[places, :4]


def test_heard_bit_by_bit_it_measures_the_same() -> None:
    whole = speak(5.3, noise=0.002)
    voice = TurnVoice(CountingEncoder())
    for seconds in (2.0, 3.1, 4.0, 5.0):
        voice.measure(whole.part(0, int(seconds * RATE)))
    bits, once = voice.measure(whole), TurnVoice(CountingEncoder()).measure(whole)
    assert bits.views is not None
    assert once.views is not None
    assert bits.views.keys() == once.views.keys() == {PROSODY, LAYERS}
    for name, values in once.views.items():
        assert np.array_equal(bits.views[name], values)


def test_a_turn_that_goes_on_is_not_measured_again() -> None:
    whole, encoder = speak(6.0), CountingEncoder()
    voice = TurnVoice(encoder)
    for seconds in (2, 4, 6):
        voice.measure(whole.part(0, seconds * RATE))
    voice.measure(whole)
    assert encoder.seconds == pytest.approx(6.0)


def test_another_turn_begins_anew() -> None:
    voice = TurnVoice()
    voice.measure(speak(2.0, pitch=120))
    later = speak(2.0, pitch=200, start=9.0)
    assert np.array_equal(voice.measure(later).views[PROSODY], TurnVoice().measure(later).views[PROSODY])  # type: ignore[index]  # there is enough speech


def test_parts_put_together_measure_nearly_what_the_whole_does() -> None:
    whole = speak(4.0, noise=0.002)
    pieces, at_once = TurnVoice().measure(whole).views, measure(whole)
    assert pieces is not None
    assert at_once is not None
    names = ("pitch_mean", "tilt_mean", "syllable_rate", "level_std")
    for name in names:
        column = NAMES.index(name)
        assert pieces[PROSODY][column] == pytest.approx(at_once[column], rel=0.1, abs=0.3)


def test_a_quiet_part_is_measured_against_the_loud_ones() -> None:
    quiet, loud = cut(speak(1.0, gain=0.001)), cut(speak(1.0, gain=0.1))
    both = joined([quiet, loud])
    assert both.level[: len(quiet.level)].max() < -30
    assert not both.active[: len(quiet.level)].any()


@pytest.mark.parametrize("seconds", [0.001, 0.02, 0.5])
def test_too_little_speech_measures_nothing(seconds: float) -> None:
    measures = TurnVoice().measure(speak(seconds))
    assert measures.views is None
    assert not measures.noisy
