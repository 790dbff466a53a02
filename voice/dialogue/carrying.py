"""What a fact or a clause carries: it must say the same thing, not merely share a word with the sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from voice.dialogue.commitments import (
    ACTION,
    Commitment,
    Wordings,
    commitments,
    stated,
    topics,
    wordings,
)
from voice.dialogue.number_words import bare, in_digits
from voice.dialogue.quantities import Kind, Quantity, quantities, weekday_of

_RECEIVED = frozenset(("refund", "credit", "deliver", "replace", "receive", "send"))
"""Kinds that end with something reaching the customer."""
_OF_TOPIC = {"order": "deliver", "return": "receive"}
_OF_SOMETHING = frozenset(("waive", "credit", "refund", "cancel", "extend"))
"""Kinds of which it matters what is waived, refunded, ..."""
_SAME_WORD = 5
"""Letters two words must begin with alike."""
_SHORT = 3
_EMPTY = {
    "en": "the for you your and its has have was are our with that this not than they will would can",
    "fr": "les des une est pas par sur son ses qui que aux vous votre vos nous dans avec pour sont",
}
_EMPTY_WORDS = frozenset(" ".join(_EMPTY.values()).split())
_ONLY = frozenset(("first", "new", "premi", "nouve"))
"""Stems of what a clause holds for alone."""
_NAMED_UNITS = {"days": "day", "day": "day", "weeks": "week", "hours": "hour", "months": "month"}
_AHEAD = {
    "en": {"today": 0, "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2, "yesterday": -1},
    "fr": {"aujourd'hui": 0, "ce soir": 0, "demain": 1, "apres demain": 2, "hier": -1},
}
_NAMED_DAY = re.compile(r"[ap]\.?m\b|morning|afternoon|evening|night|:")


@dataclass(frozen=True)
class Sentence:
    """A sentence, as far as it claims something."""

    language: str
    commitments: tuple[Commitment, ...]
    figures: tuple[Quantity, ...]
    topics: frozenset[str]
    objects: frozenset[str]
    stems: frozenset[str]
    full: bool
    least: bool
    by_people: bool

    @classmethod
    def read(cls, text: str, language: str) -> "Sentence":
        """Read one sentence in `language`."""
        known, plain = wordings(language), in_digits(text, language)
        return cls(
            language=language,
            commitments=commitments(text, language),
            figures=quantities(text, language),
            topics=topics(text, language),
            objects=_objects(plain, language),
            stems=_stems(plain),
            full=bool(known.full.search(plain)),
            least=_at_least(plain, known),
            by_people=bool(known.by_people.search(plain)),
        )


@dataclass(frozen=True)
class Fact:
    """One fact of the back office; its name tells what it is about, its value how that stands."""

    name: str
    value: str
    kinds: frozenset[str]
    topics: frozenset[str]
    figures: tuple[Quantity, ...]
    stems: frozenset[str]
    state: str | None

    def carries(self, commitment: Commitment) -> bool:
        """Return whether the fact says what the commitment says."""
        return self._is_about(commitment) and not self._denies(commitment)

    def contradicts(self, commitment: Commitment) -> bool:
        """Return whether the fact is about the same thing and says otherwise."""
        return self._is_about(commitment) and self._denies(commitment)

    def has(self, figure: Quantity, said: Sentence, today: date | None) -> bool:
        """Return whether a figure of the sentence is this fact's."""
        if not _about_the_same(self.topics, said.topics):
            return False
        if figure.kind is Kind.NEAR:
            words = str(figure.value[0])
            return words in bare(self.value) or self._is_on(words, said.language, today)
        if figure.kind is Kind.NUMBER:
            digits = f"{figure.value[0]:g}"
            return any(_equal(figure, own) for own in self.figures) or digits in re.findall(
                r"\d+", self.value
            )
        return any(_equal(figure, own) for own in self.figures)

    def _is_about(self, commitment: Commitment) -> bool:
        if commitment.kind == ACTION:
            return bool(self.stems & _stems(commitment.words.split()[-1]))
        if commitment.kind == "receive":
            return bool(self.kinds & _RECEIVED)
        return commitment.kind in self.kinds

    def _denies(self, commitment: Commitment) -> bool:
        if commitment.kind == "receive" and self.value.startswith("return"):
            return False  # what was sent back has arrived, whatever becomes of it
        return self.state == "no" or (commitment.done and self.state == "waiting")

    def _is_on(self, words: str, language: str, today: date | None) -> bool:
        ahead = _AHEAD[language].get(words)
        if today is None or ahead is None:
            return False
        day = today + timedelta(days=ahead)
        wanted = (float(day.year), float(day.month), float(day.day))
        return any(own.kind is Kind.DATE and own.value[:3] == wanted for own in self.figures)


@dataclass(frozen=True)
class Clause:
    """A rule of the company.

    Attributes:
        name: its id.
        grants: what it states.
        conditions: the stems of the words of each condition in it.
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
    conditions: tuple[frozenset[str], ...]
    only: frozenset[str]
    hedged: bool
    full: bool
    least: bool
    by_people: bool

    def carries(self, commitment: Commitment, said: Sentence, facts: Iterable[Fact]) -> bool:
        """Return whether the clause states what the sentence commits to."""
        told = commitment.done and commitment.kind != "waive"  # a rule does not tell what has happened
        surer = self.hedged and not commitment.possible
        more = (said.full and not self.full) or (said.least and not self.least)
        of_else = commitment.kind in _OF_SOMETHING and said.objects - self.objects
        alone = self.by_people and not said.by_people
        other = commitment.kind == "receive" and not _about_the_same(self.topics, said.topics)
        if not self._states(commitment) or told or surer or more or of_else or alone or other:
            return False
        met = said.stems.union(*(fact.stems for fact in facts))
        if self.only and not self.only & met:
            return False
        return all(not condition or condition & met for condition in self.conditions)

    def has(self, figure: Quantity, said: Sentence) -> bool:
        """Return whether a figure of the sentence is stated here, of the same thing."""
        if not _about_the_same(self.topics, said.topics) or (said.least and not self.least):
            return False
        if figure.kind is Kind.NEAR:
            return str(figure.value[0]) in self.plain
        return any(_equal(figure, own) for own in self.figures)

    def _states(self, commitment: Commitment) -> bool:
        kinds = {grant.kind for grant in self.grants}
        if commitment.kind == ACTION:
            return bool(self.stems & _stems(commitment.words.split()[-1]))
        if commitment.kind == "receive":
            return bool(kinds & _RECEIVED)
        return commitment.kind in kinds


@lru_cache(maxsize=1024)
def read_fact(name: str, value: str, language: str) -> Fact:
    """Read one fact; its name is English, its value as the back office writes it."""
    text = f"{name.replace('_', ' ')} {value.replace('_', ' ')}"
    own_topics = topics(name, "en")
    kinds = {kind for kind, pattern in wordings("en").kinds.items() if pattern.search(bare(text))}
    kinds |= {kind for topic, kind in _OF_TOPIC.items() if topic in own_topics | topics(value, "en")}
    if re.search(r"\bnew (?:\w+ )*(?:date|day)|\bmoved\b", text):
        kinds.add("extend")
    figures = [*quantities(value, "en"), *quantities(value, language)]
    figures += _named(name, figures)
    if "waive" not in kinds and _is_nothing(value, figures):
        kinds.add("waive")
    return Fact(
        name=name,
        value=value,
        kinds=frozenset(kinds),
        topics=own_topics,
        figures=tuple(figures),
        stems=_stems(bare(text)),
        state=None if "waive" in kinds else _state(value),
    )


@lru_cache(maxsize=512)
def read_clause(name: str, text: str, language: str) -> Clause:
    """Read one clause in its language."""
    known, plain = wordings(language), in_digits(text, language)
    return Clause(
        name=name,
        plain=plain,
        grants=stated(text, language),
        figures=quantities(text, language),
        topics=topics(text, language),
        objects=_objects(plain, language),
        stems=_stems(plain),
        conditions=tuple(_stems(_first_part(match[1] or "")) for match in known.condition.finditer(plain)),
        only=_stems(plain) & _ONLY,
        hedged=bool(known.possible.search(plain)),
        full=bool(known.full.search(plain)),
        least=bool(known.least.search(plain)),
        by_people=bool(known.by_people.search(plain)),
    )


def _equal(claimed: Quantity, own: Quantity) -> bool:
    if claimed.kind is Kind.DATE and own.kind is Kind.DATE:
        full = weekday_of(own.value)
        return all(part is None or part == known for part, known in zip(claimed.value, full, strict=True))
    if claimed.kind is Kind.AMOUNT and own.kind is Kind.AMOUNT:
        same_currency = None in (claimed.value[1], own.value[1]) or claimed.value[1] == own.value[1]
        return claimed.value[0] == own.value[0] and same_currency
    if claimed.kind is Kind.TIME and own.kind is Kind.TIME:
        told_apart = _NAMED_DAY.search(claimed.text)
        hours = (claimed.value[0], own.value[0]) if told_apart else (_on_dial(claimed), _on_dial(own))
        return hours[0] == hours[1]
    if claimed.kind is Kind.NUMBER or own.kind is Kind.NUMBER:
        bare_number = claimed.kind in {Kind.AMOUNT, Kind.NUMBER, Kind.SHARE}
        return bare_number and claimed.value[0] == own.value[0] and own.kind is not Kind.DATE
    return claimed.kind is own.kind and claimed.value == own.value


def _on_dial(time: Quantity) -> float:
    return float(time.value[0] or 0) % 720


def _about_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _at_least(plain: str, known: Wordings) -> bool:
    """Return whether "more than" is said, and not "not more than"."""
    match = known.least.search(plain)
    return match is not None and not known.denied.search(plain[: match.start()])


def _objects(plain: str, language: str) -> frozenset[str]:
    return frozenset(name for name, words in wordings(language).objects.items() if words.search(plain))


def _stems(text: str) -> frozenset[str]:
    words = (word.rstrip("s") for word in re.findall(r"[a-z]+", text) if word not in _EMPTY_WORDS)
    return frozenset(word[:_SAME_WORD] for word in words if len(word) >= _SHORT)


def _first_part(text: str) -> str:
    return re.split(r"[,;:.]", text, maxsplit=1)[0]


def _named(name: str, figures: Iterable[Quantity]) -> list[Quantity]:
    """Return what a bare number is where the fact's name tells its unit: `refund_days=5`."""
    unit = next((unit for word, unit in _NAMED_UNITS.items() if word in name.split("_")), None)
    working = re.search(r"working|business", name)
    numbers = [figure for figure in figures if figure.kind is Kind.NUMBER]
    if unit is None:
        return []
    found: list[Quantity] = []
    for number in numbers:
        found += quantities(f"{number.value[0]:g} {'working ' if working else ''}{unit}s", "en")
    return found


def _is_nothing(value: str, figures: Iterable[Quantity]) -> bool:
    amounts = [figure for figure in figures if figure.kind is Kind.AMOUNT]
    return (
        value.startswith("nothing")
        or value in {"none", "paid"}
        or any(not amount.value[0] for amount in amounts)
    )


def _state(value: str) -> str | None:
    if any(character.isdigit() for character in value):
        return None
    words = bare(value.replace("_", " "))
    return next(
        (
            state
            for state in ("no", "waiting", "done")
            if any(wordings(language).states[state].search(words) for language in ("en", "fr"))
        ),
        None,
    )
