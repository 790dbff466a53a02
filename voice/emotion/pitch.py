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
    cost = _JUMP_COST * np.abs(np.arange(-_REACH, _REACH + 1))[:, None]
    scores = np.full((count, width + 2 * _REACH), -np.inf)
    near = np.lib.stride_tricks.sliding_window_view(scores, width, axis=1)
    """(frames, jumps, steps): the scores a frame's steps can be come from."""
    scores[0, _REACH:-_REACH] = voiced[0]
    begun, leaps = np.empty(count), np.full(count, -1, dtype=np.int64)
    score, score_unvoiced = voiced[0], float(unvoiced[0])
    for row in range(1, count):
        leap = int(score.argmax())
        ended = float(score[leap]) - _SWITCH_COST
        begun[row] = score_unvoiced - _SWITCH_COST
        score = np.maximum((near[row - 1] - cost).max(axis=0), begun[row]) + voiced[row]
        scores[row, _REACH:-_REACH] = score
        if ended > score_unvoiced:
            leaps[row], score_unvoiced = leap, ended
        score_unvoiced += float(unvoiced[row])
    path = np.empty(count, dtype=np.int64)
    last = int(score.argmax())
    state = last if score[last] > score_unvoiced else -1
    for row in range(count - 1, -1, -1):
        path[row] = state
        if row and state < 0:
            state = int(leaps[row])
        elif row:
            options = near[row - 1, :, state] - cost[:, 0]
            offset = int(options.argmax())
            state = -1 if begun[row] > options[offset] else state + offset - _REACH
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
