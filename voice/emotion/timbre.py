"""How hard a voice is: tilt, balance of bands, cepstra and how they move, over the voiced frames of a turn.

Spectra are relative to their own sum, so that no change of volume moves them.
"""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.frames import FFT, RATE, Floats, Frames
from voice.percentiles import percentiles

Array = NDArray[np.float64]

_BANDS_HZ = (100, 300, 600, 1000, 1500, 2200, 2900, 3500)
_CEPSTRA = 12
_MEL_BANDS = 20

_TILT = [
    "tilt_mean",
    "tilt_std",
    "tilt_low",
    "alpha_mean",
    "alpha_std",
    "alpha_high",
    "hammarberg_mean",
    "hammarberg_std",
    "centroid_mean",
    "centroid_std",
    "flatness_mean",
    "flatness_std",
    "flux_mean",
    "flux_std",
    "level_tilt",
    "pitch_level",
]

NAMES: tuple[str, ...] = (
    *_TILT,
    *(f"band_{low}_mean" for low in _BANDS_HZ[:-1]),
    *(f"band_{low}_std" for low in _BANDS_HZ[:-1]),
    *(f"cepstrum_{n}_mean" for n in range(1, _CEPSTRA + 1)),
    *(f"cepstrum_{n}_std" for n in range(1, _CEPSTRA + 1)),
    *(f"cepstrum_{n}_movement" for n in range(1, _CEPSTRA + 1)),
)
"""What each column of `measure` is."""


def measure(frames: Frames, pitch: Array, voiced: NDArray[np.bool_]) -> Array:
    """Return the statistics in the order of `NAMES`.

    Args:
        frames: of one turn.
        pitch: of each, semitones.
        voiced: which of them are.
    """
    level = frames.level[voiced]
    bands, mel = np.split(frames.power[voiced] @ _filters(), [len(_BANDS_HZ) - 1], axis=1)
    total = bands.sum(axis=1, keepdims=True) + 1e-9
    share = 10 * np.log10(bands / total + 1e-4)
    log_mel = 10 * np.log10(mel / total + 1e-5)
    tilt = log_mel @ _tilting()
    low, high = bands[:, 1:3].sum(axis=1), bands[:, 3:].sum(axis=1)
    alpha = 10 * np.log10((high + 1e-7) / (low + 1e-7))
    split = int(np.searchsorted(_mel_centres(), 1600))
    hammarberg = log_mel[:, :split].max(axis=1) - log_mel[:, split:].max(axis=1)
    weight = mel / total + 1e-5
    centroid = weight @ _mel_centres() / weight.sum(axis=1) / 1000
    flatness = log_mel.mean(axis=1) - 10 * np.log10(weight.mean(axis=1))
    flux = np.abs(np.diff(log_mel, axis=0)).mean(axis=1) if len(log_mel) > 1 else np.zeros(1)
    cepstra = log_mel @ _cosines()
    movement = np.abs(np.diff(cepstra, axis=0)) if len(cepstra) > 1 else np.zeros((1, _CEPSTRA))
    return np.concatenate(
        (
            [tilt.mean(), tilt.std(), percentiles(tilt, [10])[0]],
            [alpha.mean(), alpha.std(), percentiles(alpha, [90])[0]],
            [hammarberg.mean(), hammarberg.std(), centroid.mean(), centroid.std()],
            [flatness.mean(), flatness.std(), flux.mean(), flux.std()],
            [_correlation(level, tilt), _correlation(level, pitch[voiced])],
            share.mean(axis=0),
            share.std(axis=0),
            cepstra.mean(axis=0),
            cepstra.std(axis=0),
            movement.mean(axis=0),
        )
    )


def _correlation(x: Array, y: Array) -> float:
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / (np.sqrt((x @ x) * (y @ y)) + 1e-9))


def _mel(hz: float) -> float:
    return 2595 * math.log10(1 + hz / 700)


@cache
def _edges() -> Array:
    mel = np.linspace(_mel(150.0), _mel(3700.0), _MEL_BANDS + 2)
    return np.asarray(700 * (10 ** (mel / 2595) - 1))


@cache
def _mel_centres() -> Floats:
    return _edges()[1:-1].astype(np.float32)


@cache
def _filters() -> Floats:
    """Return the plain bands (7) and the triangular mel bands (20) over the bins of a frame: (257, 27)."""
    hz = np.linspace(0, RATE / 2, FFT // 2 + 1)
    limits = np.array(_BANDS_HZ)
    bands = (hz >= limits[:-1, None]) & (hz < limits[1:, None])
    edges = _edges()[:, None]
    rise = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    mel = np.maximum(np.minimum(rise, fall), 0.0)
    return np.concatenate((bands, mel)).T.astype(np.float32)


@cache
def _tilting() -> Floats:
    """Return what makes dB an octave of a frame's mel bands."""
    octave = np.log2(_mel_centres())
    octave = octave - octave.mean()
    return np.asarray(octave / (octave @ octave), dtype=np.float32)


@cache
def _cosines() -> Floats:
    n = np.arange(1, _CEPSTRA + 1)
    waves = np.cos(np.pi * n * (np.arange(_MEL_BANDS) + 0.5)[:, None] / _MEL_BANDS) / _MEL_BANDS
    return np.asarray(waves, dtype=np.float32)
