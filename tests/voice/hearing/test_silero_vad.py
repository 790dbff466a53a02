import numpy as np
import pytest

from voice.hearing.vad import WINDOW, SileroVad


def hiss(seconds: float, level: float, seed: int = 3) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal(int(16_000 * seconds)) * level
    return noise.astype(np.float32)


def probabilities(vad: SileroVad, samples: np.ndarray) -> list[float]:
    windows = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return [vad.probability(window) for window in windows]


def test_silence_and_noise_are_no_speech() -> None:
    assert max(probabilities(SileroVad(), np.zeros(16_000, np.float32))) < 0.2
    assert max(probabilities(SileroVad(), hiss(1.0, 0.01))) < 0.35


def test_each_speaker_has_a_state_of_its_own() -> None:
    alone, busy, between = SileroVad(), SileroVad(), SileroVad()
    samples = hiss(0.5, 0.1)
    expected = probabilities(alone, samples)
    heard = []
    for window in samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW):
        between.probability(np.ones(WINDOW, np.float32))
        heard.append(busy.probability(window))
    assert heard == expected


def test_a_window_has_its_length() -> None:
    with pytest.raises(ValueError, match="512"):
        SileroVad().probability(np.zeros(160, np.float32))


def test_after_silence_a_voice_is_heard_as_at_first() -> None:
    vad, fresh, sound = SileroVad(), SileroVad(), hiss(0.5, 0.1)
    probabilities(vad, sound)
    quiet = probabilities(vad, np.zeros(16_000, np.float32))
    assert quiet[-1] == 0.0, "nothing on the line is no speech, and nobody needs to be asked"
    assert probabilities(vad, sound) == probabilities(fresh, sound)
