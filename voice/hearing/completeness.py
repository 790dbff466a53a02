"""Whether words look as if their speaker were done. Pure: a list of wordings per language, nothing to load.

People pause inside turns where a sentence cannot end: behind "and", "because", "my number is", in the middle
of a number or an address. The wordings stand in `wordings/unfinished.*.yaml`.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from voice import yaml_file

_WORDINGS = Path(__file__).with_name("wordings")
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_TRAILING = re.compile(r"(?:\.\.\.|\N{HORIZONTAL ELLIPSIS}|[,;:\-\N{EN DASH}\N{EM DASH}])\s*$")
_WORD = re.compile(r"[\w'+]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_A_NUMBER = 2
"""Digits in a row that are a number being dictated rather than an amount or an hour."""


class Finish(Enum):
    """How the words of a turn so far end."""

    NOTHING = "nothing"
    """There are none."""
    OPEN = "open"
    """More must come: "my number is", "because"."""
    NUMBER = "number"
    """In a number or an address that may go on."""
    GREETING = "greeting"
    """A greeting and nothing else: what it is about may follow."""
    WHOLE = "whole"
    """Complete however it sounds: "no", "thank you, goodbye"."""
    TOLD = "told"
    """A statement that may be all; who tells a story pauses behind each of its sentences."""
    ASKED = "asked"
    """A question."""
    PLEASE = "please"
    """A question or a wish with a "please" behind it: nothing follows that."""


@dataclass(frozen=True)
class _Wordings:
    open: frozenset[str]
    asked: frozenset[str]
    asks: re.Pattern[str]
    begun: re.Pattern[str]
    ends: tuple[str, ...]
    wanting: tuple[str, ...]
    greeting: re.Pattern[str]
    whole: re.Pattern[str]
    leads: re.Pattern[str]
    digits: frozenset[str]
    places: re.Pattern[str]
    please: re.Pattern[str]
    question: re.Pattern[str]
    months: re.Pattern[str]
    day: re.Pattern[str]


def finish_of(text: str, language: str) -> Finish:
    """Return how a turn's words so far end.

    Args:
        text: as heard, with the recogniser's punctuation.
        language: `en` or `fr`, with or without a region; others are judged as English.
    """
    wordings = _wordings("fr" if language.lower().startswith("fr") else "en")
    text = text.strip()
    words = _WORD.findall(text.lower().replace(_APOSTROPHE, "'"))
    if not words:
        return Finish.NOTHING
    plain = " ".join(words)
    whole = ((wordings.whole, Finish.WHOLE), (wordings.greeting, Finish.GREETING))
    for pattern, finish in whole:
        if pattern.fullmatch(plain):
            return finish
    said = digits_at_end(words, wordings.digits)
    number = said >= _A_NUMBER or (said and wordings.leads.search(plain))
    if _dangles(words, plain, wordings):
        return Finish.OPEN
    if number or (wordings.places.search(plain) and not text.endswith("?")):
        return Finish.NUMBER
    return _closed(text, plain, wordings)


def _closed(text: str, plain: str, wordings: _Wordings) -> Finish:
    """Return how words end that may be all, unless the recogniser heard that they are not."""
    if _TRAILING.search(text):
        return Finish.OPEN
    if wordings.please.search(plain):
        return Finish.PLEASE
    return Finish.ASKED if text.endswith("?") or wordings.question.search(plain) else Finish.TOLD


def digits_in(text: str, language: str) -> int:
    """Return how many digits a text ends with, spoken or written."""
    wordings = _wordings("fr" if language.lower().startswith("fr") else "en")
    return digits_at_end(_WORD.findall(text.lower()), wordings.digits)


def date_is_whole(text: str, language: str, *, year: bool) -> bool:
    """Return whether a date may be all there: not after "the third", and not before the year it needs."""
    wordings = _wordings("fr" if language.lower().startswith("fr") else "en")
    plain = " ".join(_WORD.findall(text.lower()))
    if not has_month(text, language):
        return not year and not wordings.day.search(plain)
    return not year or bool(_YEAR.search(plain))


def has_month(text: str, language: str) -> bool:
    """Return whether a text names a month."""
    wordings = _wordings("fr" if language.lower().startswith("fr") else "en")
    return bool(wordings.months.search(text.lower()))


def digits_at_end(words: list[str], spoken: frozenset[str]) -> int:
    """Return how many digits the last words are, from the first of them that is one."""
    count = 0
    for word in reversed(words):
        figures = sum(sign.isdigit() for sign in word)
        if not figures and word not in spoken:
            break
        count += figures or 1
    return count


def _dangles(words: list[str], plain: str, wordings: _Wordings) -> bool:
    if any(plain.endswith(lead) for lead in wordings.wanting):
        return True
    if any(plain == end or plain.endswith(f" {end}") for end in wordings.ends):
        return False
    last = words[-1]
    if last in wordings.open or last.endswith("'") or wordings.begun.fullmatch(plain):
        return True
    return last in wordings.asked and not wordings.asks.match(plain)


@cache
def _wordings(language: str) -> _Wordings:
    source: dict[str, str] = yaml_file.load(_WORDINGS / f"unfinished.{language}.yaml")
    return _Wordings(
        open=frozenset(source["open"].split()),
        asked=frozenset(source["asked"].split()),
        asks=_any_of(source["asks"]),
        begun=re.compile("|".join(_phrases(source["begun"]))),
        ends=_phrases(source["ends"]),
        wanting=_phrases(source["unless_wanting"]),
        greeting=re.compile("|".join(_phrases(source["greeting"]))),
        whole=re.compile(source["whole"].strip()),
        leads=_any_of(source["leads"]),
        digits=frozenset(source["digits"].split()),
        places=_any_of(source["places"]),
        please=re.compile(source["please"].strip()),
        question=re.compile(source["question"].strip()),
        months=_any_of(source["months"]),
        day=re.compile(source["day"].strip()),
    )


def _phrases(bars: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in bars.split("|"))


def _any_of(bars: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _phrases(bars)))})\b")
