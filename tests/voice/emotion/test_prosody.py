import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.emotion.synthetic_voice import speak
from voice.emotion.frames import cut, spans
from voice.emotion.line_noise import snr
from voice.emotion.pitch import LOWEST_HZ, track
from voice.emotion.prosody import NAMES, measure
from voice.emotion.speech import CallerSpeech

COLUMN = {name: index for index, name in enumerate(NAMES)}


def of(speech: CallerSpeech, name: str) -> float:
    values = measure(speech)
    assert values is not None
    return float(values[COLUMN[name]])


def test_about_a_hundred_statistics_all_named_once() -> None:
    values = measure(speak())
    assert values is not None
    assert len(values) == len(NAMES) == len(set(NAMES))
    assert 95 <= len(NAMES) <= 115
    assert np.isfinite(values).all()


@settings(deadline=None, max_examples=25)
@given(st.floats(min_value=-15, max_value=15), st.integers(min_value=0, max_value=5))
def test_no_gain_moves_anything(gain_db: float, seed: int) -> None:
    voice = speak(1.2, noise=0.01, seed=seed)
    louder = CallerSpeech((voice.samples * 10 ** (gain_db / 20)).astype(np.float32), 0.0, 1.2)
    before, after = measure(voice), measure(louder)
    assert before is not None
    assert after is not None
    np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-3)


def test_the_same_turn_gives_the_same_figures() -> None:
    np.testing.assert_array_equal(measure(speak(noise=0.02)), measure(speak(noise=0.02)))


@pytest.mark.parametrize("hertz", [80, 120, 220, 330, 440])
def test_pitch_is_found_though_the_line_cuts_the_fundamental(hertz: float) -> None:
    semitones, _ = track(cut(speak(pitch=hertz, swing=0.0)))
    assert LOWEST_HZ * 2 ** (np.nanmedian(semitones) / 12) == pytest.approx(hertz, rel=0.02)


def test_noise_has_no_pitch() -> None:
    hiss = np.random.default_rng(1).standard_normal(32_000).astype(np.float32) * 0.1
    semitones, _ = track(cut(CallerSpeech(hiss, 0, 2)))
    assert np.isnan(semitones).mean() > 0.9


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("pitch_mean", {"pitch": 180}),
        ("pitch_range", {"swing": 0.3}),
        ("syllable_rate", {"rate": 6}),
        ("tilt_mean", {"tilt": 0.3}),
        ("alpha_mean", {"tilt": 0.3}),
    ],
)
def test_what_is_done_to_a_voice_moves_its_statistic_up(name: str, changed: dict[str, float]) -> None:
    assert of(speak(**changed), name) > of(speak(), name)  # type: ignore[arg-type]  # one float each


def test_too_short_says_nothing() -> None:
    assert measure(speak(0.55, rate=0.5)) is None
    assert measure(speak(0.8, rate=0.5)) is not None


@pytest.mark.parametrize("samples", [0, 1, 300, 16_000])
def test_silence_says_nothing(samples: int) -> None:
    assert measure(CallerSpeech(np.zeros(samples, dtype=np.float32), 0, samples / 16_000)) is None


def test_noise_under_a_voice_shows() -> None:
    assert snr(cut(speak(noise=0.2))) < snr(cut(speak(noise=0.001))) - 10


def test_runs_of_true() -> None:
    assert spans(np.array([True, True, False, True])).tolist() == [[0, 2], [3, 4]]
    assert spans(np.zeros(0, dtype=bool)).tolist() == []
