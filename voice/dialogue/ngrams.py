"""A sentence as the words and letter groups in it: what is left of closeness when no model is there.

Letter groups forgive what the ear got slightly wrong ("refound", "ballance"); accents and case are dropped.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.float32]

_LETTERS = (3, 4, 5)
_COMMON = 60
"""Rows a column fills before multiplying it whole is the quicker way."""
_HESITATION = re.compile(r"\b(?:u+h+m*|u+m+|e+r+m*|h+m+|ah+|oh+|euh+|heu+|hein|ben|bah)\b")


def plain(text: str) -> str:
    """Return the words in lower case, without accents, punctuation and hesitations, one blank between."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", _HESITATION.sub(" ", bare)))


class Vocabulary(NamedTuple):
    """The word pairs, words and letter groups of some sentences, as arrays that can be kept."""

    grams: NDArray[np.uint8]
    """UTF-8, one a line: those with a column, in their order, then the others that were met."""
    weights: Floats
    """(columns,)."""
    unmet: Floats
    """(): what one that was never met weighs."""

    @classmethod
    def of(cls, texts: Sequence[str], fewest: int = 1) -> "Vocabulary":
        """Return the vocabulary of sentences; a gram has a column if it is in so many of them."""
        documents = Counter(gram for text in texts for gram in set(_grams(text)))
        shared = sorted(gram for gram, count in documents.items() if count >= fewest)
        others = sorted(documents.keys() - set(shared))
        counts = np.array([documents[gram] for gram in shared], dtype=np.float64)
        return cls(
            np.frombuffer("\n".join([*shared, *others]).encode(), dtype=np.uint8),
            np.log((1 + len(texts)) / (1 + counts)) + 1,
            np.array(np.log(1 + len(texts)) + 1),
        )


class NGrams:
    """Sentences as weighted counts of word pairs, words and letter groups; rows have unit length at most.

    Weights are term frequency times inverse document frequency over the vocabulary's sentences; what is in
    none of them weighs nothing.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        met = vocabulary.grams.tobytes().decode().split("\n")
        self._met = frozenset(met)
        self._unmet = float(vocabulary.unmet)
        self._columns = {gram: column for column, gram in enumerate(met[: len(vocabulary.weights)])}
        self._weights = vocabulary.weights

    def embed(self, texts: Sequence[str]) -> Rows:
        """Return (texts, vocabulary); a text without a known gram is a row of zeros.

        Words and letter groups met in no text have no column but add to the length, so that a sentence of
        which one word is known is not taken for that word.
        """
        rows = np.zeros((len(texts), len(self._columns)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            columns, values = self._held(text)
            row[columns] = values
        return rows

    def weigh(self, texts: Sequence[str], weights: Floats) -> Floats:
        """Return `embed(texts) @ weights`, going by the few columns a text holds."""
        held = [self._held(text) for text in texts]
        return np.stack([values @ weights[columns] for columns, values in held])

    def _held(self, text: str) -> tuple[NDArray[np.intp], Floats]:
        """Return the columns a text holds, and what they weigh in its row."""
        held: dict[int, int] = {}
        unmet = 0.0
        for gram, count in Counter(_grams(text)).items():
            column = self._columns.get(gram)
            if column is not None:
                held[column] = count
            elif gram not in self._met and " " not in gram:
                unmet += ((1 + np.log(count)) * self._unmet) ** 2
        columns = np.fromiter(held, dtype=np.intp, count=len(held))
        values = self._weights[columns] * (1 + np.log(np.fromiter(held.values(), float, len(held))))
        return columns, values / (np.sqrt(values @ values + unmet) or 1)


def closeness_of(rows: Rows) -> Floats:
    """Return rows @ rows.T, the quick way for rows of mostly zeros."""
    common = np.count_nonzero(rows, axis=0) > _COMMON
    closeness = (rows[:, common] @ rows[:, common].T).astype(np.float64)
    for column in np.ascontiguousarray(rows[:, ~common].T):
        (held,) = column.nonzero()
        closeness[np.ix_(held, held)] += np.outer(column[held], column[held])
    return closeness


def _grams(text: str) -> Iterator[str]:
    words = plain(text).split()
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    for word in words:
        yield from letter_groups(word)


@lru_cache(maxsize=1 << 14)
def letter_groups(word: str) -> tuple[str, ...]:
    """Return the groups of three to five letters of a word and its ends."""
    framed = f"<{word}>"
    return tuple(framed[start : start + size] for size in _LETTERS for start in range(len(framed) - size + 1))
