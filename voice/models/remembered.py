"""A sentence encoder that remembers what it was asked last: a turn is read by several.

What begins as a guess at an unfinished turn is read again once the turn is over, by the understanding, the
wording and the search for repetitions alike.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from voice.dialogue.learnt import Embed

Floats = NDArray[np.float32]

_KEPT = 512


class Remembered:
    """The same vectors, each computed once while it is among the last; safe from several threads.

    Args:
        embed: the encoder.
        kept: sentences whose vectors stay, those used longest ago leave first.
    """

    def __init__(self, embed: Embed, kept: int = _KEPT) -> None:
        self._embed = embed
        self._kept = kept
        self._known: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str], /) -> Floats:
        """Return one vector of unit length a row."""
        with self._lock:
            rows = {text: row for text in texts if (row := self._recalled(text)) is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in rows]
        if missing:
            fresh = dict(zip(missing, self._embed(missing), strict=True))
            rows |= fresh
            with self._lock:
                self._keep(fresh)
        return np.stack([rows[text] for text in texts])

    def _recalled(self, text: str) -> Floats | None:
        if text in self._known:
            self._known.move_to_end(text)
        return self._known.get(text)

    def _keep(self, fresh: dict[str, Floats]) -> None:
        self._known |= fresh
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
