"""Logistic regression with an L2 penalty, exact and the same every time: few examples, many features."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROUNDS = 50
_BIAS_SCALE = 10.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted regression on standardised features.

    Attributes:
        mean: what is taken from each feature.
        scale: what it is then divided by.
        weights: one per feature, for the standardised value.
        bias: the log odds where every feature is at its mean.
    """

    mean: Array
    scale: Array
    weights: Array
    bias: float

    def log_odds(self, features: Array) -> Array:
        """Return the log odds of each row, (rows,)."""
        return np.asarray((features - self.mean) / self.scale @ self.weights + self.bias)


def fit(features: Array, truth: Array, importance: Array, penalty: float) -> Logistic:
    """Fit a regression.

    Args:
        features: (rows, columns).
        truth: 1 or 0 for each row.
        importance: how much each row counts; normalised to a mean of 1.
        penalty: strength of the L2 penalty on the weights; the bias is all but free of it.
    """
    importance = importance / importance.mean()
    mean = np.average(features, axis=0, weights=importance)
    scale = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=importance)) + 1e-6
    standard = (features - mean) / scale
    weights, bias = solve(standard, truth, importance, penalty)
    return Logistic(mean, scale, weights, bias)


def solve(standard: Array, truth: Array, importance: Array, penalty: float) -> tuple[Array, float]:
    """Return weights and bias for features that need no scaling, by Newton's method.

    With fewer rows than columns the dual is the smaller problem; both give the same weights.
    """
    if standard.shape[1] < len(truth):
        return _primal(standard, truth, importance, penalty)
    dual, bias = solve_dual(standard @ standard.T, truth, importance, penalty)
    return np.asarray(standard.T @ dual), bias


def solve_dual(products: Array, truth: Array, importance: Array, penalty: float) -> tuple[Array, float]:
    """Return each row's weight and the bias from the rows' products with one another alone: (rows, rows)."""
    kernel = products + _BIAS_SCALE**2
    dual = np.zeros(len(truth))
    score = np.zeros(len(truth))
    for _ in range(_ROUNDS):
        chance = probability(score)
        curvature = np.maximum(importance * chance * (1 - chance), 1e-5)
        target = score + importance * (truth - chance) / curvature
        step = np.linalg.solve(kernel + np.diag(penalty / curvature), target) - dual
        size = 1.0
        best = _loss(kernel, dual, truth, importance, penalty)
        while size > 1e-3 and _loss(kernel, dual + size * step, truth, importance, penalty) > best:
            size /= 2
        dual = dual + size * step
        score = kernel @ dual
        if np.abs(step).max() * size < 1e-8 * (1 + np.abs(dual).max()):
            break
    return dual, float(_BIAS_SCALE**2 * dual.sum())


def _primal(standard: Array, truth: Array, importance: Array, penalty: float) -> tuple[Array, float]:
    wide = np.hstack((standard, np.full((len(truth), 1), _BIAS_SCALE)))
    weights = np.zeros(wide.shape[1])

    def loss(at: Array) -> float:
        score = wide @ at
        return float(importance @ (np.logaddexp(0, score) - truth * score) + penalty / 2 * at @ at)

    for _ in range(_ROUNDS):
        chance = probability(wide @ weights)
        gradient = wide.T @ (importance * (chance - truth)) + penalty * weights
        curvature = np.maximum(importance * chance * (1 - chance), 1e-5)
        hessian = (wide * curvature[:, None]).T @ wide + penalty * np.eye(wide.shape[1])
        step = -np.linalg.solve(hessian, gradient)
        size, before = 1.0, loss(weights)
        while size > 1e-3 and loss(weights + size * step) > before:
            size /= 2
        weights = weights + size * step
        if np.abs(step).max() * size < 1e-8 * (1 + np.abs(weights).max()):
            break
    return weights[:-1], float(_BIAS_SCALE * weights[-1])


def probability(log_odds: Array) -> Array:
    """Return the logistic function, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(np.asarray(log_odds) / 2)))


def _loss(kernel: Array, dual: Array, truth: Array, importance: Array, penalty: float) -> float:
    score = kernel @ dual
    misfit = importance @ (np.logaddexp(0, score) - truth * score)
    return float(misfit + penalty / 2 * dual @ score)
