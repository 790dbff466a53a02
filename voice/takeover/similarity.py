"""How close two turns are in meaning: by sentence vectors where a model is there, by their words else."""

from voice.dialogue.gloss import gloss
from voice.dialogue.learnt import Embed
from voice.dialogue.ngrams import NGrams, Vocabulary, plain
from voice.dialogue.quantities import quantities

BY_MEANING = {"en": 0.55, "fr": 0.57}
"""Cosine of sentence vectors from which two turns say the same, in French of their English glosses: 25 %
(18 % in French) of pairs of one request's examples reach it and .5 % (.6 %) of pairs of two."""
BY_WORDS = 0.4
"""The same by shared letter groups of the words that carry meaning."""
_CARRIES = 3
"""Letters a word must have to carry meaning."""


class Similarity:
    """Compares turns.

    Args:
        embed: vectors of unit length for English sentences, one a row; None to go by the words alone.
    """

    def __init__(self, embed: Embed | None = None) -> None:
        self._embed = embed

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
        enough = BY_MEANING.get(language)
        if self._embed is None or enough is None:
            return None
        vectors = self._embed([gloss(text) if language == "fr" else text for text in (one, other)])
        by_meaning = float(vectors[0] @ vectors[1])
        return round(by_meaning, 3) if by_meaning >= enough else None


def _by_words(one: str, other: str) -> float:
    texts = [" ".join(word for word in plain(text).split() if len(word) >= _CARRIES) for text in (one, other)]
    rows = NGrams(Vocabulary.of(texts)).embed(texts)
    return float(rows[0] @ rows[1])
