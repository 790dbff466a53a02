"""What a fact carries: it must say the same thing, not merely share a word with the sentence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from voice.dialogue.claims import RECEIVED, Sentence, about_the_same, stems
from voice.dialogue.commitments import ACTION, Commitment, topics, wordings
from voice.dialogue.number_words import bare
from voice.dialogue.quantities import Kind, Quantity, quantities
from voice.dialogue.same_figure import equal

_OF_TOPIC = {"order": "deliver", "return": "receive"}
_NAMED_UNITS = {"days": "day", "day": "day", "weeks": "week", "hours": "hour", "months": "month"}
_WEEKDAYS = (
    ("monday", "mon", "lundi", "lun"),
    ("tuesday", "tue", "mardi", "mar"),
    ("wednesday", "wed", "mercredi", "mer"),
    ("thursday", "thu", "jeudi", "jeu"),
    ("friday", "fri", "vendredi", "ven"),
    ("saturday", "sat", "samedi", "sam"),
    ("sunday", "sun", "dimanche", "dim"),
)
_DAY = "|".join(name for names in _WEEKDAYS for name in names)
_DAYS = re.compile(rf"\b({_DAY})\b\.?(?: ?(?:-|to|a|au) ?({_DAY})\b)?")
_CAME_IN = re.compile(r"received|registered|paid_on|paid_date|arrived")
_ANYTHING = re.compile(r"^(?:send|sent|sending) (?:it|them)\b")
_NOW = frozenset(
    ("today", "tonight", "this evening", "this afternoon", "aujourd'hui", "ce soir", "cet apres midi")
)
_WEEKEND = re.compile(r"week ?end")
_AHEAD = {
    "en": {"today": 0, "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2, "yesterday": -1},
    "fr": {"aujourd'hui": 0, "ce soir": 0, "demain": 1, "apres demain": 2, "hier": -1},
}


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
        if not about_the_same(self.topics, said.topics):
            return False
        if figure.kind is Kind.NEAR:
            return self._has_near(str(figure.value[0]), said, today)
        if figure.kind is Kind.DATE and said.closed and (days := set(_weekdays(self.value))):
            return all(figure.value[3] != day.value[3] for day in days) or any(
                equal(figure, day) for day in days
            )
        if figure.kind is Kind.NUMBER:
            digits = f"{figure.value[0]:g}"
            return any(equal(figure, own) for own in self.figures) or digits in re.findall(r"\d+", self.value)
        return any(equal(figure, own) for own in self.figures)

    def _has_near(self, words: str, said: Sentence, today: date | None) -> bool:
        if said.closed and _WEEKEND.search(words):
            return self._is_shut_at_weekends()
        always = "hours" in self.topics and words in _NOW
        return always or words in bare(self.value) or self._is_on(words, said.language, today)

    def _is_about(self, commitment: Commitment) -> bool:
        if commitment.kind == ACTION:
            return bool(self.stems & stems(commitment.verb))
        if commitment.kind == "deliver" and _ANYTHING.search(commitment.words):
            return bool(self.kinds & RECEIVED)
        if commitment.kind == "receive":
            came_in = commitment.done and _CAME_IN.search(self.name)
            return bool(self.kinds & RECEIVED or came_in)
        return commitment.kind in self.kinds

    def _denies(self, commitment: Commitment) -> bool:
        if commitment.kind == "receive" and self.value.startswith("return"):
            return False  # what was sent back has arrived, whatever becomes of it
        if self.value.startswith(commitment.kind):
            return False  # `order_status=cancelled` tells of the cancelling
        return self.state == "no" or ((commitment.done or commitment.active) and self.state == "waiting")

    def _is_shut_at_weekends(self) -> bool:
        days = {figure.value[3] for figure in _weekdays(self.value)}
        return bool(days) and not days & {5.0, 6.0}

    def _is_on(self, words: str, language: str, today: date | None) -> bool:
        ahead = _AHEAD[language].get(words)
        if today is None or ahead is None:
            return False
        day = today + timedelta(days=ahead)
        wanted = (float(day.year), float(day.month), float(day.day))
        return any(own.kind is Kind.DATE and own.value[:3] == wanted for own in self.figures)


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
    figures += [*_named(name, figures), *_weekdays(value)]
    if "waive" not in kinds and _is_nothing(value, figures):
        kinds.add("waive")
    return Fact(
        name=name,
        value=value,
        kinds=frozenset(kinds),
        topics=own_topics,
        figures=tuple(figures),
        stems=stems(bare(text)),
        state=None if "waive" in kinds else _state(value),
    )


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


def _weekdays(value: str) -> Iterator[Quantity]:
    """Yield every day that opening hours tell of: `Mon-Fri` is five."""
    for first, last in _DAYS.findall(bare(value)):
        begin = next(day for day, names in enumerate(_WEEKDAYS) if first in names)
        end = next((day for day, names in enumerate(_WEEKDAYS) if last in names), begin)
        for day in range(begin, end + 1 if end >= begin else end + 8):
            yield Quantity(Kind.DATE, (None, None, None, float(day % 7)), first)


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
