"""How many words were heard wrong, however they are spelt: counted after a normaliser, with an interval."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from voice.hearing.distance import edits
from voice.language_tag import code

_DRAWS = 2_000
_SEED = 1


class NormaliserMissing(RuntimeError):  # noqa: N818  (it is the normaliser that is missing)
    """The normaliser is not installed; the message says how to."""


@dataclass(frozen=True)
class WordErrors:
    """What one text was heard wrong.

    Attributes:
        wrong: words put in, left out or replaced.
        of: words that were said.
    """

    wrong: int
    of: int

    @property
    def rate(self) -> float:
        """The share; above 1 where more was heard than said, 1 where anything was heard in nothing."""
        return self.wrong / self.of if self.of else float(self.wrong > 0)


def word_errors(said: str, heard: str, language: str) -> WordErrors:
    """Count the words heard wrong, numbers, contractions and punctuation made alike first.

    Raises:
        NormaliserMissing: it is not installed.
    """
    normalised = _normaliser(code(language))
    one, other = _words(normalised(said)), _words(normalised(heard))
    return WordErrors(edits(one, other), len(one))


def pooled(errors: Sequence[WordErrors]) -> float:
    """Return the share of wrong words in all texts together."""
    return sum(each.wrong for each in errors) / max(1, sum(each.of for each in errors))


def interval(errors: Sequence[WordErrors]) -> tuple[float, float]:
    """Return the 95 % confidence interval of that share, by drawing texts anew (the bootstrap)."""
    if not errors:
        return 0.0, 1.0
    wrong, of = np.array([(each.wrong, each.of) for each in errors]).T
    draws = np.random.default_rng(_SEED).integers(0, len(errors), (_DRAWS, len(errors)))
    rates = wrong[draws].sum(axis=1) / np.maximum(1, of[draws].sum(axis=1))
    low, high = np.percentile(rates, (2.5, 97.5))
    return float(low), float(high)


def _words(text: str) -> list[str]:
    """Return a text's words, each figure one of its own: "13006" is as right as "1 3 0 0 6".

    A 1 that stands alone is left "one" by the English normaliser, for "no one".
    """
    return re.sub(r"(\d)", r" \1 ", re.sub(r"\bone\b", "1", text)).split()


@cache
def _normaliser(language: str) -> Callable[[str], str]:
    try:
        from whisper_normalizer.basic import BasicTextNormalizer  # noqa: PLC0415  (an optional extra)
        from whisper_normalizer.english import EnglishTextNormalizer  # noqa: PLC0415
    except ImportError:
        raise NormaliserMissing(
            "Counting words needs a normaliser: pip install 'hookflash[evaluation]'."
        ) from None
    normaliser: Callable[[str], str] = EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()
    return normaliser
