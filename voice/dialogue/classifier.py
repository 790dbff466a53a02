"""Which request a sentence is about, learnt from a playbook's examples in a moment and the same every time.

One regularised least-squares score per request (Rifkin and Klautau 2004) over two views of a sentence side
by side: its meaning (a sentence encoder's vector, where there is one) and its words (`ngrams`). The exact
leave-one-out scores that come with the solution choose between the views and turn scores into confidence,
so that nothing has to be held back from a playbook's few examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.dialogue.learnt import Embed, Learnt, Shelf
from voice.dialogue.ngrams import Floats, NGrams

_MEANING = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8)
"""Shares the meaning may have of the joined view."""
_RIDGES = (0.1, 0.2, 0.4)
_BIAS = 0.1
_ROUNDS = 50


class Classifier:
    """Confidence that a sentence is about each of several things, or about none.

    Args:
        texts: example sentences.
        labels: what each is about; None for those that are about none of it.
        embed: sentence vectors of unit length, one a row; None to go by the words alone.
        shelf: where what was learnt is kept; None learns it anew.

    Attributes:
        labels: in the order of the columns of `confidences`.
        share: what the meaning weighs against the words.
        left_out_accuracy: share of the examples that all the others would have placed right.
    """

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str | None],
        embed: Embed | None,
        shelf: Shelf | None = None,
    ) -> None:
        self.labels = tuple(sorted({label for label in labels if label is not None}))
        self._words = NGrams(texts)

        def learn() -> Learnt:
            return self._learn(texts, labels, embed)

        learnt = learn() if shelf is None else shelf.recall(texts, labels, learn)
        self.share, self.left_out_accuracy, self._weights, self._calibration = learnt
        self._embed = embed if self.share else None

    def _learn(self, texts: Sequence[str], labels: Sequence[str | None], embed: Embed | None) -> Learnt:
        truth = np.array([[1.0 if label == name else -1.0 for name in self.labels] for label in labels])
        known = np.array([label is not None for label in labels])
        meaning = None if embed is None else np.asarray(embed(texts), dtype=np.float64)
        words = self._words.embed(texts)
        best = _choose(meaning, words, truth, known)
        joined = _join(meaning, words, best.share) if best.share else words
        weights = _with_bias(joined).T @ best.dual
        return Learnt(best.share, best.accuracy, weights, _calibrate(best.left_out, truth, known))

    def confidences(self, texts: Sequence[str]) -> Floats:
        """Return (texts, labels), each 0..1; they need not sum to 1."""
        embed = self._embed
        meaning = np.asarray(embed(texts), dtype=np.float64) if embed else None
        scores = _with_bias(_join(meaning, self._words.embed(texts), self.share)) @ self._weights
        return _sigmoid(_evidence(scores) @ self._calibration)


def _join(meaning: Floats | None, words: Floats, share: float) -> Floats:
    if meaning is None:
        return words
    return np.hstack((np.sqrt(share) * meaning, np.sqrt(1 - share) * words))


def _with_bias(rows: Floats) -> Floats:
    return np.hstack((rows, np.full((len(rows), 1), np.sqrt(_BIAS))))


@dataclass(frozen=True)
class _Fit:
    share: float
    dual: Floats
    left_out: Floats
    """Each row's scores without its own example."""
    accuracy: float


def _choose(meaning: Floats | None, words: Floats, truth: Floats, known: NDArray[np.bool_]) -> _Fit:
    """Return the regression whose left-out scores are right most often; the first of equals."""
    by_words = words @ words.T
    by_meaning = by_words if meaning is None else meaning @ meaning.T
    fits = []
    for share in _MEANING if meaning is not None else (0.0,):
        closeness = share * by_meaning + (1 - share) * by_words + _BIAS
        size, axes = np.linalg.eigh(closeness)
        turned = axes.T @ truth
        for ridge in _RIDGES:
            shrunk = 1 / (size + ridge)
            dual = axes @ (shrunk[:, None] * turned)
            left_out = truth - dual / (axes**2 @ shrunk)[:, None]
            right = left_out.argmax(axis=1) == truth.argmax(axis=1)
            fits.append(_Fit(share, dual, left_out, float(right[known].mean())))
    return max(fits, key=lambda fit: fit.accuracy)


def _evidence(scores: Floats) -> Floats:
    """Return (rows, labels, 3): each label's score, its lead over the best other, and one."""
    best = np.sort(scores, axis=1)
    runner_up = best[:, -2] if scores.shape[1] > 1 else np.full(len(scores), -1.0)
    rival = np.where(scores >= best[:, -1:], runner_up[:, None], best[:, -1:])
    return np.stack((scores, scores - rival, np.ones_like(scores)), axis=2)


def _calibrate(scores: Floats, truth: Floats, known: NDArray[np.bool_]) -> Floats:
    """Fit how far the best label can be trusted (Platt 1999); about nothing weighs as much as the rest."""
    best = scores.argmax(axis=1)
    rows = _evidence(scores)[np.arange(len(scores)), best]
    right = truth[np.arange(len(scores)), best] > 0
    weights = np.where(known, 1 / max(known.sum(), 1), 1 / max((~known).sum(), 1))
    weights = weights / weights.mean()
    penalty = np.diag((0.5, 0.5, 0.0))
    fit = np.array((1.0, 1.0, 0.0))
    for _ in range(_ROUNDS):
        chance = _sigmoid(rows @ fit)
        gradient = rows.T @ (weights * (chance - right)) + penalty @ fit
        curvature = rows.T @ (rows * (weights * chance * (1 - chance))[:, None]) + penalty
        fit = fit - np.linalg.solve(curvature + 1e-6 * np.eye(3), gradient)
    return fit


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
