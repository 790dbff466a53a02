"""The parts Whisper's encoder and decoder are made of, written into a graph."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.networks.graph import Graph
from voice.networks.weights_file import UnreadableWeights, Weights

Floats = NDArray[np.float32]


class Size:
    """How large a model is.

    Raises:
        UnreadableWeights: the weights are no Whisper model's.
    """

    def __init__(self, weights: Weights) -> None:
        self.width, self.bands, _ = named(weights, "encoder/conv1/weight").shape
        self.heads = int(named(weights, "decoder/num_heads"))
        self.head = self.width // self.heads
        self.encoder_layers = _layers(weights, "encoder")
        self.decoder_layers = _layers(weights, "decoder")


def named(weights: Weights, name: str) -> Floats:
    """Return weights by their name.

    Raises:
        UnreadableWeights: there are none.
    """
    if name not in weights:
        raise UnreadableWeights(f"The model has no {name}: it is not a Whisper model.")
    return np.asarray(weights[name], np.float32)


def _layers(weights: Weights, part: str) -> int:
    found = {name.split("/")[1] for name in weights if name.startswith(f"{part}/layer_")}
    return sum(name != "layer_norm" for name in found)


class Parts:
    """Writes a model's parts into a graph.

    Args:
        graph: the graph.
        weights: the model's.
        of_few: written for a few rows at a time, tokens; else for many, stretches of sound.

    Raises:
        UnreadableWeights: the weights are no Whisper model's.
    """

    def __init__(self, graph: Graph, weights: Weights, *, of_few: bool) -> None:
        self._graph = graph
        self._weights = weights
        self._of_few = of_few
        self.size = Size(weights)

    def convolution(self, name: str, x: str, stride: int = 1) -> str:
        """Look at three frames at a time."""
        given = x, self._constant(f"{name}/weight"), self._constant(f"{name}/bias")
        seen = self._graph.add("Conv", *given, kernel_shape=[3], pads=[1, 1], strides=[stride])
        return self._graph.gelu(seen)

    def placed(self, part: str, x: str, begin: str, end: str) -> str:
        """Add where each row is."""
        graph, encodings = self._graph, named(self._weights, f"{part}/position_encodings/encodings")
        positions = graph.constant(encodings[None])
        return graph.add("Add", x, graph.add("Slice", positions, begin, end, graph.integers(1)))

    def normalised(self, part: str, x: str) -> str:
        """Normalise each row."""
        gamma, beta = (named(self._weights, f"{part}/layer_norm/{kind}") for kind in ("gamma", "beta"))
        return self._graph.layer_norm(x, gamma, beta)

    def linear(self, part: str, x: str, queries: int = 0) -> str:
        """Multiply each row by a matrix; the first `queries` numbers of what comes out are to be queries."""
        weight, bias = (named(self._weights, f"{part}/{kind}").copy() for kind in ("weight", "bias"))
        weight[:queries] *= self.size.head**-0.5
        bias[:queries] *= self.size.head**-0.5
        write = self._graph.linear_of_few if self._of_few else self._graph.linear
        return write(x, weight, bias)

    def feed_forward(self, part: str, x: str) -> str:
        """Think about each row."""
        inner = self._graph.gelu(self.linear(f"{part}/linear_0", self.normalised(part, x)))
        return self._graph.add("Add", x, self.linear(f"{part}/linear_1", inner))

    def encoder_layer(self, part: str, x: str) -> str:
        """Let every row look at every other."""
        graph, attention = self._graph, f"{part}/self_attention"
        three = self.linear(f"{attention}/linear_0", self.normalised(attention, x))
        rows = graph.add_of("Split", 3, three, axis=-1, num_outputs=3)
        seen = graph.add("MultiHeadAttention", *rows, domain="com.microsoft", num_heads=self.size.heads)
        x = graph.add("Add", x, self.linear(f"{attention}/linear_1", seen))
        return self.feed_forward(f"{part}/ffn", x)

    def self_attention(
        self, part: str, x: str, past: Sequence[str], hidden: str
    ) -> tuple[str, tuple[str, ...]]:
        """Let each token look at those before it; return it, and the keys and values there are now."""
        graph, size = self._graph, self.size
        three = self.linear(f"{part}/linear_0", self.normalised(part, x), queries=size.width)
        query, *rest = graph.add_of("Split", 3, three, axis=-1, num_outputs=3)
        key, value = (
            graph.add("Concat", before, graph.heads(now, size.heads), axis=2)
            for before, now in zip(past, rest, strict=True)
        )
        scores = graph.add(
            "MatMul", graph.heads(query, size.heads), graph.add("Transpose", key, perm=[0, 1, 3, 2])
        )
        weights = graph.add("Softmax", graph.add("Add", scores, hidden), axis=-1)
        seen = graph.joined(graph.add("MatMul", weights, value))
        return graph.add("Add", x, self.linear(f"{part}/linear_1", seen)), (key, value)

    def cross_attention(self, part: str, x: str, memory: Sequence[str]) -> tuple[str, str]:
        """Let each token look at the sound; return it, and where each head looked."""
        graph, size = self._graph, self.size
        query = self.linear(f"{part}/linear_0", self.normalised(part, x), queries=size.width)
        scores = graph.add("MatMul", graph.heads(query, size.heads), memory[0])
        weights = graph.add("Softmax", scores, axis=-1)
        seen = graph.joined(graph.add("MatMul", weights, memory[1]))
        return graph.add("Add", x, self.linear(f"{part}/linear_2", seen)), weights

    def _constant(self, name: str) -> str:
        return self._graph.constant(named(self._weights, name))
