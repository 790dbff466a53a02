"""A BERT-shaped encoder as a graph: a sentence's tokens in, the mean of their states out.

The shape is BERT's (Devlin et al. 2019): layer norm after each block, GELU, position and token-type
embeddings added to the words'. Sentence vectors are the mean over tokens (Reimers and Gurevych 2019).
"""

from collections.abc import Mapping

import numpy as np
from onnx import TensorProto

from voice.networks.graph import Floats, Graph

_EPSILON = 1e-12


def bert(tensors: Mapping[str, Floats], heads: int) -> bytes:
    """Return the graph from `tokens` (sentences, length) to `means` (sentences, width).

    Args:
        tensors: BERT's weights by their usual names, without a prefix.
        heads: attention heads.

    Raises:
        KeyError: weights are missing.
    """
    graph = Graph()
    parts = _Parts(graph, tensors, heads)
    x = parts.embedded(graph.given("tokens", ("sentences", "length"), TensorProto.INT64))
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    for layer in range(layers):
        x = parts.layer(f"encoder.layer.{layer}", x)
    graph.shown(graph.add("ReduceMean", x, graph.integers(1), keepdims=0), "means", ("sentences", "width"))
    return graph.model()


class _Parts:
    """Writes the parts into a graph."""

    def __init__(self, graph: Graph, tensors: Mapping[str, Floats], heads: int) -> None:
        self._graph = graph
        self._tensors = tensors
        self._heads = heads

    def embedded(self, tokens: str) -> str:
        """Return what the words, their places and their kind add up to: (sentences, length, width)."""
        graph, tensors = self._graph, self._tensors
        words = graph.constant(tensors["embeddings.word_embeddings.weight"].astype(np.float16))
        kind = tensors["embeddings.token_type_embeddings.weight"][0]
        places = graph.constant(tensors["embeddings.position_embeddings.weight"] + kind)
        length = graph.add("Slice", graph.add("Shape", tokens), graph.integers(1), graph.integers(2))
        x = graph.add("Cast", graph.add("Gather", words, tokens), to=TensorProto.FLOAT)
        x = graph.add("Add", x, graph.add("Slice", places, graph.integers(0), length))
        return self._normalised("embeddings.LayerNorm", x)

    def layer(self, part: str, x: str) -> str:
        """Let every token look at every other, and think."""
        graph = self._graph
        three = self._linear(x, *(f"{part}.attention.self.{kind}" for kind in ("query", "key", "value")))
        rows = graph.add_of("Split", 3, three, axis=-1, num_outputs=3)
        seen = graph.add("MultiHeadAttention", *rows, domain="com.microsoft", num_heads=self._heads)
        seen = self._linear(seen, f"{part}.attention.output.dense")
        x = self._normalised(f"{part}.attention.output.LayerNorm", graph.add("Add", x, seen))
        thought = graph.gelu(self._linear(x, f"{part}.intermediate.dense"))
        thought = self._linear(thought, f"{part}.output.dense")
        return self._normalised(f"{part}.output.LayerNorm", graph.add("Add", x, thought))

    def _linear(self, x: str, *names: str) -> str:
        """Multiply by the matrices of these names, one above the other."""
        weight, bias = (
            np.concatenate([self._tensors[f"{name}.{kind}"] for name in names]) for kind in ("weight", "bias")
        )
        return self._graph.linear(x, weight, bias)

    def _normalised(self, name: str, x: str) -> str:
        gamma, beta = self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
        return self._graph.layer_norm(x, gamma, beta, _EPSILON)
