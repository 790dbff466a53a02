"""Digits in a row, told apart by their sound: where one ends, the next begins, and which each is. Pure.

The row is cut where it is quiet for a moment; of all ways to cut it into so many words the likeliest counts
(dynamic programming over the regression of `short_answers`).
"""

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voice.hearing.short_answers import Floats, Words, features, levels, spoken

_SHORTEST, _LONGEST = 5, 60
"""Frames of 20 ms one digit lasts, with half of the pauses around it."""
_SMOOTH = 3
_NEAR = 3
"""Frames between two places to cut at."""
_NEVER = 0.01
"""Least probability of a digit: one bad cut must not decide alone."""
_SAMPLES = 320

Scores = NDArray[np.float64]


class DigitRow:
    """One clip.

    Args:
        frames: of the encoder, (frames, width).
        samples: the clip, 16 kHz.
        words: the language's.
    """

    def __init__(self, frames: Floats, samples: Floats, words: Words) -> None:
        self._frames = frames
        self._samples = samples
        self._words = words
        self._classes = [words.classes(digit) for digit in "0123456789"]
        self._cuts = _cuts(samples)

    def likelihood(self, digits: str) -> float:
        """Return the log probability of these digits, cut in their best way; -inf where they do not fit."""
        best = np.full(len(self._cuts), -math.inf)
        best[0] = 0.0
        for digit in digits:
            best = (best[:, np.newaxis] + self._scores[:, :, int(digit)]).max(axis=0)
        return float(best[-1])

    def likeliest(self, count: int) -> str | None:
        """Return the likeliest row of so many digits; None where it cannot be cut into as many."""
        top, digit = self._scores.max(axis=2), self._scores.argmax(axis=2)
        best = np.full(len(self._cuts), -math.inf)
        best[0] = 0.0
        back: list[NDArray[np.int64]] = []
        for _ in range(count):
            paths = best[:, np.newaxis] + top
            back.append(paths.argmax(axis=0))
            best = paths.max(axis=0)
        if not math.isfinite(best[-1]):
            return None
        at, row = len(self._cuts) - 1, ""
        for came_from in reversed(back):
            row = str(digit[came_from[at], at]) + row
            at = int(came_from[at])
        return row

    @cached_property
    def _scores(self) -> Scores:
        """Log probabilities of each digit between each two cuts, (from, to, 10)."""
        size = len(self._cuts)
        scores = np.full((size, size, len(self._classes)), -math.inf)
        pairs = [
            (low, high)
            for low in range(size)
            for high in range(low + 1, size)
            if _SHORTEST <= self._cuts[high] - self._cuts[low] <= _LONGEST
        ]
        if pairs:
            measured = np.stack([self._measured(self._cuts[low], self._cuts[high]) for low, high in pairs])
            shares = self._words.probabilities(measured)
            each = np.stack([shares[:, place].sum(axis=1) for place in self._classes], axis=1)
            for (low, high), row in zip(pairs, np.log(np.maximum(each, _NEVER)), strict=True):
                scores[low, high] = row
        return scores

    def _measured(self, low: int, high: int) -> Floats:
        first, last = spoken(self._samples[low * _SAMPLES : high * _SAMPLES])
        return features(self._frames, low + first, low + last)


def _cuts(samples: Floats) -> list[int]:
    """Return the frames at which a row may be cut: where it is quietest for a moment; and both its ends."""
    loudness = levels(samples)
    if not len(loudness):
        return [0]
    smooth = np.convolve(np.pad(loudness, _SMOOTH // 2, mode="edge"), np.ones(_SMOOTH) / _SMOOTH, "valid")
    cuts = [0]
    for at in range(1, len(smooth) - 1):
        around = smooth[max(0, at - _NEAR) : at + _NEAR + 1]
        if smooth[at] <= around.min() and at - cuts[-1] >= _NEAR:
            cuts.append(at)
    return [*cuts, len(loudness)]
