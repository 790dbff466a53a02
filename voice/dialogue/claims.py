"""What a sentence claims, in a form that can be held against facts and clauses."""

import re
from dataclasses import dataclass

from voice.dialogue.commitments import (
    Commitment,
    Wordings,
    claimed,
    commitments,
    is_denied,
    topics,
    wordings,
)
from voice.dialogue.concepts import meanings, thesaurus
from voice.dialogue.number_words import SPELT, in_digits
from voice.dialogue.quantities import Kind, Quantity, quantities

RECEIVED = frozenset(("refund", "credit", "deliver", "replace", "receive", "send"))
"""Kinds that end with something reaching the customer."""
_CLOSED = re.compile(
    r"\bclosed\b|\bnot open|n't open|\bnobody\b|\bexcept\b|"
    r"\bferme|n'(?:est|sommes|ouvr\w+) pas|\bpas ouvert|\bsauf\b"
)
_WHOLE = re.compile(r"(?:out )?of (?:the|your)\b|(?:sur|parmi) (?:les|vos|ces)\b")
_SPEAKER = re.compile(r"\b(?:i|we|us|let|je|j'|nous|on)(?!\w)|\bcall")
_SAME_WORD = 5
"""Letters two words must begin with alike."""
_SHORT = 3
_EMPTY = {
    "en": "the for you your and its has have was are our with that this not than they will would can",
    "fr": "les des une est pas par sur son ses qui que aux vous votre vos nous dans avec pour sont",
}
_EMPTY_WORDS = frozenset(" ".join(_EMPTY.values()).split())


@dataclass(frozen=True)
class Sentence:
    """A sentence, as far as it claims something.

    Attributes:
        loaded: it is more than plain talk.
        burdened: it speaks of what customers would rather not have.
        closed: it tells when nobody is there.
        wholes: parts of it that name what the rest is a part of.
    """

    language: str
    commitments: tuple[Commitment, ...]
    figures: tuple[Quantity, ...]
    topics: frozenset[str]
    objects: frozenset[str]
    stems: frozenset[str]
    full: bool
    least: bool
    by_people: bool
    loaded: bool
    burdened: bool
    closed: bool
    wholes: tuple[str, ...]

    @classmethod
    def read(cls, text: str, language: str) -> "Sentence":
        """Read one sentence in `language`."""
        known, plain = wordings(language), in_digits(text, language)
        return cls(
            language=language,
            commitments=commitments(text, language),
            figures=quantities(text, language),
            topics=topics(text, language),
            objects=objects_of(plain, language),
            stems=stems(plain),
            full=bool(known.full.search(plain)),
            least=at_least(plain, known),
            by_people=bool(known.by_people.search(plain)),
            wholes=tuple(part.replace(SPELT, "") for part in claimed(text, language) if _WHOLE.match(part)),
            burdened=any(
                meaning.concepts & thesaurus(language).burdens
                for part in claimed(text, language)
                for meaning in meanings(part, language)
            ),
            closed=bool(_CLOSED.search(plain)),
            loaded=any(_is_loaded(part, language) for part in claimed(text, language)),
        )


def _is_loaded(part: str, language: str) -> bool:
    """Return whether a part is more than plain talk, or nobody speaks of what they do themselves in it."""
    told = any(
        not is_denied(part, part.find(figure.text), len(part), language)
        for figure in quantities(part, language)
        if figure.kind is Kind.NEAR
    )
    by_somebody = _SPEAKER.search(part) or wordings(language).by_people.search(part)
    return (told and not by_somebody) or any(
        not meaning.neutral and not is_denied(part, meaning.start, meaning.end, language)
        for meaning in meanings(part, language)
    )


def about_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two sets of topics meet, or one of them says nothing."""
    return not one or not other or bool(one & other)


def at_least(plain: str, known: Wordings) -> bool:
    """Return whether "more than" is said, and not "not more than"."""
    match = known.least.search(plain)
    before = plain[: match.start()] if match else ""
    return match is not None and not (known.denied.search(before) or known.denied_next.search(before))


def objects_of(plain: str, language: str) -> frozenset[str]:
    """Return what of the company's a text is about: the fee, the interest, ..."""
    return frozenset(name for name, words in wordings(language).objects.items() if words.search(plain))


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that mean something."""
    words = (word.rstrip("s") for word in re.findall(r"[a-z]+", text) if word not in _EMPTY_WORDS)
    return frozenset(word[:_SAME_WORD] for word in words if len(word) >= _SHORT)
