"""A turn cut into overlapping frames: level, spectrum and periodicity of each, whatever the gain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.percentiles import percentiles
from voice.emotion.speech import CallerSpeech

Array = NDArray[np.float64]

RATE = 8_000
HOP_S = 0.01
_HOP = 80
_WINDOW = 320
_FFT = 640
_FLOOR_DB = 60.0
SILENCE_DB = 28.0
"""A frame this far below the turn's loud frames is a pause."""


@dataclass(frozen=True, slots=True)
class Frames:
    """One row per 10 ms.

    Attributes:
        level: dB against the turn's loud frames (their 95th percentile is 0), -60 at the least.
        active: where there is sound that belongs to speech.
        power: power spectrum, (frames, 321), bins of 12.5 Hz.
        autocorrelation: of the windowed frame, divided by that of the window, (frames, 161), 1 at lag 0.
        loud: energy of the turn's loud frames, which level and power are measured against.
    """

    level: Array
    active: NDArray[np.bool_]
    power: Array
    autocorrelation: Array
    loud: float = 1.0

    @property
    def seconds(self) -> float:
        """Return how much of the turn is speech rather than pause."""
        return float(self.active.sum()) * HOP_S

    def without_autocorrelation(self) -> "Frames":
        """Return the same without what only the pitch is found in."""
        return replace(self, autocorrelation=self.autocorrelation[:, :0])


_NONE = Frames(
    np.zeros(0), np.zeros(0, dtype=bool), np.zeros((0, _FFT // 2 + 1)), np.zeros((0, _WINDOW // 2 + 1))
)


def cut(speech: CallerSpeech) -> Frames:
    """Return the frames of a turn; none when it is shorter than one window or has no sound at all."""
    if len(speech.samples) < 2 * _WINDOW or not np.any(speech.samples):
        return _NONE
    samples = _decimate(speech.samples.astype(np.float64))
    samples = samples - samples.mean()
    pieces = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    energy = np.einsum("ij,ij->i", pieces, pieces)
    loud = percentiles(energy, [95])[0] or float(energy.max())
    level = np.maximum(10 * np.log10(energy / loud + 1e-9), -_FLOOR_DB)
    window, own = _window()
    spectrum = np.fft.rfft(pieces * window, _FFT, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2) / (loud * _FFT)
    correlation = np.fft.irfft(power, _FFT, axis=1)[:, : _WINDOW // 2 + 1]
    correlation = correlation / (correlation[:, :1] + 1e-9) / own[: _WINDOW // 2 + 1]
    return Frames(level, level > -SILENCE_DB, power, correlation, loud)


def joined(parts: Sequence[Frames]) -> Frames:
    """Return the frames of a turn's consecutive parts as one, against the loud frames of them all."""
    parts = [part for part in parts if len(part.level)]
    if len(parts) < 2:
        return parts[0] if parts else _NONE
    energy = np.concatenate([part.loud * 10 ** (part.level / 10) for part in parts])
    loud = percentiles(energy, [95])[0] or float(energy.max())
    level = np.maximum(10 * np.log10(energy / loud + 1e-9), -_FLOOR_DB)
    power = np.concatenate([part.power * (part.loud / loud) for part in parts])
    correlation = np.concatenate([part.autocorrelation for part in parts])
    return Frames(level, level > -SILENCE_DB, power, correlation, loud)


def spans(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the (start, end) rows of each run of True, end exclusive."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return edges.reshape(-1, 2).astype(np.int64)


def _decimate(samples: Array) -> Array:
    """Halve the rate; a half-band filter first, for lines wider than a telephone's."""
    taps = _half_band()
    padded = np.pad(samples, len(taps) // 2)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, len(taps))[::2] @ taps)


@cache
def _half_band() -> Array:
    n = np.arange(-15, 16)
    taps = np.sinc(n / 2) * np.hamming(31)
    return np.asarray(taps / taps.sum())


@cache
def _window() -> tuple[Array, Array]:
    """Return the analysis window and its autocorrelation, 1 at lag 0."""
    window = np.hanning(_WINDOW + 2)[1:-1]
    spectrum = np.abs(np.fft.rfft(window, _FFT)) ** 2
    own = np.fft.irfft(spectrum, _FFT)
    return window, own / own[0]
