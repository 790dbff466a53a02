"""A BERT of a few numbers, and its forward pass written out in numpy, to hold the converted one against."""

import json
from math import erf

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
VOCABULARY = ("[PAD]", "[UNK]", "where", "is", "my", "money", "hello", "bank")
HEADS = 2
_SIZE, _INNER, _LAYERS, _POSITIONS = 64, 128, 2, 16


def random_bert(seed: int = 5) -> dict[str, Floats]:
    """Return weights under BERT's names."""
    random = np.random.default_rng(seed)
    tensors: dict[str, Floats] = {}

    def draw(name: str, *shape: int, around: float = 0.0) -> None:
        # Small before the activation, where GELU is furthest from its relatives, and large after it.
        spread = (
            {"intermediate": 0.1, "output": 0.6}.get(name.split(".")[-3 if name.count(".") > 2 else 0], 0.3)
            if around == 0
            else 0.3
        )
        tensors[name] = (around + spread * random.standard_normal(shape)).astype(np.float32)

    def norm(name: str) -> None:
        draw(f"{name}.weight", _SIZE, around=1.0)
        draw(f"{name}.bias", _SIZE)

    def linear(name: str, rows: int, columns: int) -> None:
        draw(f"{name}.weight", rows, columns)
        draw(f"{name}.bias", rows)

    draw("embeddings.word_embeddings.weight", len(VOCABULARY), _SIZE)
    draw("embeddings.token_type_embeddings.weight", 2, _SIZE)
    draw("embeddings.position_embeddings.weight", _POSITIONS, _SIZE)
    norm("embeddings.LayerNorm")
    for layer in range(_LAYERS):
        prefix = f"encoder.layer.{layer}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            linear(f"{prefix}.attention.{part}", _SIZE, _SIZE)
        norm(f"{prefix}.attention.output.LayerNorm")
        linear(f"{prefix}.intermediate.dense", _INNER, _SIZE)
        linear(f"{prefix}.output.dense", _SIZE, _INNER)
        norm(f"{prefix}.output.LayerNorm")
    return tensors


def as_safetensors(tensors: dict[str, Floats]) -> bytes:
    """Return the tensors as a safetensors file, with an integer tensor among them as BERT's have."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    every: dict[str, np.ndarray] = {**tensors, "embeddings.position_ids": np.arange(_POSITIONS)}
    for name, tensor in every.items():
        raw = tensor.tobytes()
        header[name] = {
            "dtype": "F32" if tensor.dtype == np.float32 else "I64",
            "shape": tensor.shape,
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def forward(tensors: dict[str, Floats], tokens: list[int]) -> Floats:
    """Return the last layer's states, one row a token."""

    def norm(x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(centred / spread * tensors[f"{name}.weight"] + tensors[f"{name}.bias"])

    def linear(x: Floats, name: str) -> Floats:
        return np.asarray(x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"])

    def heads(x: Floats) -> Floats:
        return x.reshape(len(tokens), HEADS, -1).transpose(1, 0, 2)

    states = norm(
        tensors["embeddings.word_embeddings.weight"][tokens]
        + tensors["embeddings.position_embeddings.weight"][: len(tokens)]
        + tensors["embeddings.token_type_embeddings.weight"][0],
        "embeddings.LayerNorm",
    )
    for layer in range(_LAYERS):
        prefix = f"encoder.layer.{layer}"
        query, key, value = (
            heads(linear(states, f"{prefix}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(_SIZE / HEADS))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        merged = mixed.transpose(1, 0, 2).reshape(len(tokens), -1)
        attended = linear(merged, f"{prefix}.attention.output.dense")
        states = norm(states + attended, f"{prefix}.attention.output.LayerNorm")
        inner = linear(states, f"{prefix}.intermediate.dense")
        gelu = inner * 0.5 * (1 + np.vectorize(erf)(inner / np.sqrt(2)))
        states = norm(states + linear(gelu, f"{prefix}.output.dense"), f"{prefix}.output.LayerNorm")
    return states
