"""A BERT-shaped sentence encoder, from safetensors to CTranslate2's int8 format and into use. No torch.

The shape is BERT's (Devlin et al. 2019): layer norm after each block, GELU, position and token-type
embeddings added to the words'. Sentence vectors are the mean over tokens, at unit length (Reimers and
Gurevych 2019).
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import ctranslate2
import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
_LONGEST = 128
_BATCH = 32


def read_safetensors(data: bytes) -> dict[str, Floats]:
    """Return a safetensors file's 32-bit floats: the file is a length, a JSON header, raw values."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    body = memoryview(data)[8 + size :]
    tensors = {}
    for name, about in header.items():
        if about.get("dtype") == "F32":
            start, end = about["data_offsets"]
            tensors[name] = np.frombuffer(body[start:end], dtype="<f4").reshape(about["shape"])
    return tensors


def convert(tensors: dict[str, Floats], heads: int, vocabulary: Sequence[str], target: Path) -> None:
    """Write a CTranslate2 encoder in int8 to the folder `target`.

    Args:
        tensors: BERT's weights by their usual names, without a prefix.
        heads: attention heads.
        vocabulary: the tokens in the order of their numbers.
        target: an existing, empty folder.
    """
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    encoder = transformer_spec.TransformerEncoderSpec(
        layers,
        heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"].copy()
    encoder.embeddings[1].weight = tensors["embeddings.token_type_embeddings.weight"].copy()
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, tensors, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        prefix = f"encoder.layer.{number}"
        attention = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        _linear(layer.self_attention.linear[0], tensors, *attention)
        _linear(layer.self_attention.linear[1], tensors, f"{prefix}.attention.output.dense")
        _norm(layer.self_attention.layer_norm, tensors, f"{prefix}.attention.output.LayerNorm")
        _linear(layer.ffn.linear_0, tensors, f"{prefix}.intermediate.dense")
        _linear(layer.ffn.linear_1, tensors, f"{prefix}.output.dense")
        _norm(layer.ffn.layer_norm, tensors, f"{prefix}.output.LayerNorm")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    spec.config.unk_token = "[UNK]"  # noqa: S105  (a vocabulary's token)
    spec.config.layer_norm_epsilon = 1e-12
    spec.register_vocabulary(list(vocabulary))
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(target))


def _linear(spec: common_spec.LinearSpec, tensors: dict[str, Floats], *names: str) -> None:
    spec.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([tensors[f"{name}.bias"] for name in names])


def _norm(spec: common_spec.LayerNormSpec, tensors: dict[str, Floats], name: str) -> None:
    spec.gamma = tensors[f"{name}.weight"]
    spec.beta = tensors[f"{name}.bias"]


class SentenceEncoder:
    """Sentence vectors on the CPU, a few milliseconds each. Blocks.

    Args:
        folder: as `convert` writes it, with `tokenizer.json`.
        threads: threads one batch may use.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder = folder
        self._encoder = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)

    @property
    def name(self) -> str:
        """A name that changes with the weights."""
        return hashlib.sha256((self._folder / "model.bin").read_bytes()).hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one vector of unit length a row; texts beyond 128 tokens are cut.

        Only texts of one length share a batch: padding takes time, and in int8 it moves the others' vectors.
        """
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        vectors: dict[int, Floats] = {}
        for length, alike in groupby(by_length, key=lambda row: len(tokens[row])):
            rows = list(alike)
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                output = self._encoder.forward_batch(
                    [tokens[row] for row in batch], token_type_ids=[[0] * length for _ in batch]
                )
                means = np.array(output.last_hidden_state, dtype=np.float32).mean(axis=1)
                vectors |= zip(batch, means / np.linalg.norm(means, axis=1, keepdims=True), strict=True)
        return np.stack([vectors[row] for row in range(len(tokens))])
