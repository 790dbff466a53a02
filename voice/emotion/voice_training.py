"""Training of the voice's views: regressions on raw measurements and on differences from a speaker's calm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.emotion.logistic import fit, solve
from voice.emotion.model import SHARES, AngerModel, Calibration
from voice.emotion.views import BASELINE_TURNS, View

Array = NDArray[np.float64]
Names = NDArray[np.str_]

ANGRY = "anger"
CALM = ("neutral", "calm")
_HAPPY = "happiness"
_PENALTIES = {"prosody": 200.0, "layers": 100.0}
_SEED = 7
_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Clips:
    """Measured clips of people whose feelings are known.

    Attributes:
        measured: by view, one row a clip.
        speaker: who speaks, unique across corpora.
        emotion: `anger`, `neutral`, `happiness`, ...
        corpus: where the clip comes from.
    """

    measured: dict[str, Array]
    speaker: Names
    emotion: Names
    corpus: Names

    def chosen(self, rows: NDArray[np.bool_]) -> "Clips":
        """Return the clips where `rows` is true."""
        measured = {view: values[rows] for view, values in self.measured.items()}
        return Clips(measured, self.speaker[rows], self.emotion[rows], self.corpus[rows])

    @property
    def angry(self) -> NDArray[np.bool_]:
        """Return which clips are angry."""
        return np.asarray(self.emotion == ANGRY)


def train(clips: Clips, encoder: str = "") -> tuple[AngerModel, Array]:
    """Fit every view, put their scores on one scale, and calibrate each combination of views.

    Scale and calibration come from speakers left out in turn, so that they hold for strangers.

    Args:
        clips: angry and other clips of at least two speakers.
        encoder: fingerprint of the encoder that measured the `layers` view.

    Returns:
        The model, and the joined score of each clip by regressions that never heard its speaker.
    """
    views, left_out = {}, {}
    for name, values in clips.measured.items():
        penalty = _PENALTIES[name]
        plain = _view(clips, values, penalty)
        alone, beside = _left_out(clips, values, penalty)
        views[name] = View(
            plain.alone,
            plain.beside,
            (_middle(alone, clips.angry), _middle(beside, clips.angry)),
            (float(alone.std()), float(beside.std())),
        )
        left_out[name] = (beside - views[name].centre[1]) / views[name].spread[1]
    importance = _importance(clips)
    combinations = [[name] for name in views] + ([sorted(views)] if len(views) > 1 else [])
    calibrations: dict[str, Calibration] = {}
    joined = np.zeros(len(clips.speaker))
    for names in combinations:
        joined = np.average([left_out[name] for name in names], axis=0, weights=[SHARES[n] for n in names])
        slope, offset = solve(joined[:, None], clips.angry.astype(np.float64), importance, 1.0)
        calibrations["+".join(names)] = Calibration(float(slope[0]), offset)
    return AngerModel(views, calibrations, encoder), joined


def baselines(clips: Clips, values: Array, rng: np.random.Generator) -> Array:
    """Return for each clip the mean of five other calm clips of its speaker (any, where there is none)."""
    result = np.empty_like(values)
    for speaker in np.unique(clips.speaker):
        own = np.flatnonzero(clips.speaker == speaker)
        calm = own[np.isin(clips.emotion[own], CALM)]
        for row in own:
            others = calm[calm != row] if np.any(calm != row) else own
            result[row] = values[rng.permutation(others)[:BASELINE_TURNS]].mean(axis=0)
    return result


def _view(clips: Clips, values: Array, penalty: float) -> View:
    truth, importance = clips.angry.astype(np.float64), _importance(clips)
    base = baselines(clips, values, np.random.default_rng(_SEED))
    alone = fit(values, truth, importance, penalty)
    beside = fit(np.hstack((values, values - base)), truth, importance, penalty)
    return View(alone, beside, (0.0, 0.0), (1.0, 1.0))


def _left_out(clips: Clips, values: Array, penalty: float) -> tuple[Array, Array]:
    """Return both scores of each clip by regressions that never heard its speaker, in ten groups of them."""
    alone, beside = np.empty(len(values)), np.empty(len(values))
    base = baselines(clips, values, np.random.default_rng(_SEED + 1))
    speakers = np.unique(clips.speaker)
    for number in range(min(_FOLDS, len(speakers))):
        held = np.isin(clips.speaker, speakers[number::_FOLDS])
        view = _view(clips.chosen(~held), values[~held], penalty)
        for row in np.flatnonzero(held):
            alone[row] = view.score(values[row], None, 0)
            beside[row] = view.score(values[row], base[row], BASELINE_TURNS)
    return alone, beside


def _importance(clips: Clips) -> Array:
    """Weigh angry as much as the rest in each corpus, corpora alike, and happiness twice among the rest."""
    weight = np.where(clips.emotion == _HAPPY, 2.0, 1.0)
    for corpus in np.unique(clips.corpus):
        for angry in (True, False):
            rows = (clips.corpus == corpus) & (clips.angry == angry)
            weight[rows] /= weight[rows].sum()
    return np.asarray(weight / weight.mean())


def _middle(scores: Array, angry: NDArray[np.bool_]) -> float:
    return float((np.median(scores[angry]) + np.median(scores[~angry])) / 2)


def join(corpora: Sequence[Clips]) -> Clips:
    """Return the clips of several corpora as one; `emodb` and `emodb_more` have the same speakers."""
    names = corpora[0].measured
    return Clips(
        {name: np.concatenate([clips.measured[name] for clips in corpora]) for name in names},
        np.concatenate([clips.speaker for clips in corpora]),
        np.concatenate([clips.emotion for clips in corpora]),
        np.concatenate([clips.corpus for clips in corpora]),
    )
