"""The voice's score over a call: each turn against the caller's own calm, smoothed."""

from collections import deque

from voice.emotion.model import AngerModel
from voice.emotion.views import Baseline, NamedArrays

_AT_REST = -1.0
_NEWEST = 0.4
_QUIET = 0.6
_LATELY = 4
"""Turns back in which another one must have sounded angry for anger to have lasted."""


class RunningVoice:
    """One caller's voice, turn by turn.

    Args:
        model: what the turns are scored with.

    Attributes:
        baseline: the caller's first calm turns; a turn that sounds angry does not enter.
        score: smoothed over the turns, in spreads above the middle between calm and angry.
        sustained: what `score`, the newest turn by itself and one of the four before it all come to: one
            loud turn does not move it.
        peak: the highest `score` so far, which the line learns from; None before the first turn.
    """

    def __init__(self, model: AngerModel) -> None:
        self._model = model
        self._lately: deque[float] = deque(maxlen=_LATELY)
        self.baseline = Baseline()
        self.score = _AT_REST
        self.sustained = _AT_REST
        self.peak: float | None = None

    def hear(self, measured: NamedArrays) -> float:
        """Take in a turn's measurements by view; return the chance that this turn is angry."""
        joined, chance = self._joined(measured)
        self.score, self.sustained = self._with(joined)
        self._lately.append(joined)
        if chance < _QUIET:
            self.baseline.take(measured)
        return chance

    def glimpse(self, measured: NamedArrays) -> tuple[float, float, float]:
        """Return the same of a turn that is not over, and what `score` and `sustained` would become.

        Only `peak` may move.
        """
        joined, chance = self._joined(measured)
        return chance, *self._with(joined)

    def settle(self, share: float) -> None:
        """Let only this share of what lies above rest remain, and no turn before count as angry."""
        self.score = _AT_REST + share * max(self.score - _AT_REST, 0.0)
        self.sustained = _AT_REST
        self._lately.clear()

    def _joined(self, measured: NamedArrays) -> tuple[float, float]:
        scores = {
            name: self._model.views[name].score(values, self.baseline.mean(name), self.baseline.turns)
            for name, values in measured.items()
        }
        joined, calibration = self._model.joined(scores)
        return joined, calibration.chance(joined)

    def _with(self, joined: float) -> tuple[float, float]:
        """Return what `score` and `sustained` become with a turn that scores `joined`; lift `peak`."""
        score = self.score + _NEWEST * (joined - self.score)
        self.peak = score if self.peak is None else max(self.peak, score)
        return score, min(score, joined, max(self._lately, default=_AT_REST))
