"""Whether a turn asks for a person, learnt from what many people said: the wordings' second opinion.

The fixed wordings of `voice.takeover.asking` know the plain ways to ask, and err where a turn only tells of
people. Here they are one sign among others, weighed against sentences that ask and sentences that mention:
groups of words and letters, the same with every person and machine named by what it is ("put me through to
PERSON"), and the meaning as a multilingual encoder sees it, where one is there.
"""

import csv
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from voice.dialogue.classifier import cosines
from voice.dialogue.learnt import Embed, Shelf
from voice.dialogue.ngrams import letter_groups, plain
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.turn_parts import views
from voice.takeover.asking import abstracted, is_about_people, may_want_human, wants_human

Floats = NDArray[np.float64]

ASKS = 0.5
"""Chance from which a turn is taken to ask for a person."""

_SENTENCES = Path(__file__).with_name("wordings") / "asked.tsv"
_COLUMNS = 1 << 17
_WORDS, _NAMED = 3, 4
"""Words of the longest groups, as they are and with people named by what they are."""
_SIGN = 0.5
"""What a verdict of the wordings weighs in its column."""
_ROUNDS, _RATE, _PENALTY = 6, 0.5, 1e-5
_SHARPNESS, _BIAS, _RIDGE = 1.5, 0.1, 0.1
_AXES = 160
"""Of the vectors' 512: with a third of them the sentences are told apart as well, in a third of the time."""
_MEANING = 4.0
"""What the meaning weighs beside the words; chosen with each writer's sentences left out in turn."""
_PLAIN = 5
"""Words up to which a turn is taken at the fixed wordings' word: none of 300 such turns was mistaken."""
_DOUBT = 0.5
"""Logarithm of the odds from which a turn is taken to ask, so that fewer mentions are taken for asking."""
_REMEMBERED = 256
"""Turns whose verdict stays: triggers, bot and rehearsals ask about the same one."""
_CLAUSE = 0.5
"""How much more plainly a clause must ask than the whole turn."""


class Taught(NamedTuple):
    """What the sentences of one language taught."""

    words: Floats
    """(columns + 1,): what each group, and each verdict of the wordings, is worth; the bias comes last."""
    axes: NDArray[np.float32]
    """(width of the encoder's vectors, dimensions): those in which the sentences differ most."""
    meant: NDArray[np.float32]
    """(sentences, dimensions): their vectors along these, of unit length; nothing without an encoder."""
    dual: Floats
    """(sentences,): what closeness to each is worth."""


class Asking:
    """Tells who asks for a person, for the callers of one playbook.

    Args:
        playbook: its sentences teach it beside those that come with the package.
        embed: a multilingual sentence encoder; None to go by the words.
        shelf: where what was taught is kept; None learns it anew, which takes seconds a language.
    """

    def __init__(self, playbook: Playbook, embed: Embed | None = None, shelf: Shelf | None = None) -> None:
        self._embed = embed
        self._evidence = lru_cache(_REMEMBERED)(self._weigh)
        self._taught = {
            language: _taught(playbook, language, embed, shelf) for language in playbook.languages
        }

    def chance(self, words: str, language: Language) -> float:
        """Return how likely a turn asks for a person, 0..1; from `ASKS` it is taken to."""
        return float(1 / (1 + np.exp(-np.clip(self._evidence(words, language), -30, 30))))

    def said(self, words: str, language: Language) -> str | None:
        """Return the words with which a turn asks for a person, or None."""
        return (wants_human(words, language) or words) if self.chance(words, language) >= ASKS else None

    def _weigh(self, words: str, language: Language) -> float:
        """Return the logarithm of the odds that a turn asks."""
        texts = views(words, language)
        odds = self._odds(texts, language)
        odds[1:] -= _CLAUSE
        best = float(odds.max()) - _DOUBT
        if best < 0 and len(plain(words).split()) <= _PLAIN and wants_human(words, language):
            return -best
        return best

    def _odds(self, texts: Sequence[str], language: Language) -> Floats:
        taught = self._taught[language]
        odds = np.array([_weighed(text, language, taught.words) for text in texts])
        if self._embed is not None and taught.meant.size:
            odds += _MEANING * (_near(_along(self._embed(texts), taught.axes), taught.meant) @ taught.dual)
        return odds


def _taught(playbook: Playbook, language: Language, embed: Embed | None, shelf: Shelf | None) -> Taught:
    asking = playbook.asking
    asks = [*_shipped(language, asks=True), *(asking.asks.get(language, ()) if asking else ())]
    others = [
        *_shipped(language, asks=False),
        *(asking.mentions.get(language, ()) if asking else ()),
        *(text for part in playbook.taught.values() for text in part.examples[language]),
        *playbook.elsewhere.get(language, ()),
    ]
    texts, labels = [*asks, *others], [*("asks" for _ in asks), *(None for _ in others)]

    def learn() -> Taught:
        return _learn(texts, np.array([label is not None for label in labels]), language, embed)

    return shelf.recall(Taught, texts, labels, learn) if shelf else learn()


def _shipped(language: str, *, asks: bool) -> Iterator[str]:
    yield from (text for spoken, text, does in _sentences() if spoken == language and does is asks)


@cache
def _sentences() -> tuple[tuple[str, str, bool], ...]:
    """Return language, text and whether it asks, of the sentences that come with the package."""
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        lang, text, asks = (head.index(name) for name in ("lang", "text", "asks"))
        return tuple((row[lang], row[text], row[asks] == "1") for row in rows)


def _learn(texts: Sequence[str], asks: NDArray[np.bool_], language: Language, embed: Embed | None) -> Taught:
    words = _fit([_signs(text, language) for text in texts], asks)
    if embed is None:
        return Taught(words, np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32), np.zeros(0))
    vectors = embed(texts)
    axes = np.linalg.eigh(vectors.T @ vectors)[1][:, -_AXES:]
    meant = _along(vectors, axes)
    closeness = _near(meant, meant)
    closeness[np.diag_indices(len(texts))] += _RIDGE
    dual = np.linalg.solve(closeness, np.where(asks, 1.0, -1.0))
    return Taught(words, axes, meant, dual.astype(np.float64))


Signs = tuple[NDArray[np.int64], Floats]


def _fit(rows: Sequence[Signs], asks: NDArray[np.bool_]) -> Floats:
    """Fit a logistic regression on sparse rows, each column at a rate of its own (Duchi et al. 2011)."""
    weights, travelled = np.zeros(_COLUMNS + 1), np.full(_COLUMNS + 1, 1e-2)
    order = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        for row in order.permutation(len(rows)):
            columns, values = rows[row]
            held = weights[columns]
            slope = (1 / (1 + np.exp(-(held @ values))) - asks[row]) * values + _PENALTY * held
            travelled[columns] += slope * slope
            weights[columns] = held - _RATE * slope / np.sqrt(travelled[columns])
    return weights


def _weighed(text: str, language: Language, weights: Floats) -> float:
    columns, values = _signs(text, language)
    return float(weights[columns] @ values)


def _signs(text: str, language: Language) -> Signs:
    """Return the columns a text holds and what they weigh in its row."""
    words = plain(text).split()
    said = {*_groups(words, _WORDS), *(f"#{group}" for word in words for group in letter_groups(word))}
    named = {
        f"@{group}" for clause in abstracted(text, language) for group in _groups(clause.split(), _NAMED)
    }
    verdicts = _verdicts(text, language)
    columns = [crc32(sign.encode()) % _COLUMNS for sign in (*said, *named, *verdicts)]
    values = np.concatenate([*(np.full(len(part), len(part) ** -0.5) for part in (said, named) if part),
                             np.full(len(verdicts), _SIGN), [1.0]])  # fmt: skip
    return np.array([*columns, _COLUMNS], dtype=np.int64), values


def _groups(words: Sequence[str], longest: int) -> Iterator[str]:
    framed = ["<", *words, ">"]
    for size in range(1, longest + 1):
        yield from (" ".join(framed[start : start + size]) for start in range(len(framed) - size + 1))


def _verdicts(text: str, language: str) -> list[str]:
    asks = wants_human(text, language) is not None
    about, may = is_about_people(text, language), may_want_human(text, language)
    verdicts = {
        "=asks": asks,
        "=about": about,
        "=may": may,
        "=may ask": asks and may,
        "=may be": about and may,
    }
    return [name for name, holds in verdicts.items() if holds]


def _along(vectors: NDArray[np.float32], axes: NDArray[np.float32]) -> NDArray[np.float32]:
    turned = vectors @ axes
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), dtype=np.float32)


def _near(one: NDArray[np.float32], other: NDArray[np.float32]) -> Floats:
    return np.asarray(np.exp(_SHARPNESS * (cosines(one, other) - 1)) + _BIAS, dtype=np.float64)
