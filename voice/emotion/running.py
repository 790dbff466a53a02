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
        turns: how many have been heard.
        score: smoothed over the turns, in spreads above the middle between calm and angry.
        sustained: what the call came to before the last turn, with it, and what that turn is by itself: the
            lowest of the three, so that one loud turn never moves it.
    """

    def __init__(self, model: AngerModel) -> None:
        self._model = model
        self.baseline = Baseline()
        self.turns = 0
        self.score = _AT_REST
        self.sustained = _AT_REST
        self._only: float | None = None
        self._highest: float | None = None

    @property
    def peak(self) -> float | None:
        """Return the highest `sustained` so far, which the line learns from; None before the first turn.

        Of a call of one turn it is what another one like it would have made it.
        """
        return self._only if self._highest is None else self._highest

    def hear(self, measured: NamedArrays) -> float:
        """Take in a turn's measurements by view; return the chance that this turn is angry."""
        joined, chance = self._joined(measured)
        self.score, self.sustained = self._with(joined)
        if self.turns:
            self._lift(self.sustained)
        else:
            self._only = min(self.score, joined)
        self.turns += 1
        if chance < _QUIET:
            self.baseline.take(measured)
        return chance

    def glimpse(self, measured: NamedArrays) -> tuple[float, float, float]:
        """Return the same of a turn that is not over, and what `score` and `sustained` would become.

        Only `peak` may move.
        """
        joined, chance = self._joined(measured)
        score, sustained = self._with(joined)
        if self.turns:
            self._lift(sustained)
        return chance, score, sustained

    def settle(self, share: float) -> None:
        """Let only this share of what lies above rest remain."""
        self.score = _AT_REST + share * max(self.score - _AT_REST, 0.0)
        self.sustained = min(self.sustained, self.score)

    def _joined(self, measured: NamedArrays) -> tuple[float, float]:
        scores = {
            name: self._model.views[name].score(values, self.baseline.mean(name), self.baseline.turns)
            for name, values in measured.items()
        }
        joined, calibration = self._model.joined(scores)
        return joined, calibration.chance(joined)

    def _with(self, joined: float) -> tuple[float, float]:
        """Return what `score` and `sustained` become with a turn that scores `joined`."""
        score = self.score + _NEWEST * (joined - self.score)
        return score, min(self.score, score, joined)

    def _lift(self, sustained: float) -> None:
        self._highest = sustained if self._highest is None else max(self._highest, sustained)
