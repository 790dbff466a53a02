"""A view of the voice: a turn's measurements, weighed as they are and against the caller's own calm.

An already furious caller has no calm turns, so the turn as it is must be able to fire alone; where there
is a baseline, the turn's difference from it is weighed beside it, and half of what the baseline itself
scores is taken off.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.emotion.logistic import Logistic

Array = NDArray[np.float64]

NamedArrays = dict[str, Array]

BASELINE_TURNS = 5
"""A caller's first turns that make the baseline."""
_OWN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class View:
    """Two regressions on the same measurements.

    Attributes:
        alone: on the turn as it is.
        beside: on the turn as it is, followed by its difference from the baseline.
        centre: what a typical calm and a typical angry turn score, averaged; taken off.
        spread: of the scores; divided by, so that views can be added.
    """

    alone: Logistic
    beside: Logistic
    centre: tuple[float, float]
    spread: tuple[float, float]

    def score(self, measured: Array, baseline: Array | None, turns: int) -> float:
        """Return how angry the turn sounds, in spreads above the middle.

        Args:
            measured: the turn.
            baseline: mean of the caller's calm turns, None before the first.
            turns: how many those are; with few, the turn alone counts for more.
        """
        alone = (float(self.alone.log_odds(measured)) - self.centre[0]) / self.spread[0]
        if baseline is None or turns == 0:
            return alone
        own = float(self.beside.log_odds(np.concatenate((baseline, np.zeros_like(baseline)))))
        raw = float(self.beside.log_odds(np.concatenate((measured, measured - baseline))))
        beside = (raw - _OWN_SHARE * own - self.centre[1]) / self.spread[1]
        share = _share(turns)
        return (1 - share) * alone + share * beside

    def gains(self, measured: Array, baseline: Array | None, turns: int) -> Array:
        """Return what each measurement adds to the score: in all, what it is above the caller's calm.

        Args:
            measured: the turn.
            baseline: mean of the caller's calm turns; None before the first, where the training voices stand
                in.
            turns: how many those are.
        """
        alone = self.alone.weights / self.alone.scale / self.spread[0]
        if baseline is None:
            return np.asarray(alone * (measured - self.alone.mean))
        raw, moved = np.split(self.beside.weights / self.beside.scale / self.spread[1], 2)
        share = _share(turns)
        return np.asarray(((1 - share) * alone + share * (raw + moved)) * (measured - baseline))


def _share(turns: int) -> float:
    """Return how much of a score is the turn's beside the baseline; the rest is the turn's alone."""
    return min(turns / BASELINE_TURNS, 1.0)


class Baseline:
    """Running mean of a caller's first calm turns, one vector a view."""

    def __init__(self) -> None:
        self.turns = 0
        self._sums: NamedArrays = {}

    def mean(self, view: str) -> Array | None:
        """Return the mean of a view, None before the first turn."""
        return self._sums[view] / self.turns if self.turns else None

    def take(self, measured: NamedArrays) -> None:
        """Add a calm turn; once there are five the baseline stays as it is."""
        if self.turns >= BASELINE_TURNS:
            return
        self.turns += 1
        for view, values in measured.items():
            self._sums[view] = self._sums.get(view, np.zeros_like(values)) + values
