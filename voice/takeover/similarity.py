"""How close two turns are in meaning: by sentence vectors where a model is there, by their words else."""

from collections.abc import Sequence

from voice.dialogue.learnt import Embed
from voice.dialogue.ngrams import NGrams, plain
from voice.dialogue.quantities import quantities

BY_MEANING = 0.55
"""Cosine of sentence vectors from which two turns say the same: 39 % of pairs of one request's examples reach
it and .6 % of pairs of two."""
BY_WORDS = 0.4
"""The same by shared letter groups of the words that carry meaning."""
_CARRIES = 3
"""Letters a word must have to carry meaning."""


class Similarity:
    """Compares turns.

    Args:
        embed: sentence vectors of unit length, one a row; None to go by the words alone.
        languages: the encoder was made for; others go by the words.
    """

    def __init__(self, embed: Embed | None = None, languages: Sequence[str] = ("en",)) -> None:
        self._embed = embed
        self._languages = languages

    def same(self, one: str, other: str, language: str) -> float | None:
        """Return how close two turns are, 0..1, where they say the same; None where they do not.

        Turns that name different figures are different, however alike they sound.
        """
        figures = [{(f.kind, f.value) for f in quantities(text, language)} for text in (one, other)]
        if all(figures) and figures[0] != figures[1]:
            return None
        by_words = _by_words(one, other)
        if by_words >= BY_WORDS:
            return round(by_words, 3)
        if self._embed is None or language not in self._languages:
            return None
        vectors = self._embed([one, other])
        by_meaning = float(vectors[0] @ vectors[1])
        return round(by_meaning, 3) if by_meaning >= BY_MEANING else None


def _by_words(one: str, other: str) -> float:
    texts = [" ".join(word for word in plain(text).split() if len(word) >= _CARRIES) for text in (one, other)]
    rows = NGrams(texts).embed(texts)
    return float(rows[0] @ rows[1])
