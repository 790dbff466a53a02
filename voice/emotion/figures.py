"""The figures an evaluation reports, each with a confidence interval: pure arithmetic on scores and truth."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]
Interval = tuple[float, float]

_ROUNDS = 500
_BINS = 10


def auc(scores: Array, truth: Truth) -> float:
    """Return the chance that an angry one scores above another; ties count half. NaN with one kind only."""
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    ranks = (ends - (count - 1) / 2)[place]
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def detected_at(scores: Array, truth: Truth, false_share: float = 0.02) -> float:
    """Return the share of angry ones above the threshold that `false_share` of the others exceed."""
    if not truth.any() or truth.all():
        return float("nan")
    threshold = np.quantile(scores[~truth], 1 - false_share, method="higher")
    return float((scores[truth] > threshold).mean())


def calibration_error(chances: Array, truth: Truth) -> float:
    """Return how far said and seen chances lie apart, on average over ten equal bins, weighed by count."""
    place = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in range(_BINS):
        inside = place == number
        if inside.any():
            error += inside.mean() * abs(chances[inside].mean() - truth[inside].mean())
    return float(error)


def interval(
    figure: Callable[[Array, Truth], float],
    scores: Array,
    truth: Truth,
    groups: NDArray[np.str_],
    seed: int = 0,
) -> Interval:
    """Return a 95 % interval by drawing groups (speakers, calls) with replacement, 500 times."""
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    found = []
    for _ in range(_ROUNDS):
        rows = np.concatenate([members[n] for n in rng.integers(0, len(members), len(members))])
        value = figure(scores[rows], truth[rows])
        if not np.isnan(value):
            found.append(value)
    if not found:
        return float("nan"), float("nan")
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def curve(scores: Array, truth: Truth) -> list[tuple[float, float]]:
    """Return the points (false share, detected share) of the receiver operating characteristic."""
    order = np.argsort(-scores, kind="stable")
    angry = truth[order]
    last = np.append(np.diff(scores[order]) != 0, True)
    hit = np.cumsum(angry)[last] / max(int(truth.sum()), 1)
    missed = np.cumsum(~angry)[last] / max(int((~truth).sum()), 1)
    return [(0.0, 0.0), *zip(missed.tolist(), hit.tolist(), strict=True)]
