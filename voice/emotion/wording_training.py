"""Training of the wording model from the graded phrases of this package."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.emotion.logistic import solve
from voice.emotion.phrases import cues, graded
from voice.emotion.wording import COLUMNS, LANGUAGES, WordingModel, features

Array = NDArray[np.float64]

_PENALTY = 0.3


def train() -> WordingModel:
    """Return a model of every language; the same each time."""
    fitted = {language: _fit(language) for language in LANGUAGES}
    weights = {language: weight for language, (weight, _) in fitted.items()}
    return WordingModel(weights, {language: bias for language, (_, bias) in fitted.items()})


def save(path: Path) -> None:
    """Train and write the model file, half-precision weights."""
    stored: dict[str, NDArray[np.float16] | Array] = {}
    for language in LANGUAGES:
        weights, biases = _fit(language)
        stored[f"{language}_weights"] = weights.astype(np.float16)
        stored[f"{language}_biases"] = biases
    with path.open("wb") as file:
        np.savez_compressed(file, **stored)  # type: ignore[arg-type]  # its named flag hides the arrays


def _fit(language: str) -> tuple[Array, Array]:
    phrases = graded(language)
    matrix = np.zeros((len(phrases), COLUMNS + len(cues(language))))
    for row, (text, _) in enumerate(phrases):
        columns, values = features(text, language)
        matrix[row, columns] = values
    level = np.array([level for _, level in phrases])
    share = np.bincount(level, minlength=3)[level]
    weights, biases = [], []
    for threshold in (1, 2):
        weight, bias = solve(matrix, (level >= threshold).astype(np.float64), share.mean() / share, _PENALTY)
        weights.append(weight)
        biases.append(bias)
    return np.array(weights), np.array(biases)
