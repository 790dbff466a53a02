"""Pitch by the best path through the autocorrelation: fundamentals a telephone cuts off are still found.

The path is found by dynamic programming over each frame's strongest peaks, so that single frames cannot jump
an octave.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.frames import FFT, RATE, Floats, Frames, periodicity_of

Array = NDArray[np.float64]

LOWEST_HZ = 65.0
_STEPS_PER_SEMITONE = 2
_SEMITONES = 35
_CANDIDATES = 5
"""Peaks of a frame that the path may pass through, beside having no pitch."""
_UNVOICED_STRENGTH = 0.45
_SWITCH_COST = 0.14
_JUMP_COST = 0.07
"""A semitone."""
_HIGH_PITCH_BONUS = 0.01
_QUIET_DB = 22.0
_NOTHING = 1e-9 * FFT
"""Beside the power of a frame that is silent."""


def track(frames: Frames) -> tuple[Array, Array]:
    """Return pitch (semitones above 65 Hz, NaN where unvoiced) and periodicity (0..1) of every frame."""
    count = len(frames.level)
    if count == 0:
        return np.zeros(0), np.zeros(0)
    pitch, correlating = _grid()
    correlation = frames.power @ correlating
    strength = np.clip(correlation[:, 1:] / (correlation[:, :1] + np.float32(_NOTHING)), 0.0, 1.0)
    chosen, worth = _peaks(strength + _HIGH_PITCH_BONUS / 12 * pitch)
    semitones = pitch[chosen] + _refinement(strength, chosen)
    quiet = np.clip((-_QUIET_DB - frames.level) / 10, 0.0, 1.0)
    unvoiced = np.full((count, 1), np.nan, dtype=np.float32)
    states = np.concatenate((unvoiced, semitones), axis=1)
    worths = np.concatenate((_UNVOICED_STRENGTH + quiet[:, None], worth), axis=1)
    path = _best_path(states, worths.astype(np.float32))
    found = states[np.arange(count), path].astype(np.float64)
    return found, strength.max(axis=1).astype(np.float64)


def _peaks(curves: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return each row's highest peaks, as columns and as heights; -inf where there are fewer."""
    inner = curves[:, 1:-1]
    rising = curves[:, 1:] > curves[:, :-1]
    heights = np.where(rising[:, :-1] & ~rising[:, 1:], inner, np.float32(-np.inf))
    columns = np.argpartition(heights, -_CANDIDATES, axis=1)[:, -_CANDIDATES:]
    return columns + 1, np.take_along_axis(heights, columns, axis=1)


def _best_path(states: Floats, worths: Floats) -> NDArray[np.int64]:
    """Return the column of each frame on the path of most worth; column 0 has no pitch."""
    change = _JUMP_COST * np.abs(states[1:, :, None] - states[:-1, None, :])
    change[:, 0, 1:] = change[:, 1:, 0] = _SWITCH_COST
    change[:, 0, 0] = 0.0
    score = worths[0].copy()
    for row, options in enumerate(change, start=1):
        np.subtract(score, options, out=options)
        np.maximum.reduce(options, axis=1, out=score)
        score += worths[row]
    come = change.argmax(axis=2).tolist()
    path = [int(score.argmax())]
    for row in reversed(come):
        path.append(row[path[-1]])
    return np.array(path[::-1])


def _refinement(strength: Floats, chosen: NDArray[np.int64]) -> Floats:
    """Return the parabola's peak around each chosen step, in semitones, at most half a step away."""
    left, middle, right = (np.take_along_axis(strength, chosen + offset, axis=1) for offset in (-1, 0, 1))
    bend = np.minimum(left - 2 * middle + right, np.float32(-1e-6))
    steps = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    return np.asarray(steps / _STEPS_PER_SEMITONE, dtype=np.float32)


@cache
def _grid() -> tuple[Floats, Floats]:
    """Return the steps in semitones, and what makes lag 0 and the lag of each step of a frame's power."""
    steps = np.arange(_SEMITONES * _STEPS_PER_SEMITONE + 1)
    pitch = np.asarray(steps / _STEPS_PER_SEMITONE, dtype=np.float32)
    lags = RATE / (LOWEST_HZ * 2 ** (pitch.astype(np.float64) / 12))
    return pitch, periodicity_of((0.0, *lags.tolist()))
