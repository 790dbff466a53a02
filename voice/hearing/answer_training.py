"""Learning short answers from clips of them: encoder frames in, the weights of `short_answers` out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.hearing.short_answers import OTHER, ShortAnswers, Words

Array = NDArray[np.float32]

_DIRECTIONS = 400
"""Principal directions of the features that are kept: 150 did as well on three people's digits."""
_PENALTY = 10.0
"""Of the squared weights, against the log loss of a clip; three people's digits liked 3 to 30."""
_OTHERS = 0.2
"""What an example of something else counts beside one of an answer: with half or all more answers were taken
for something else, and as many other words for answers."""
_ROUNDS = 200
_POWER = 15
_LEVELS = 127
_SPREAD = 1e-3


@dataclass(frozen=True)
class Example:
    """One clip.

    Attributes:
        language: its code.
        word: an answer as it is spelt, or `OTHER`.
        value: what it is taken for, or `OTHER`.
        measured: its features.
    """

    language: str
    word: str
    value: str
    measured: Array


def learn(examples: Sequence[Example], fingerprint: Array) -> ShortAnswers:
    """Return the words of every language among the examples; the same ones give the same weights.

    Raises:
        ValueError: a language has fewer than two classes, or nothing that is no answer.
    """
    languages = sorted({each.language for each in examples})
    return ShortAnswers(
        fingerprint,
        {
            language: words_learnt([each for each in examples if each.language == language], others=_OTHERS)
            for language in languages
        },
    )


def words_learnt(examples: Sequence[Example], penalty: float = _PENALTY, others: float = 1.0) -> Words:
    """Return the words of one language.

    Args:
        examples: of it.
        penalty: of the squared weights, against the log loss of an example.
        others: what an example of something else counts beside one of an answer.

    Raises:
        ValueError: there are fewer than two classes, or nothing that is no answer.
    """
    values = {each.word: each.value for each in examples}
    spellings = tuple(sorted(values))
    if len(spellings) < 2 or OTHER not in spellings:
        raise ValueError("Short answers are learnt from answers and from other words beside them.")
    measured = np.stack([each.measured for each in examples])
    truth = np.array([spellings.index(each.word) for each in examples])
    mean, spread = measured.mean(axis=0), measured.std(axis=0) + np.float32(_SPREAD)
    standard = (measured - mean) / spread
    directions = np.linalg.eigh(standard.T @ standard)[1][:, : -_DIRECTIONS - 1 : -1]
    # The strong directions are those of voices as much as of words: each counts by the root of its spread.
    directions = directions / np.sqrt((standard @ directions).std(axis=0) + _SPREAD)
    narrow = standard @ directions
    directions, narrow = directions / narrow.std(), narrow / narrow.std()
    counts = np.where(truth == spellings.index(OTHER), others, 1.0).astype(np.float32)
    fitted, bias = _fit(narrow.astype(np.float32), truth, len(spellings), penalty, counts)
    weights = (directions @ fitted) / spread[:, np.newaxis]
    scales = np.abs(weights).max(axis=0) / _LEVELS
    return Words(
        spellings,
        tuple(values[word] for word in spellings),
        np.round(weights / scales).astype(np.int8),
        scales.astype(np.float32),
        (bias - mean @ weights).astype(np.float32),
    )


def _fit(
    rows: Array, truth: NDArray[np.int64], classes: int, penalty: float, counts: Array
) -> tuple[Array, Array]:
    """Return weights (columns, classes) and bias of a multinomial regression, by Nesterov's descent.

    Args:
        rows: one for each example.
        truth: the class of each.
        classes: how many there are.
        penalty: of the squared weights.
        counts: what each example counts, at most 1.
    """
    with_one = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
    wanted = np.eye(classes, dtype=np.float32)[truth]
    step = 1 / (_curvature(with_one) / 2 + penalty / len(rows))
    weights = ahead = np.zeros((with_one.shape[1], classes), np.float32)
    momentum = 1.0
    for _ in range(_ROUNDS):
        logits = with_one @ ahead
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        error = powers / powers.sum(axis=1, keepdims=True) - wanted
        slope = with_one.T @ (counts[:, np.newaxis] * error) / len(rows)
        slope[:-1] += penalty / len(rows) * ahead[:-1]
        moved = ahead - step * slope
        after = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + np.float32((momentum - 1) / after) * (moved - weights)
        weights, momentum = moved, float(after)
    return weights[:-1], weights[-1]


def _curvature(rows: Array) -> float:
    """Return the largest eigenvalue of the rows' second moments, by the power method."""
    vector: Array = np.ones(rows.shape[1], np.float32)
    length = 1.0
    for _ in range(_POWER):
        vector = (rows.T @ (rows @ vector) / len(rows)).astype(np.float32)
        length = float(np.linalg.norm(vector))
        vector = (vector / length).astype(np.float32)
    return length
