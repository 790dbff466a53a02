"""Vectors of English sentences, by a BERT-shaped encoder."""

import hashlib
import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from voice.models.location import SENTENCES_FILE
from voice.networks.session import session

Floats = NDArray[np.float32]
TOKENIZER = "tokenizer.json"
_LONGEST = 128
"""Tokens; what is said in one breath has fewer."""
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


class SentenceEncoder:
    """Sentence vectors on the CPU, a few milliseconds each. Blocks.

    Args:
        folder: with the graph of `voice.networks.bert` and its tokenizer.
        threads: threads one batch may use.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._graph = folder / SENTENCES_FILE
        self._session = session(str(self._graph), threads)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)

    @property
    def name(self) -> str:
        """A name that changes with the weights."""
        return hashlib.sha256(self._graph.read_bytes()).hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one vector of unit length a row; texts beyond 128 tokens are cut.

        Only texts of one length share a batch: padding takes time.
        """
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        vectors: dict[int, Floats] = {}
        for _, alike in groupby(by_length, key=lambda row: len(tokens[row])):
            rows = list(alike)
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                given = np.array([tokens[row] for row in batch], np.int64)
                means: Floats = self._session.run(None, {"tokens": given})[0]
                vectors |= zip(batch, means / np.linalg.norm(means, axis=1, keepdims=True), strict=True)
        return np.stack([vectors[row] for row in range(len(tokens))])
