"""Pitch by the best path through the autocorrelation: fundamentals a telephone cuts off are still found.

The path is found by dynamic programming, so that single frames cannot jump an octave.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.frames import FFT, RATE, Frames, periodicity_of

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
_NOTHING = 1e-9 * FFT
"""Beside the power of a frame that is silent."""


def track(frames: Frames) -> tuple[Array, Array]:
    """Return pitch (semitones above 65 Hz, NaN where unvoiced) and periodicity (0..1) of every frame."""
    count = len(frames.level)
    if count == 0:
        return np.zeros(0), np.zeros(0)
    pitch, correlating = _grid()
    correlation = frames.power @ correlating
    strength = np.clip(correlation[:, 1:] / (correlation[:, :1] + _NOTHING), 0.0, 1.0)
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
    own = scores[:, _REACH:-_REACH]
    own[0] = voiced[0]
    begun, leaps = np.empty(count), np.full(count, -1, dtype=np.int64)
    score_unvoiced, still = float(unvoiced[0]), unvoiced.tolist()
    come = np.empty((2 * _REACH + 1, width))
    for row in range(1, count):
        before, score = own[row - 1], own[row]
        leap = int(before.argmax())
        ended = before.item(leap) - _SWITCH_COST
        begun[row] = start = score_unvoiced - _SWITCH_COST
        np.subtract(near[row - 1], cost, out=come)
        np.maximum.reduce(come, axis=0, out=score)
        np.maximum(score, start, out=score)
        score += voiced[row]
        if ended > score_unvoiced:
            leaps[row], score_unvoiced = leap, ended
        score_unvoiced += still[row]
    score = own[count - 1]
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
def _grid() -> tuple[Array, Array]:
    """Return the steps in semitones, and what makes lag 0 and the lag of each step of a frame's power."""
    pitch = np.arange(_SEMITONES * _STEPS_PER_SEMITONE + 1) / _STEPS_PER_SEMITONE
    lags = RATE / (LOWEST_HZ * 2 ** (pitch / 12))
    return pitch, periodicity_of((0.0, *lags.tolist()))
