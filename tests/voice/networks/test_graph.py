"""The parts graphs are made of, against plain arithmetic."""

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.networks import session
from voice.networks.graph import Graph

Floats = NDArray[np.float32]


def rows_with_outliers(rows: int, depth: int) -> Floats:
    values = np.random.default_rng(3).standard_normal((rows, depth)).astype(np.float32)
    values[:, 7] *= 15
    values[rows // 2] *= 40
    return values


def matrix(width: int, depth: int) -> Floats:
    return (np.random.default_rng(4).standard_normal((width, depth)) * 0.02).astype(np.float32)


@pytest.mark.parametrize("rows", [1, 4, 200])
@pytest.mark.parametrize("of_few", [False, True])
def test_a_linear_layer_in_8_bits_errs_by_a_few_percent_in_every_row(rows: int, *, of_few: bool) -> None:
    graph, weight = Graph(), matrix(384, 256)
    bias = np.linspace(-1, 1, 384, dtype=np.float32)
    x = graph.given("x", ("rows", 256))
    write = graph.linear_of_few if of_few else graph.linear
    graph.shown(write(x, weight, bias), "y", ("rows", 384))
    given = rows_with_outliers(rows, 256)
    [found] = session.session(graph.model()).run(None, {"x": given})
    right = given @ weight.T + bias
    errors = np.linalg.norm(found - right, axis=1) / np.linalg.norm(given @ weight.T, axis=1)
    assert errors.max() < 0.06


def test_rows_of_zeros_are_the_bias() -> None:
    graph, bias = Graph(), np.arange(8, dtype=np.float32)
    x = graph.given("x", ("rows", 128))
    graph.shown(graph.linear(x, matrix(8, 128), bias), "y", ("rows", 8))
    [found] = session.session(graph.model()).run(None, {"x": np.zeros((2, 128), np.float32)})
    assert found == pytest.approx(np.stack([bias, bias]))


def test_heads_are_split_and_joined_again() -> None:
    graph = Graph()
    x = graph.given("x", (1, "time", 12))
    graph.shown(graph.joined(graph.heads(x, 3)), "y", (1, "time", 12))
    given = np.random.default_rng(5).random((1, 7, 12), np.float32)
    [found] = session.session(graph.model()).run(None, {"x": given})
    assert np.array_equal(found, given)
