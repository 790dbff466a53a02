"""How something was said: about a hundred statistics of a turn that no change of volume can move.

Telephones differ in level and rooms in noise, so nothing here is absolute loudness: levels are relative to
the turn's own loud frames, spectra to their own sum. Each statistic is in the unit its group names.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion import timbre
from voice.emotion.frames import HOP_S, Frames, cut, spans
from voice.emotion.pitch import track
from voice.emotion.speech import CallerSpeech
from voice.percentiles import percentiles

Array = NDArray[np.float64]

SHORTEST_S = 0.6
"""Less speech than this says nothing about a voice."""

_SYLLABLE_DIP_DB = 2.0

_PITCH = [
    "pitch_mean",
    "pitch_std",
    "pitch_low",
    "pitch_median",
    "pitch_high",
    "pitch_range",
    "pitch_quartiles",
    "pitch_slope",
    "pitch_movement",
    "pitch_movement_std",
    "pitch_rising",
    "pitch_roughness",
    "pitch_fall",
    "pitch_peak",
]
_VOICING = [
    "voiced",
    "periodicity",
    "periodicity_std",
    "periodicity_low",
    "voiced_rate",
    "voiced_length",
    "voiced_longest",
]
_RATE = ["syllable_rate", "syllable_spread", "modulation_slow", "modulation_mid", "modulation_fast"]
_PAUSES = ["pause_share", "pause_rate", "pause_mean"]
_LEVEL = [
    "level_std",
    "level_upper",
    "level_lower",
    "level_movement",
    "attack",
    "attack_high",
    "decay_high",
    "level_skew",
    "level_voiced",
    "level_slope",
]
NAMES: tuple[str, ...] = (
    *_PITCH,
    *_VOICING,
    *_RATE,
    *_PAUSES,
    *_LEVEL,
    *timbre.NAMES,
)
"""What each column of `measure` is."""


def measure(speech: CallerSpeech) -> Array | None:
    """Return the statistics in the order of `NAMES`, or None under 0.6 s of speech or without a pitch."""
    frames = cut(speech)
    return statistics(frames) if frames.seconds >= SHORTEST_S else None


def statistics(frames: Frames, tracked: tuple[Array, Array] | None = None) -> Array | None:
    """Return the statistics of frames already cut; None where fewer than ten of them are voiced.

    Args:
        frames: of one turn.
        tracked: their pitch and periodicity, as `voice.emotion.pitch.track` gives them, where known already.
    """
    pitch, periodicity = tracked or track(frames)
    voiced = ~np.isnan(pitch) & frames.active
    if voiced.sum() < 10:
        return None
    return np.concatenate(
        (
            _pitch(pitch, voiced),
            _voicing(periodicity, voiced, frames),
            _rate(frames),
            _pauses(frames),
            _level(frames, voiced),
            timbre.measure(frames, pitch, voiced),
        )
    )


def _pitch(pitch: Array, voiced: NDArray[np.bool_]) -> Array:
    known = pitch[voiced]
    at: Array = np.flatnonzero(voiced).astype(np.float64) * HOP_S
    low, quarter, median, three_quarters, high, peak = percentiles(known, [10, 25, 50, 75, 90, 98])
    together = voiced[1:] & voiced[:-1]
    movement = np.diff(pitch)[together] / HOP_S
    movement = np.clip(movement, -200, 200) if len(movement) else np.zeros(1)
    bend = np.abs(np.diff(known, 2))
    last = known[-max(len(known) // 4, 1) :]
    return np.array(
        [
            known.mean(),
            known.std(),
            low,
            median,
            high,
            high - low,
            three_quarters - quarter,
            _slope(at, known),
            np.abs(movement).mean(),
            movement.std(),
            (movement > 5).mean(),
            np.median(bend) if len(bend) else 0.0,
            last.mean() - known.mean(),
            peak - median,
        ]
    )


def _voicing(periodicity: Array, voiced: NDArray[np.bool_], frames: Frames) -> Array:
    strength = periodicity[voiced]
    lengths = np.diff(spans(voiced), axis=1).ravel() * HOP_S
    return np.array(
        [
            voiced.sum() / frames.active.sum(),
            strength.mean(),
            strength.std(),
            percentiles(strength, [10])[0],
            len(lengths) / frames.seconds,
            lengths.mean(),
            lengths.max(),
        ]
    )


def _rate(frames: Frames) -> Array:
    """Return syllable-like peaks a second and how the level's modulation is shared among its speeds."""
    envelope = np.convolve(frames.level, _smoothing(), mode="same")
    peaks = _syllables(envelope, frames.active)
    gaps = np.diff(peaks) * HOP_S
    spread = gaps.std() if len(gaps) > 1 else 0.0
    centred = frames.level - frames.level.mean()
    power = np.abs(np.fft.rfft(centred * np.hanning(len(centred)))) ** 2
    speed = np.fft.rfftfreq(len(centred), HOP_S)
    total = power[(speed >= 1) & (speed < 24)].sum() + 1e-9
    shares = [power[(speed >= low) & (speed < high)].sum() / total for low, high in ((1, 4), (4, 9), (9, 24))]
    return np.array([len(peaks) / frames.seconds, spread, *shares])


@cache
def _smoothing() -> Array:
    window = np.hanning(9)
    return np.asarray(window[1:-1] / window.sum())


def _syllables(envelope: Array, active: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows of level peaks with a dip of 2 dB between neighbours."""
    inner = envelope[1:-1]
    rows = np.flatnonzero((inner >= envelope[:-2]) & (inner > envelope[2:]) & active[1:-1]) + 1
    kept: list[int] = []
    for row in rows.tolist():
        if kept:
            dip = envelope[kept[-1] : row].min()
            if min(envelope[kept[-1]], envelope[row]) - dip < _SYLLABLE_DIP_DB:
                if envelope[row] > envelope[kept[-1]]:
                    kept[-1] = row
                continue
        kept.append(row)
    return np.array(kept, dtype=np.int64)


def _pauses(frames: Frames) -> Array:
    """Return the share of inner pauses of 150 ms and more, how many a second, and their mean length."""
    inside = np.flatnonzero(frames.active)
    between = ~frames.active[inside[0] : inside[-1] + 1]
    lengths = np.diff(spans(between), axis=1).ravel() * HOP_S
    lengths = lengths[lengths >= 0.15]
    whole = len(between) * HOP_S
    return np.array([lengths.sum() / whole, len(lengths) / whole, lengths.mean() if len(lengths) else 0.0])


def _level(frames: Frames, voiced: NDArray[np.bool_]) -> Array:
    level = frames.level[frames.active]
    upper, median, lower = percentiles(level, [90, 50, 10])
    rise = (frames.level[3:] - frames.level[:-3]) / (3 * HOP_S)
    rise = rise[frames.active[3:]] if frames.active[3:].any() else np.zeros(1)
    deviation = level - level.mean()
    spread = level.std() + 1e-9
    rest = frames.active & ~voiced
    at: Array = np.flatnonzero(frames.active).astype(np.float64) * HOP_S
    quickest, slowest = percentiles(rise, [95, 5])
    return np.array(
        [
            spread,
            upper - median,
            median - lower,
            np.abs(rise).mean(),
            np.maximum(rise, 0).mean(),
            quickest,
            -slowest,
            (deviation**3).mean() / spread**3,
            frames.level[voiced].mean() - (frames.level[rest].mean() if rest.any() else -20.0),
            _slope(at, level),
        ]
    )


def _slope(x: Array, y: Array) -> float:
    x = x - x.mean()
    return float(x @ y / (x @ x + 1e-9))
