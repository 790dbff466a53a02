"""A turn cut into overlapping frames: level, spectrum and periodicity of each, whatever the gain."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.speech import CallerSpeech
from voice.percentiles import percentiles

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

RATE = 8_000
HOP_S = 0.01
_HOP = 80
WINDOW = 320
FFT = 512
"""A window and the longest lag of a pitch: what is further apart is never correlated."""
_FLOOR_DB = 60.0
SILENCE_DB = 28.0
"""A frame this far below the turn's loud frames is a pause."""


@dataclass(frozen=True, slots=True)
class Frames:
    """One row per 10 ms.

    Attributes:
        level: dB against the turn's loud frames (their 95th percentile is 0), -60 at the least.
        active: where there is sound that belongs to speech.
        power: power spectrum, (frames, 257), bins of 15.6 Hz.
        loud: energy of the turn's loud frames, which level and power are measured against.
    """

    level: Array
    active: NDArray[np.bool_]
    power: Floats
    loud: float = 1.0

    @property
    def seconds(self) -> float:
        """Return how much of the turn is speech rather than pause."""
        return float(self.active.sum()) * HOP_S


_NONE = Frames(np.zeros(0), np.zeros(0, dtype=bool), np.zeros((0, FFT // 2 + 1), dtype=np.float32))


def cut(speech: CallerSpeech) -> Frames:
    """Return the frames of a turn; none when it is shorter than one window or has no sound at all."""
    if len(speech.samples) < 2 * WINDOW or not np.any(speech.samples):
        return _NONE
    samples = _decimate(np.asarray(speech.samples, dtype=np.float32))
    samples = samples - samples.mean()
    pieces = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::_HOP]
    energy = np.einsum("ij,ij->i", pieces, pieces).astype(np.float64)
    loud = percentiles(energy, [95])[0] or float(energy.max())
    level = np.maximum(10 * np.log10(energy / loud + 1e-9), -_FLOOR_DB)
    spectrum = np.fft.rfft(pieces * (_window() / np.sqrt(loud * FFT)).astype(np.float32), FFT, axis=1)
    power = np.asarray(spectrum.real**2 + spectrum.imag**2, dtype=np.float32)
    return Frames(level, level > -SILENCE_DB, power, loud)


def joined(parts: Sequence[Frames]) -> Frames:
    """Return the frames of a turn's consecutive parts as one, against the loud frames of them all."""
    parts = [part for part in parts if len(part.level)]
    if len(parts) < 2:
        return parts[0] if parts else _NONE
    energy = np.concatenate([part.loud * 10 ** (part.level / 10) for part in parts])
    loud = percentiles(energy, [95])[0] or float(energy.max())
    level = np.maximum(10 * np.log10(energy / loud + 1e-9), -_FLOOR_DB)
    power = np.concatenate([part.power * np.float32(part.loud / loud) for part in parts])
    return Frames(level, level > -SILENCE_DB, power, loud)


def spans(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the (start, end) rows of each run of True, end exclusive."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return edges.reshape(-1, 2).astype(np.int64)


def _decimate(samples: Floats) -> Floats:
    """Halve the rate; a half-band filter first, for lines wider than a telephone's."""
    middle, others = _half_band()
    reach = len(others) - 1
    padded, count = np.pad(samples, reach), (len(samples) + 1) // 2
    between = padded[reach::2][:count]
    return np.convolve(padded[::2], others, mode="valid")[:count] + middle * between


@cache
def _half_band() -> tuple[np.float32, Floats]:
    """Return the middle tap and every other one beside it; those between are nothing."""
    n = np.arange(-15, 16)
    taps = np.sinc(n / 2) * np.hamming(31)
    taps = taps / taps.sum()
    return np.float32(taps[15]), taps[::2].astype(np.float32)


@cache
def _window() -> Array:
    return np.hanning(WINDOW + 2)[1:-1]


@cache
def periodicity_of(lags: tuple[float, ...]) -> Floats:
    """Return what makes a frame's autocorrelation of its power: (bins, lags), before it is divided by lag 0.

    It is that of the windowed frame, divided by the window's own, after Boersma (1993), "Accurate short-term
    analysis of the fundamental frequency".

    Args:
        lags: in samples; between two whole ones both are joined.
    """
    own = np.fft.irfft(np.abs(np.fft.rfft(_window(), FFT)) ** 2, FFT)
    whole = np.arange(int(max(lags)) + 2)
    waves = np.cos(2 * np.pi * np.outer(np.arange(FFT // 2 + 1), whole) / FFT) * (own[0] / own[whole])
    waves[1:-1] *= 2
    below = np.floor(lags).astype(np.int64)
    share = np.array(lags) - below
    joined = waves[:, below] * (1 - share) + waves[:, below + 1] * share
    return np.asarray(joined, dtype=np.float32)
