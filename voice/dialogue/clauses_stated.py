"""What a clause carries: it must state the same, as surely, under a condition that is met, for as much."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from voice.dialogue.claims import RECEIVED, Sentence, about_the_same, objects_of, stems
from voice.dialogue.commitments import ACTION, Commitment, stated, topics, wordings
from voice.dialogue.facts_found import Fact
from voice.dialogue.number_words import in_digits
from voice.dialogue.quantities import Kind, Quantity, quantities
from voice.dialogue.same_figure import equal

_OF_SOMETHING = frozenset(("waive", "credit", "refund", "cancel", "extend"))
"""Kinds of which it matters what is waived, refunded, ..."""
_FREE = re.compile(r"(?:at )?no \w*(?:charge|cost)|free\b|gratuit|sans (?:aucuns? )?frais")
"""What may happen free of charge is free of charge if it happens."""
_GIVEN = re.compile(r"\b(?:given|gets?|receives?|granted|accorde\w*|obtien\w*|recoi\w*)\b")
_ONLY = frozenset(("first", "new", "premi", "nouve"))
"""Stems of what a clause holds for alone."""


@dataclass(frozen=True)
class Clause:
    """A rule of the company.

    Attributes:
        name: its id.
        grants: what it states.
        provisos: each condition in it.
        conditions: the stems of the words of each.
        only: for whom or what it holds, where that is the first or the new.
        hedged: it says what may be, not what is.
    """

    name: str
    plain: str
    grants: tuple[Commitment, ...]
    figures: tuple[Quantity, ...]
    topics: frozenset[str]
    objects: frozenset[str]
    stems: frozenset[str]
    provisos: tuple[str, ...]
    conditions: tuple[frozenset[str], ...]
    only: frozenset[str]
    hedged: bool
    full: bool
    least: bool
    by_people: bool

    def carries(self, commitment: Commitment, said: Sentence, facts: Iterable[Fact]) -> bool:
        """Return whether the clause states what the sentence commits to."""
        told = commitment.done and commitment.kind != "waive"  # a rule does not tell what has happened
        surer = self.hedged and not commitment.possible and not _FREE.match(commitment.words)
        more = (said.full and not self.full) or (said.least and not self.least)
        of_else = commitment.kind in _OF_SOMETHING and said.objects - self.objects
        alone = self.by_people and not said.by_people
        other = commitment.kind == "receive" and not about_the_same(self.topics, said.topics)
        if not self._states(commitment) or told or surer or more or of_else or alone or other:
            return False
        met = said.stems.union(*(fact.stems for fact in facts))
        if self.only and not self.only & met:
            return False
        return all(not condition or condition & met for condition in self.conditions)

    def has(self, figure: Quantity, said: Sentence) -> bool:
        """Return whether a figure of the sentence is stated here, of the same thing."""
        if not about_the_same(self.topics, said.topics) or (said.least and not self.least):
            return False
        if figure.kind is Kind.NEAR:
            return str(figure.value[0]) in self.plain
        return any(equal(figure, own) for own in self.figures)

    def _states(self, commitment: Commitment) -> bool:
        kinds = {grant.kind for grant in self.grants}
        if commitment.kind == ACTION:
            return bool(self.stems & stems(commitment.verb))
        if commitment.kind == "receive":
            return bool(kinds & RECEIVED or _GIVEN.search(self.plain))
        return commitment.kind in kinds


@lru_cache(maxsize=512)
def read_clause(name: str, text: str, language: str) -> Clause:
    """Read one clause in its language."""
    known, plain = wordings(language), in_digits(text, language)
    provisos = tuple(_first_part(match[1] or "") for match in known.condition.finditer(plain))
    return Clause(
        name=name,
        plain=plain,
        grants=stated(text, language),
        figures=quantities(text, language),
        topics=topics(text, language),
        objects=objects_of(plain, language),
        stems=stems(plain),
        provisos=provisos,
        conditions=tuple(map(stems, provisos)),
        only=stems(plain) & _ONLY,
        hedged=bool(known.possible.search(plain)),
        full=bool(known.full.search(plain)),
        least=bool(known.least.search(plain)),
        by_people=bool(known.by_people.search(plain)),
    )


def _first_part(text: str) -> str:
    return re.split(r"[,;:.]", text, maxsplit=1)[0]
