"""Which request a sentence is about, learnt from a playbook's examples in a moment and the same every time.

Kernel ridge regression (Saunders et al. 1998), one score per request and one for "none of them", over four
views of a sentence: its meaning as an English and as a multilingual encoder see it (where they are there),
its words and letter groups, and those of its English gloss. The exact leave-one-out scores that come with the
solution turn scores into confidence, so that nothing has to be held back from a playbook's few examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voice.dialogue.learnt import NO_ENCODERS, Embed, Encoders, Learnt, Shelf
from voice.dialogue.ngrams import Floats, NGrams, Rows, Vocabulary, closeness_of

_MEANING, _MEANT, _WORDS, _ENGLISH = 0.35, 0.35, 0.15, 0.15
"""What each view weighs; chosen on the development half of the held-out sentences."""
_SHARPNESS = 2.0
"""Of the meaning's kernel: far-off sentences say less than linearly little about each other."""
_BIAS = 0.1
_RIDGE = 0.2
_NONE_WEIGHT = 0.4
"""What the examples of "none of them" weigh in the confidence against those of requests."""
_ROUNDS = 50
_FEW = 8
"""Rows; the parts of a turn."""
_SHARED = 2
"""Examples a word or letter group must be in: what is in one alone brings no two closer."""


@dataclass(frozen=True)
class Sentence:
    """A sentence in two languages, which may be one.

    Attributes:
        words: in the caller's language.
        english: in English.
    """

    words: str
    english: str


class Views(NamedTuple):
    """Sentences as a classifier sees them, one a row, of unit length.

    Attributes:
        words: by `NGrams`.
        english: the same of their English; the same array where that is what was said.
        meanings: by the English encoder; nothing where there is none.
        meant: by the multilingual encoder; nothing where there is none.
    """

    words: Rows
    english: Rows
    meanings: Rows
    meant: Rows


class Classifier:
    """Confidence that a sentence is about each of several things, or about none.

    Args:
        examples: sentences to learn from.
        labels: what each is about; None for those that are about none of it.
        encoders: without any it goes by the words alone.
        shelf: where what was learnt is kept; None learns it anew.

    Attributes:
        labels: in the order of the columns of `confidences`.
        left_out_accuracy: share of the examples that all the others would have placed right.
    """

    def __init__(
        self,
        examples: Sequence[Sentence],
        labels: Sequence[str | None],
        encoders: Encoders = NO_ENCODERS,
        shelf: Shelf | None = None,
    ) -> None:
        self.labels = tuple(sorted({label for label in labels if label is not None}))
        self._encoders = encoders
        self._words = _ngrams([one.words for one in examples], shelf)
        self._one_language = all(one.words == one.english for one in examples)
        texts = [one.english for one in examples]
        self._english = self._words if self._one_language else _ngrams(texts, shelf)

        def learn() -> Learnt:
            return self._learn(examples, labels)

        about = [f"{one.words}\t{one.english}" for one in examples]
        self._learnt = shelf.recall(Learnt, about, labels, learn) if shelf and any(encoders) else learn()
        self.left_out_accuracy = float(self._learnt.left_out_accuracy)

    def _learn(self, examples: Sequence[Sentence], labels: Sequence[str | None]) -> Learnt:
        words = self._words.embed([one.words for one in examples])
        texts = [one.english for one in examples]
        english = words if self._one_language else self._english.embed(texts)
        meanings = _vectors(self._encoders.english, texts)
        meant = _vectors(self._encoders.multilingual, [one.words for one in examples])
        views = Views(words, english, meanings, meant)
        names = (*self.labels, None)
        truth = np.array([[1.0 if label == name else -1.0 for name in names] for label in labels])
        known = np.array([label is not None for label in labels])
        dual, left_out = solve(kernel(views, views), truth)
        right = left_out[:, :-1].argmax(axis=1) == truth[:, :-1].argmax(axis=1)
        return Learnt(
            left_out_accuracy=right[known].mean(),
            meanings=meanings,
            meant=meant,
            dual=dual,
            words=_WORDS * _weighted(words, dual),
            english=_ENGLISH * _weighted(english, dual),
            calibration=_calibrate(left_out, truth, known),
        )

    def confidences(self, sentences: Sequence[Sentence], leanings: Floats) -> Floats:
        """Return (sentences, labels) from their `leanings`, each 0..1; they need not sum to 1."""
        learnt, scores = self._learnt, leanings
        if learnt.meanings.size:
            meanings = _vectors(self._encoders.english, [one.english for one in sentences])
            scores = scores + _MEANING * _near(meanings, learnt.meanings) @ learnt.dual
        return _sigmoid(_evidence(scores) @ learnt.calibration)

    def leanings(self, sentences: Sequence[Sentence]) -> Floats:
        """Return scores (sentences, labels + 1), the last for none, by all views but the slow English one."""
        learnt = self._learnt
        scores = self._words.weigh([one.words for one in sentences], learnt.words)
        scores += self._english.weigh([one.english for one in sentences], learnt.english)
        scores += _BIAS * learnt.dual.sum(axis=0)
        if learnt.meant.size:
            meant = _vectors(self._encoders.multilingual, [one.words for one in sentences])
            scores += _MEANT * _near(meant, learnt.meant) @ learnt.dual
        return scores


def kernel(one: Views, other: Views) -> Floats:
    """Return how close each sentence of the one is to each of the other, all views weighed together."""
    near = _closeness(one.words, other.words)
    closeness = _BIAS + near * _WORDS
    if not (one.english is one.words and other.english is other.words):
        near = _closeness(one.english, other.english)
    closeness += _ENGLISH * near
    if one.meanings.size:
        closeness += _MEANING * _near(one.meanings, other.meanings)
    if one.meant.size:
        closeness += _MEANT * _near(one.meant, other.meant)
    return closeness


def solve(closeness: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Return what closeness to each example is worth, and the scores had each been left out.

    Args:
        closeness: (examples, examples), by `kernel`.
        truth: (examples, labels), 1 or -1.
    """
    inverse = np.linalg.inv(closeness + _RIDGE * np.eye(len(closeness)))
    dual = inverse @ truth
    return dual, truth - dual / inverse.diagonal()[:, None]


def _closeness(one: Rows, other: Rows) -> Floats:
    return closeness_of(one) if one is other else (one @ other.T).astype(np.float64)


def _ngrams(texts: Sequence[str], shelf: Shelf | None) -> NGrams:
    def learn() -> Vocabulary:
        return Vocabulary.of(texts, _SHARED)

    return NGrams(shelf.recall(Vocabulary, texts, (str(_SHARED),), learn) if shelf else learn())


def _vectors(embed: Embed | None, texts: Sequence[str]) -> NDArray[np.float32]:
    return embed(texts) if embed else np.zeros((0, 0), dtype=np.float32)


def _weighted(rows: Rows, dual: Floats) -> Floats:
    return (rows.T @ dual.astype(np.float32)).astype(np.float64)


def _near(one: NDArray[np.float32], other: NDArray[np.float32]) -> Floats:
    return np.asarray(np.exp(_SHARPNESS * (cosines(one, other) - 1)), dtype=np.float64)


def cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return those of each row of the one with each of the other, both of unit length.

    A few rows go one by one: as one product of matrices they would take seven times as long.
    """
    if len(one) > _FEW:
        return one @ other.T
    return np.stack([other @ row for row in one])


def _evidence(scores: Floats) -> Floats:
    """Return (rows, labels, 4): each label's score, its lead over the best other, that of "none", and one."""
    best = np.sort(scores, axis=1)
    labels = scores[:, :-1]
    rival = np.where(labels >= best[:, -1:], best[:, -2:-1], best[:, -1:])
    none = np.broadcast_to(scores[:, -1:], labels.shape)
    return np.stack((labels, labels - rival, none, np.ones_like(labels)), axis=2)


def _calibrate(scores: Floats, truth: Floats, known: NDArray[np.bool_]) -> Floats:
    """Fit how far the best label can be trusted (Platt 1999)."""
    best = scores[:, :-1].argmax(axis=1)
    rows = _evidence(scores)[np.arange(len(scores)), best]
    right = truth[np.arange(len(scores)), best] > 0
    weights = np.where(known, 1 / max(known.sum(), 1), _NONE_WEIGHT / max((~known).sum(), 1))
    weights = weights / weights.mean()
    penalty = np.diag((0.5, 0.5, 0.5, 0.0))
    fit = np.array((1.0, 0.0, 0.0, 0.0))
    for _ in range(_ROUNDS):
        chance = _sigmoid(rows @ fit)
        gradient = rows.T @ (weights * (chance - right)) + penalty @ fit
        curvature = rows.T @ (rows * (weights * chance * (1 - chance))[:, None]) + penalty
        fit = fit - np.linalg.solve(curvature + 1e-6 * np.eye(4), gradient)
    return fit


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
