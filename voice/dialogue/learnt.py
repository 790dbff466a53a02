"""What a classifier learnt from a playbook's examples, and where it is kept between two starts.

Learning takes seconds, and a worker that was killed has to be back sooner.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from voice import kept_file

Floats = NDArray[np.float64]

_EDITION = 4
"""To be raised whenever the same examples would teach something else."""


class Embed(Protocol):
    """A sentence encoder."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Return one vector of unit length a row."""


class Encoders(NamedTuple):
    """Sentence encoders that views of a sentence are taken with; None for one that is not there."""

    english: Embed | None = None
    """Reads English, and other languages' glosses."""
    multilingual: Embed | None = None
    """Reads every language a line speaks."""


NO_ENCODERS = Encoders()


class Learnt(NamedTuple):
    """What is left of the examples once they are learnt from."""

    left_out_accuracy: Floats
    """(): share of the examples that all the others would have placed right."""
    meanings: NDArray[np.float32]
    """(examples, dimensions): their vectors by the English encoder; nothing where there is none."""
    meant: NDArray[np.float32]
    """(examples, dimensions): the same by the multilingual encoder."""
    dual: Floats
    """(examples, labels + 1): what closeness to each example is worth."""
    words: Floats
    """(features, labels + 1)."""
    english: Floats
    """(features, labels + 1)."""
    calibration: Floats
    """(4,): from evidence to the odds of being right."""


Kept = TypeVar("Kept", bound=NamedTuple)
"""Arrays, by name."""


class Shelf:
    """Keeps what was learnt.

    Args:
        folder: where; made where missing.
        encoder: names the sentence encoder, whose vectors the weights belong to.
    """

    def __init__(self, folder: Path, encoder: str) -> None:
        self._folder = folder
        self._encoder = encoder

    def recall(
        self, kind: type[Kept], texts: Sequence[str], labels: Sequence[str | None], learn: Callable[[], Kept]
    ) -> Kept:
        """Return what these examples teach, learning it only where that is not kept yet. Blocks.

        Args:
            kind: a named tuple of arrays.
            texts: the examples.
            labels: what each is about.
            learn: learns from them.
        """
        about = json.dumps([_EDITION, kind.__name__, self._encoder, list(texts), list(labels)])
        path = self._folder / f"{hashlib.sha256(about.encode()).hexdigest()[:24]}.npz"
        kept = kept_file.arrays(path)
        if kept.keys() >= set(kind._fields):
            return kind._make(kept[part] for part in kind._fields)
        learnt = learn()
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft.npz")
        np.savez(draft, allow_pickle=False, **learnt._asdict())
        draft.replace(path)
        return learnt
