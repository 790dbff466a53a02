"""The voice's score over a call: each turn against the caller's own calm, smoothed."""

from voice.emotion.model import AngerModel
from voice.emotion.views import Baseline, NamedArrays

_AT_REST = -1.0
_NEWEST = 0.4
_QUIET = 0.6


class RunningVoice:
    """One caller's voice, turn by turn.

    Args:
        model: what the turns are scored with.

    Attributes:
        baseline: the caller's first calm turns; a turn that sounds angry does not enter.
        score: smoothed over the turns, in spreads above the middle between calm and angry.
        peak: the highest `score` so far, which the line learns from; None before the first turn.
    """

    def __init__(self, model: AngerModel) -> None:
        self._model = model
        self.baseline = Baseline()
        self.score = _AT_REST
        self.peak: float | None = None

    def hear(self, measured: NamedArrays) -> float:
        """Take in a turn's measurements by view; return the chance that this turn is angry."""
        joined, chance = self._joined(measured)
        self.score = self._smoothed(joined)
        self._lift(self.score)
        if chance < _QUIET:
            self.baseline.take(measured)
        return chance

    def glimpse(self, measured: NamedArrays) -> tuple[float, float]:
        """Return the same of a turn that is not over, and what `score` would become; only `peak` may move."""
        joined, chance = self._joined(measured)
        score = self._smoothed(joined)
        self._lift(score)
        return chance, score

    def settle(self, share: float) -> None:
        """Let only this share of what lies above rest remain."""
        self.score = _AT_REST + share * max(self.score - _AT_REST, 0.0)

    def _joined(self, measured: NamedArrays) -> tuple[float, float]:
        scores = {
            name: self._model.views[name].score(values, self.baseline.mean(name), self.baseline.turns)
            for name, values in measured.items()
        }
        joined, calibration = self._model.joined(scores)
        return joined, calibration.chance(joined)

    def _smoothed(self, joined: float) -> float:
        return self.score + _NEWEST * (joined - self.score)

    def _lift(self, score: float) -> None:
        self.peak = score if self.peak is None else max(self.peak, score)
