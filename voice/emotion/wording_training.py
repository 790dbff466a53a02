"""Training of the wording model from the graded phrases of this package."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.emotion.logistic import solve_dual
from voice.emotion.phrases import cues, graded
from voice.emotion.wording import (
    COLUMNS,
    LANGUAGES,
    WITH_SENTENCES,
    Sentences,
    WordingModel,
    features,
    vectors,
)

Array = NDArray[np.float64]
_Weights = dict[str, Array]

_PENALTY = 0.3


def train(sentences: Sentences | None = None, languages: Sequence[str] = LANGUAGES) -> WordingModel:
    """Return a model of every language; the same each time.

    Args:
        sentences: the sentence encoder, for the regressions that take its vectors; None leaves them out.
        languages: those to train.
    """
    return WordingModel(*_fit_all(sentences, languages), sentences)


def save(path: Path, sentences: Sentences | None) -> None:
    """Train and write the model file, weights in half precision."""
    weights, biases = _fit_all(sentences, LANGUAGES)
    stored: dict[str, NDArray[np.float16] | Array] = {}
    for name, values in weights.items():
        stored[f"{name}/weights"] = values.astype(np.float16)
        stored[f"{name}/biases"] = biases[name]
    with path.open("wb") as file:
        np.savez_compressed(file, **stored)  # type: ignore[arg-type]  # its named flag hides the arrays


def _fit_all(sentences: Sentences | None, languages: Sequence[str]) -> tuple[_Weights, _Weights]:
    weights: _Weights = {}
    biases: _Weights = {}
    for language in languages:
        phrases = graded(language)
        level = np.array([level for _, level in phrases])
        parts = [_matrix([text for text, _ in phrases], language)]
        products = parts[0] @ parts[0].T
        weights[language], biases[language] = _fit(parts, products, level)
        if sentences is not None:
            parts.append(np.array([vectors(text, language, sentences) for text, _ in phrases]))
            products += parts[1] @ parts[1].T
            name = f"{language}{WITH_SENTENCES}"
            weights[name], biases[name] = _fit(parts, products, level)
    return weights, biases


def _matrix(texts: list[str], language: str) -> Array:
    matrix = np.zeros((len(texts), COLUMNS + len(cues(language))))
    for row, text in enumerate(texts):
        columns, values = features(text, language)
        matrix[row, columns] = values
    return matrix


def _fit(parts: list[Array], products: Array, level: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return weights (2, columns) and biases (2,) of the two regressions, the levels weighing alike.

    Args:
        parts: the phrases' columns, in several matrices side by side.
        products: the phrases' products with one another.
        level: of each phrase.
    """
    share = np.bincount(level, minlength=3)[level]
    weights, biases = [], []
    for threshold in (1, 2):
        truth = (level >= threshold).astype(np.float64)
        dual, bias = solve_dual(products, truth, share.mean() / share, _PENALTY)
        weights.append(np.concatenate([part.T @ dual for part in parts]))
        biases.append(bias)
    return np.array(weights), np.array(biases)
