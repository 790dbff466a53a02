"""Anger in the words: calm, irritated or angry, from word and character n-grams and named cues.

Two logistic regressions a language (at least irritated; angry), trained on the graded phrases of this
package by `hookflash train wording`; a second pair takes sentence vectors beside, where they are prepared.
Anger at a company reads differently from that of public text corpora, so none of those is used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from voice.dialogue.gloss import gloss
from voice.emotion.logistic import probability
from voice.emotion.phrases import cues

Array = NDArray[np.float64]

LANGUAGES = ("en", "fr")
WITH_SENTENCES = "+sentences"
COLUMNS = 1 << 15
_CUE_SCALE = 0.6
_VECTOR_SCALE = 0.5
_SENTENCE = re.compile(r"[.!?;…]+")
_NEGATED = re.compile(r"n['\u2019]t\b")
_UNWRITTEN = re.compile(r"[^\w\s]|_")
_SURE = 0.6
_QUOTED_WORDS = 12


@dataclass(frozen=True, slots=True)
class Wording:
    """What a turn's words say.

    Attributes:
        score: 0 (calm) to 1 (angry); 0.5 is irritated.
        quote: the sentence that says it most, as it was heard.
        cues: the kinds of cue in it, such as `legal_threat`.
    """

    score: float
    quote: str
    cues: tuple[str, ...]


CALM = Wording(0.0, "", ())


class Sentences(Protocol):
    """Turns sentences into vectors of unit length, as `voice.models.sentence_encoder` does."""

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Return one row a sentence."""


class WordingModel:
    """The two regressions of each language.

    Args:
        weights: per language, (2, COLUMNS + kinds of cue [+ width of its sentence vectors]): at least
            irritated, angry. Those that take sentence vectors are named `LANGUAGE+sentences`.
        biases: per name, (2,).
        sentences: the sentence encoder; None leaves the words to n-grams and cues.
    """

    def __init__(
        self, weights: dict[str, Array], biases: dict[str, Array], sentences: Sentences | None = None
    ) -> None:
        self._weights = weights
        self._biases = biases
        self._sentences = sentences

    def with_sentences(self, sentences: Sentences | None) -> "WordingModel":
        """Return the same model with a sentence encoder beside it."""
        return WordingModel(self._weights, self._biases, sentences)

    def read(self, text: str, language: str, confidence: float = 1.0) -> Wording:
        """Return how angry the words are; a language without a model is read as calm.

        Args:
            text: what the caller said, as the recogniser wrote it.
            language: "en", "fr", or a tag such as "en-GB".
            confidence: of the transcript, 0..1; below 0.6 the score is believed that much less.
        """
        language = language.split("-", maxsplit=1)[0].lower()
        if language not in self._weights:
            return CALM
        parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
        if not parts:
            return CALM
        scores = [self._score(part, language) for part in parts]
        best = int(np.argmax(scores))
        whole = self._score(text, language) if len(parts) > 1 else scores[best]
        found = [name for name, count in cue_counts(normalised(parts[best]), language) if count]
        score = max(whole, scores[best]) * min(confidence / _SURE, 1.0)
        return Wording(round(score, 4), _shortened(parts[best]), tuple(found))

    def _score(self, text: str, language: str) -> float:
        columns, values = features(text, language)
        name = f"{language}{WITH_SENTENCES}"
        if self._sentences is None or name not in self._weights:
            odds = self._weights[language][:, columns] @ values + self._biases[language]
            return float(probability(odds).mean())
        vector = vectors(text, language, self._sentences)
        weights = self._weights[name]
        odds = weights[:, columns] @ values + weights[:, -len(vector) :] @ vector + self._biases[name]
        return float(probability(odds).mean())


@cache
def shipped() -> WordingModel:
    """Return the model that comes with the package."""
    with resources.files("voice.emotion.weights").joinpath("wording.npz").open("rb") as file:
        stored = np.load(file)
        names = [key.removesuffix("/biases") for key in stored.files if key.endswith("/biases")]
        weights = {name: stored[f"{name}/weights"].astype(np.float64) for name in names}
        biases = {name: stored[f"{name}/biases"].astype(np.float64) for name in names}
    return WordingModel(weights, biases)


def normalised(text: str) -> str:
    """Return words in lower case with single spaces, apostrophes and punctuation gone ("don't": "dont")."""
    text = _NEGATED.sub("nt", text.lower())
    return " ".join(_UNWRITTEN.sub(" ", text).split())


def cue_counts(text: str, language: str) -> Iterator[tuple[str, int]]:
    """Yield each kind of cue and how often it occurs in normalised text, two at most."""
    for kind, expression in cues(language):
        yield kind, min(sum(1 for _ in expression.finditer(text)), 2)


def features(text: str, language: str) -> tuple[NDArray[np.int64], Array]:
    """Return columns and values: hashed n-grams of unit length together, then a column a kind of cue."""
    text = normalised(text)
    grams = sorted({crc32(gram.encode()) % COLUMNS for gram in _grams(text.split())})
    counts = np.array([count for _, count in cue_counts(text, language)], dtype=np.float64)
    columns = np.concatenate((grams, COLUMNS + np.flatnonzero(counts))).astype(np.int64)
    values = np.concatenate(
        (np.full(len(grams), 1 / np.sqrt(max(len(grams), 1))), _CUE_SCALE * counts[counts > 0])
    )
    return columns, values


def vectors(text: str, language: str, sentences: Sentences) -> Array:
    """Return what the sentence encoder makes of a text: (width,), in French (2 x width,).

    The encoder is an English one, so French goes through it twice, as it is and word by word in English.
    """
    texts = [text, gloss(text)] if language == "fr" else [text]
    return np.asarray(_VECTOR_SCALE * sentences(texts).astype(np.float64).ravel())


def _grams(words: list[str]) -> Iterator[str]:
    marked = ["<", *words, ">"]
    for size in (1, 2, 3):
        for start in range(len(marked) - size + 1):
            yield " ".join(marked[start : start + size])
    for word in words:
        padded = f"_{word}_"
        for size in (3, 4, 5):
            for start in range(len(padded) - size + 1):
                yield "#" + padded[start : start + size]


def _shortened(text: str) -> str:
    words = text.split()
    return text if len(words) <= _QUOTED_WORDS else "... " + " ".join(words[-_QUOTED_WORDS:])
