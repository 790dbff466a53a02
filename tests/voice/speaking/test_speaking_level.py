import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.speaking.level import ACTIVE_LEVEL, PEAK, levelled


def speech_like(level: float, seed: int = 0) -> np.ndarray:
    """Half a second of noise and half a second of nothing."""
    noise = np.random.default_rng(seed).standard_normal(4000) * level
    return np.concatenate([noise, np.zeros(4000)]).astype(np.float32)


@pytest.mark.parametrize("level", [0.001, 0.03, 0.9])
def test_active_speech_comes_to_one_level_and_pauses_do_not_count(level: float) -> None:
    samples = levelled(speech_like(level), 8000)
    active = 10 * np.log10((samples[:4000].astype(float) ** 2).mean())
    assert active == pytest.approx(ACTIVE_LEVEL, abs=0.5)


@given(st.floats(1e-4, 1.0), st.integers(0, 100), st.floats(1, 60))
def test_nothing_clips(level: float, seed: int, crest: float) -> None:
    samples = speech_like(level, seed)
    samples[100] = level * crest
    assert np.abs(levelled(samples, 8000)).max() <= PEAK * 1.0001


def test_silence_stays_silence() -> None:
    assert not levelled(np.zeros(800, np.float32), 8000).any()
    assert len(levelled(np.zeros(0, np.float32), 8000)) == 0
