"""Whisper's encoder and decoder as graphs, whatever the model's size."""

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from voice.networks.graph import Graph
from voice.networks.weights_file import Weights
from voice.networks.whisper_parts import Parts, named


def encoder(weights: Weights) -> bytes:
    """Return the graph from `mel` (1, bands, frames) to `states` (1, frames / 2, width).

    Raises:
        UnreadableWeights: these are no Whisper model's.
    """
    graph = Graph()
    parts = Parts(graph, weights, of_few=False)
    mel = graph.given("mel", (1, parts.size.bands, "frames"))
    sound = parts.convolution("encoder/conv2", parts.convolution("encoder/conv1", mel), stride=2)
    x = graph.add("Transpose", sound, perm=[0, 2, 1])
    length = graph.add("Shape", x, start=1, end=2)
    x = parts.placed("encoder", x, graph.integers(0), length)
    for layer in range(parts.size.encoder_layers):
        x = parts.encoder_layer(f"encoder/layer_{layer}", x)
    graph.shown(parts.normalised("encoder", x), "states", (1, "states", parts.size.width))
    return graph.model()


def memory(weights: Weights) -> bytes:
    """Return the graph from `states` (1, time, width) to what the decoder's layers look up in them.

    Outputs: `key_N` (1, heads, width of one, time) and `value_N` (1, heads, time, width of one).

    Raises:
        UnreadableWeights: these are no Whisper model's.
    """
    graph = Graph()
    parts = Parts(graph, weights, of_few=False)
    size = parts.size
    states = graph.given("states", (1, "time", size.width))
    for layer in range(size.decoder_layers):
        both = parts.linear(f"decoder/layer_{layer}/attention/linear_1", states)
        key, value = graph.add_of("Split", 2, both, axis=-1, num_outputs=2)
        keys = graph.heads(key, size.heads, (0, 2, 3, 1))
        graph.shown(keys, f"key_{layer}", (1, size.heads, size.head, "time"))
        graph.shown(graph.heads(value, size.heads), f"value_{layer}", (1, size.heads, "time", size.head))
    return graph.model()


def decoder(weights: Weights, looks: Sequence[tuple[int, int]]) -> bytes:
    """Return the graph that reads tokens and tells which comes next.

    Inputs: `tokens` (1, new), `past_key_N` and `past_value_N` (1, heads, before, width of one) of the tokens
    before, `key_N` and `value_N` as `memory` shows them. Outputs: `logits` (1, vocabulary) behind the last
    token, `looks` (1, looks, new, time) as probabilities, and `present_key_N`, `present_value_N`
    (1, heads, before + new, width of one).

    Args:
        weights: a Whisper model's.
        looks: (layer, head) pairs whose attention tells where in the sound a token is.

    Raises:
        UnreadableWeights: these are no Whisper model's.
    """
    graph = Graph()
    parts = Parts(graph, weights, of_few=True)
    size, embeddings = parts.size, named(weights, "decoder/embeddings/weight")
    tokens = graph.given("tokens", (1, "new"), TensorProto.INT64)
    before = ("key", "value")
    pasts = [
        [graph.given(f"past_{kind}_{layer}", (1, size.heads, "before", size.head)) for kind in before]
        for layer in range(size.decoder_layers)
    ]
    begin, new = graph.add("Shape", pasts[0][0], start=2, end=3), graph.add("Shape", tokens, start=1, end=2)
    end = graph.add("Add", begin, new)
    x = graph.add("Gather", graph.constant(embeddings.astype(np.float16)), tokens)
    x = parts.placed("decoder", graph.add("Cast", x, to=TensorProto.FLOAT), begin, end)
    hidden = _later(graph, begin, new, end)
    looked: dict[int, str] = {}
    for layer, past in enumerate(pasts):
        part = f"decoder/layer_{layer}"
        x, present = parts.self_attention(f"{part}/self_attention", x, past, hidden)
        for kind, tensor in zip(before, present, strict=True):
            graph.shown(tensor, f"present_{kind}_{layer}", (1, size.heads, "total", size.head))
        key = graph.given(f"key_{layer}", (1, size.heads, size.head, "time"))
        value = graph.given(f"value_{layer}", (1, size.heads, "time", size.head))
        x, looked[layer] = parts.cross_attention(f"{part}/attention", x, (key, value))
        x = parts.feed_forward(f"{part}/ffn", x)
    shown = [graph.add("Gather", looked[layer], graph.integers(head), axis=1) for layer, head in looks]
    graph.shown(graph.add("Concat", *shown, axis=1), "looks", (1, len(looks), "new", "time"))
    last = graph.add("Gather", x, graph.constant(np.array(-1, np.int64)), axis=1)
    logits = graph.linear(parts.normalised("decoder", last), embeddings)
    graph.shown(logits, "logits", (1, len(embeddings)))
    return graph.model()


def _later(graph: Graph, begin: str, new: str, end: str) -> str:
    """Return what hides from each new token those behind it: (new, end) of 0 and a large negative number."""
    hidden = graph.add(
        "Expand", graph.constant(np.array([[-1e9]], np.float32)), graph.add("Concat", new, end, axis=0)
    )
    first = graph.add("Squeeze", graph.add("Add", begin, graph.integers(1)))
    return graph.add("Trilu", hidden, first, upper=1)
