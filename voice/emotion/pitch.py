"""Pitch by the best path through the autocorrelation: fundamentals a telephone cuts off are still found.

Autocorrelation divided by the window's own, after Boersma (1993), "Accurate short-term analysis of the
fundamental frequency"; the path by dynamic programming, so that single frames cannot jump an octave.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.frames import RATE, Frames

Array = NDArray[np.float64]

LOWEST_HZ = 65.0
_STEPS_PER_SEMITONE = 2
_SEMITONES = 35
_UNVOICED_STRENGTH = 0.45
_SWITCH_COST = 0.14
_JUMP_COST = 0.035
_REACH = 8
_HIGH_PITCH_BONUS = 0.01
_QUIET_DB = 22.0


def track(frames: Frames) -> tuple[Array, Array]:
    """Return pitch (semitones above 65 Hz, NaN where unvoiced) and periodicity (0..1) of every frame."""
    count = len(frames.level)
    if count == 0:
        return np.zeros(0), np.zeros(0)
    below, share, pitch = _grid()
    correlation = frames.autocorrelation
    strength = correlation[:, below] * (1 - share) + correlation[:, below + 1] * share
    strength = np.clip(strength, 0.0, 1.0)
    quiet = np.clip((-_QUIET_DB - frames.level) / 10, 0.0, 1.0)
    voiced = strength + _HIGH_PITCH_BONUS * pitch / 12
    unvoiced = _UNVOICED_STRENGTH + quiet
    path = _best_path(voiced, unvoiced)
    rows = np.arange(count)
    is_voiced = path >= 0
    best = np.where(is_voiced, path, 0)
    semitones = np.where(is_voiced, pitch[best] + _refinement(strength, rows, best), np.nan)
    return semitones, strength.max(axis=1)


def _best_path(voiced: Array, unvoiced: Array) -> NDArray[np.int64]:
    """Return the grid step of each frame on the best path, -1 where unvoiced."""
    count, width = voiced.shape
    steps = np.arange(width)
    cost = _JUMP_COST * np.abs(np.arange(-_REACH, _REACH + 1))
    padded = np.full(width + 2 * _REACH, -np.inf)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * _REACH + 1)
    score, score_unvoiced = voiced[0].copy(), float(unvoiced[0])
    came_from = np.empty((count, width), dtype=np.int64)
    unvoiced_from = np.empty(count, dtype=np.int64)
    for row in range(1, count):
        padded[_REACH:-_REACH] = score
        options = near - cost
        offset = options.argmax(axis=1)
        best = options[steps, offset]
        leap = int(score.argmax())
        ended = float(score[leap]) - _SWITCH_COST
        begun = score_unvoiced - _SWITCH_COST
        came_from[row] = np.where(begun > best, -1, steps + offset - _REACH)
        unvoiced_from[row] = leap if ended > score_unvoiced else -1
        score = np.maximum(best, begun) + voiced[row]
        score_unvoiced = max(ended, score_unvoiced) + float(unvoiced[row])
    path = np.empty(count, dtype=np.int64)
    last = int(score.argmax())
    state = last if score[last] > score_unvoiced else -1
    for row in range(count - 1, -1, -1):
        path[row] = state
        state = int(came_from[row, state]) if state >= 0 else int(unvoiced_from[row])
    return path


def _refinement(strength: Array, rows: NDArray[np.int64], best: NDArray[np.int64]) -> Array:
    """Return the parabola's peak around each chosen step, in semitones, at most half a step away."""
    centre = np.clip(best, 1, strength.shape[1] - 2)
    left, middle, right = (strength[rows, centre + offset] for offset in (-1, 0, 1))
    bend = np.minimum(left - 2 * middle + right, -1e-6)
    shift = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    return np.where(centre == best, shift, 0.0) / _STEPS_PER_SEMITONE


@cache
def _grid() -> tuple[NDArray[np.int64], Array, Array]:
    """Return, for each pitch step, the lag below it, the share of the next lag, and its semitones."""
    pitch = np.arange(_SEMITONES * _STEPS_PER_SEMITONE + 1) / _STEPS_PER_SEMITONE
    lag = RATE / (LOWEST_HZ * 2 ** (pitch / 12))
    below = np.floor(lag).astype(np.int64)
    return below, lag - below, pitch
