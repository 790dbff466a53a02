"""Writing down what was said, the likeliest token after the other, and when each of them was."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.hearing.speech_model import Floats, Written

_NEVER = np.float32(-1e30)
_CLOSE = 0.05
"""Probability from which a token that did not come nearly did."""
_MEDIAN = 7
"""States of 20 ms over which a look is smoothed, as Whisper's authors do."""


@dataclass(frozen=True)
class Fork:
    """Where another token nearly came instead.

    Attributes:
        place: how many tokens were written before.
        token: the other one.
        probability: its own, of what was allowed.
        begun: what was written before.
    """

    place: int
    token: int
    probability: float
    begun: Written


@dataclass(frozen=True)
class Text:
    """What was written.

    Attributes:
        tokens: it.
        probabilities: of each token among those that are text.
        score: mean log-probability, the end's included, of what was allowed.
        looks: (heads, tokens and the end, time): where in the sound each was.
        forks: where it might have gone on otherwise, the likeliest first.
    """

    tokens: tuple[int, ...]
    probabilities: tuple[float, ...]
    score: float
    looks: Floats
    forks: tuple[Fork, ...] = ()


def write(
    begun: Written, most: int, end: int, *, forbidden: Sequence[int] = (), forbidden_first: Sequence[int] = ()
) -> Text:
    """Write until the end.

    Args:
        begun: the prompt.
        most: tokens to be written at most.
        end: the token of the end; those above it are no text and never written.
        forbidden: tokens never written.
        forbidden_first: tokens not written first.
    """
    tokens: list[int] = []
    probabilities: list[float] = []
    looks: list[Floats] = []
    forks: list[Fork] = []
    total = 0.0
    barred, first = np.array(forbidden, np.int64), np.array(forbidden_first, np.int64)
    for _ in range(most + 1):
        looks.append(begun.looks[:, -1:])
        allowed = begun.logits[: end + 1].copy()
        allowed[barred[barred <= end]] = _NEVER
        if not tokens:
            allowed[first] = _NEVER
        token = int(allowed.argmax())
        normaliser = _log_of_sum(allowed)
        total += float(allowed[token]) - normaliser
        allowed[[token, end]] = _NEVER
        other = int(allowed.argmax())
        if (probability := float(np.exp(allowed[other] - normaliser))) >= _CLOSE:
            forks.append(Fork(len(tokens), other, probability, begun))
        if token == end or len(tokens) == most:
            break
        probabilities.append(float(np.exp(-_log_of_sum(begun.logits[:end] - begun.logits[token]))))
        tokens.append(token)
        begun = begun.then(token)
    score = total / max(1, len(tokens))
    forks.sort(key=lambda fork: -fork.probability)
    return Text(tuple(tokens), tuple(probabilities), score, np.concatenate(looks, axis=1), tuple(forks))


def begins(looks: Floats, states: int) -> NDArray[np.int64]:
    """Return the state of 20 ms at which each token begins, and the end, never falling.

    The path of the most attention through tokens and time, as Whisper's authors find it.

    Args:
        looks: (heads, tokens, time) as probabilities.
        states: how many of them belong to the clip.
    """
    seen = looks[:, :, :states]
    seen = seen / np.maximum(seen.sum(axis=2, keepdims=True), 1e-12)
    spread = np.maximum(seen.std(axis=1, keepdims=True), 1e-6)
    seen = _smoothed((seen - seen.mean(axis=1, keepdims=True)) / spread)
    return _path(-seen.mean(axis=0))


def _smoothed(seen: Floats) -> Floats:
    if seen.shape[2] <= _MEDIAN // 2:
        return seen
    padded = np.pad(seen, ((0, 0), (0, 0), (_MEDIAN // 2, _MEDIAN // 2)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN, axis=2)
    smoothed: Floats = np.partition(windows, _MEDIAN // 2, axis=3)[..., _MEDIAN // 2]
    return smoothed


def _path(costs: Floats) -> NDArray[np.int64]:
    """Return the column at which the cheapest way down and to the right enters each row.

    A row may be entered straight from above or from the left of that, and is followed to the right at will.
    """
    rows, columns = costs.shape
    best = np.cumsum(costs[0], dtype=np.float64)
    entered = np.zeros((rows, columns), np.int64)
    straight = np.zeros((rows, columns), bool)
    for row in range(1, rows):
        left = np.concatenate(([np.inf], best[:-1]))
        straight[row] = best < left
        along = np.cumsum(costs[row], dtype=np.float64)
        entry = np.minimum(best, left) - np.concatenate(([0.0], along[:-1]))
        cheapest = np.minimum.accumulate(entry)
        newly = np.where(entry <= cheapest, np.arange(columns), 0)
        entered[row] = np.maximum.accumulate(newly)
        best = along + cheapest
    begun = np.zeros(rows, np.int64)
    column = columns - 1
    for row in range(rows - 1, 0, -1):
        begun[row] = column = entered[row, column]
        column -= 0 if straight[row, column] else 1
    return begun


def _log_of_sum(values: Floats) -> float:
    """Return the logarithm of the sum of exponentials, none of them above 0 by much."""
    largest = float(values.max())
    return largest + float(np.log(np.exp((values - largest).astype(np.float64)).sum()))
