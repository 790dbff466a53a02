import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing.resampling import DoublingResampler

DELAY = 15


def tone(hertz: float, rate: int, samples: int) -> np.ndarray:
    return 10_000 * np.sin(2 * np.pi * hertz * np.arange(samples) / rate)


@pytest.mark.parametrize("hertz", [150, 1000, 2500, 3000])
def test_a_tone_of_the_telephone_band_stays_as_it_was(hertz: float) -> None:
    doubled = DoublingResampler().double(np.rint(tone(hertz, 8000, 1600)).astype(np.int16))
    expected = tone(hertz, 16_000, 3200)
    error = doubled[200:].astype(float) - expected[200 - DELAY : -DELAY]
    assert np.abs(error).max() < 0.02 * 10_000


def test_nothing_is_mirrored_into_the_upper_band() -> None:
    doubled = DoublingResampler().double(np.rint(tone(2500, 8000, 1600)).astype(np.int16)).astype(float)
    spectrum = np.abs(np.fft.rfft(doubled[200:] * np.hanning(3000)))
    frequencies = np.fft.rfftfreq(3000, 1 / 16_000)
    assert spectrum[frequencies > 4500].max() < spectrum.max() / 300


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(0, 2**32 - 1))
def test_chunks_of_any_length_give_the_same_stream(lengths: list[int], seed: int) -> None:
    samples = np.random.default_rng(seed).integers(-32768, 32767, sum(lengths), dtype=np.int16)
    whole = DoublingResampler().double(samples)
    stream = DoublingResampler()
    parts = [stream.double(part) for part in np.split(samples, np.cumsum(lengths)[:-1])] if lengths else []
    joined = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)
    assert len(whole) == 2 * len(samples)
    assert np.abs(joined.astype(int) - whole).max(initial=0) <= 1


def test_full_scale_does_not_wrap_around() -> None:
    square = np.repeat(np.array([32767, -32768] * 20, dtype=np.int16), 20)
    doubled = DoublingResampler().double(square).astype(int)
    assert (doubled[DELAY:][:30] > 0).all()


async def test_as_the_serializers_call_it() -> None:
    resampler = DoublingResampler()
    pcm = np.full(160, 1000, dtype=np.int16).tobytes()
    assert len(await resampler.resample(pcm, 8000, 16_000)) == 2 * len(pcm)
    assert await resampler.resample(pcm, 8000, 8000) == pcm
    assert await resampler.resample(b"", 8000, 16_000) == b""
    with pytest.raises(ValueError, match="24000"):
        await resampler.resample(pcm, 8000, 24_000)


async def test_a_reset_forgets_the_stream() -> None:
    resampler = DoublingResampler()
    loud, silent = np.full(160, 20_000, dtype=np.int16), np.zeros(160, dtype=np.int16)
    resampler.double(loud)
    await resampler.reset()
    assert not resampler.double(silent).any()
