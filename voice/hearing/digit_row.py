"""Digits in a row, told apart by their sound: where one ends, the next begins, and which each is. Pure.

Of all ways through the lattice of a clip the likeliest counts (dynamic programming). What lies on an edge is
told by a regression as in `short_answers`, which was taught rows: digits between others, and, as none, their
halves, two at once, other words and other sounds. So what is no row of digits has no likely way at all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voice.hearing.lattice import Edge, Lattice
from voice.hearing.short_answers import Words

_NEVER = 0.01
"""Least probability of a digit: one bad cut must not decide alone."""

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """Digits, as a clip may be read.

    Attributes:
        digits: which.
        likelihood: log probability.
    """

    digits: str
    likelihood: float

    @property
    def each(self) -> float:
        """Log probability a digit in the mean."""
        return self.likelihood / max(1, len(self.digits))


class DigitRow:
    """One clip.

    Args:
        lattice: of it.
        words: the language's digits in rows.
        most: how many digits there may be.
    """

    def __init__(self, lattice: Lattice, words: Words, most: int) -> None:
        self._lattice = lattice
        self._words = words
        self._most = most
        self._classes = [words.classes(digit) for digit in "0123456789"]

    def likelihood(self, digits: str) -> float:
        """Return the log probability of these digits, cut in their best way; -inf where they do not fit."""
        return self._way(digits)[1]

    def edges(self, digits: str) -> list[Edge] | None:
        """Return where each of these digits is most likely; None where they do not fit."""
        return self._way(digits)[0]

    def likeliest(self, count: int) -> Row | None:
        """Return the likeliest row of so many digits; None where it cannot be cut into as many."""
        top, digit = self._likeliest_on_each
        edges, likelihood = _best([top] * count)
        return None if edges is None else Row("".join(str(digit[edge]) for edge in edges), likelihood)

    @cached_property
    def best(self) -> Row | None:
        """The likeliest row of all; None where the clip cannot be cut."""
        rows = (self.likeliest(count) for count in range(1, self._most + 1))
        return max(filter(None, rows), key=lambda row: row.likelihood, default=None)

    @cached_property
    def _likeliest_on_each(self) -> tuple[Scores, NDArray[np.int64]]:
        """Between each two nodes, the log probability of the likeliest digit, and which it is."""
        return self._scores.max(axis=2), self._scores.argmax(axis=2)

    def _way(self, digits: str) -> tuple[list[Edge] | None, float]:
        return _best([self._scores[:, :, int(digit)] for digit in digits])

    @cached_property
    def _scores(self) -> Scores:
        """Log probabilities of each digit between each two nodes, (from, to, 10)."""
        size, edges = len(self._lattice.nodes), list(self._lattice.spans)
        scores = np.full((size, size, len(self._classes)), -math.inf)
        if edges:
            shares = self._words.probabilities(np.stack([self._lattice.features(edge) for edge in edges]))
            each = np.stack([shares[:, place].sum(axis=1) for place in self._classes], axis=1)
            low, high = np.array(edges).T
            scores[low, high] = np.log(np.maximum(each, _NEVER))
        return scores


def _best(steps: Sequence[Scores]) -> tuple[list[Edge] | None, float]:
    """Return the best way from the first node to the last; the n-th step has the scores of its n-th edge."""
    if not steps:
        return None, -math.inf
    best = np.full(len(steps[0]), -math.inf)
    best[0] = 0.0
    came: list[NDArray[np.int64]] = []
    for step in steps:
        paths = best[:, np.newaxis] + step
        came.append(paths.argmax(axis=0))
        best = paths.max(axis=0)
    likelihood = float(best[-1])
    if not math.isfinite(likelihood):
        return None, likelihood
    at, edges = len(best) - 1, []
    for origins in reversed(came):
        edges.append((int(origins[at]), at))
        at = int(origins[at])
    return edges[::-1], likelihood
