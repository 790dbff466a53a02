"""The first layers of Whisper's encoder as a graph that computes only the states asked for."""

import numpy as np
from onnx import TensorProto

from voice.networks.graph import Graph
from voice.networks.weights_file import UnreadableWeights, Weights
from voice.networks.whisper_parts import Parts, named

_REACH = 3
"""Frames that the second convolution sees of the first."""
_STRIDE = 2
"""Frames from one state to the next."""


def early_layers(weights: Weights, layers: int) -> bytes:
    """Return the graph from `mel` (1, bands, frames) and `places` (states) to `states` (1, states, width).

    The states that are left out cost nothing and are not looked at by the others, which stay where they were.

    Args:
        weights: a Whisper model's.
        layers: how many are run; the normalisation behind the last always is.

    Raises:
        UnreadableWeights: these are no Whisper model's, or it has fewer layers.
    """
    graph = Graph()
    parts = Parts(graph, weights, of_few=False)
    if not 0 < layers <= parts.size.encoder_layers:
        raise UnreadableWeights(f"The model has no encoder layer {layers}: it is not a Whisper model.")
    mel = graph.given("mel", (1, parts.size.bands, "frames"))
    places = graph.given("places", ("states",), TensorProto.INT64)
    sound = graph.add("Transpose", parts.convolution("encoder/conv1", mel), perm=[0, 2, 1])
    positions = graph.constant(named(weights, "encoder/position_encodings/encodings")[None])
    x = graph.add("Add", _seen(graph, weights, sound, places), graph.add("Gather", positions, places, axis=1))
    for layer in range(layers):
        x = parts.encoder_layer(f"encoder/layer_{layer}", x)
    graph.shown(parts.normalised("encoder", x), "states", (1, "states", parts.size.width))
    return graph.model()


def _seen(graph: Graph, weights: Weights, sound: str, places: str) -> str:
    """Return what the second convolution makes of the frames around each place: (1, states, width)."""
    kernel, bias = (named(weights, f"encoder/conv2/{kind}") for kind in ("weight", "bias"))
    padded = graph.add("Pad", sound, graph.integers(0, 1, 0, 0, 1, 0))
    first = graph.add("Mul", places, graph.integers(_STRIDE))
    frames = [
        graph.add("Gather", padded, graph.add("Add", first, graph.integers(offset)), axis=1)
        for offset in range(_REACH)
    ]
    rows = graph.add("Concat", *frames, axis=-1)
    return graph.gelu(graph.linear(rows, np.concatenate(np.moveaxis(kernel, 2, 0), axis=1), bias))
