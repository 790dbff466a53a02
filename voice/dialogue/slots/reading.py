"""Reads one thing that must be known from a turn: the readers of this package behind one door."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from voice.dialogue.slots.codes import codes
from voice.dialogue.slots.dates import dates
from voice.dialogue.slots.money import amounts
from voice.dialogue.slots.order_numbers import nearest, order_numbers
from voice.dialogue.slots.postcodes import postcodes
from voice.dialogue.slots.sounds import closest
from voice.dialogue.slots.spelling import spelt_names

Kind = Literal["amount", "date", "birthday", "name", "order_number", "place", "postcode", "street"]
FREE: frozenset[Kind] = frozenset({"name", "place", "street"})
"""Kinds that nearly any words can be: read only from an answer to the question."""
_IN_PIECES: frozenset[Kind] = frozenset({"order_number", "postcode"})
_ENOUGH = 12

_NAMES_CLOSE = 0.35
_OPENINGS = {
    "en": re.compile(
        r"^(?:(?:well|so|um+|uh+|er+|yes|yeah|no|ok(?:ay)?|it's|it is|that's|that is|the|my|new|street"
        r"|address|town|city|is|w(?:ould|ill) be|i live|i'm|(?:i've |we've )?moved|now|in|at|to)\b[\s,]*)+",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"^(?:(?:alors|donc|euh+|oui|non|ben|bah|c'est|ce sera|ma|mon|la|le|nouvelle|adresse"
        r"|ville|est|j'habite|je suis|maintenant|à|au)(?![\w'])[\s,]*)+",
        re.IGNORECASE,
    ),
}
_CODE = re.compile(r"[\s,]*\b\d{5}\b.*$")


@dataclass(frozen=True)
class Wanted:
    """What to read for.

    Attributes:
        kind: what it is.
        pattern: of an order number.
        check_digit: whether an order number has one.
        country: of a postcode.
        expected: the values it may have, where they are known; empty: any.
        since: the day "a week later" counts from; None: the day of the call.
    """

    kind: Kind
    pattern: str = r"[A-Z]{0,3}\d{4,12}"
    check_digit: bool = False
    country: str = "FR"
    expected: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class Value:
    """What was read: dates as ISO 8601, amounts as `45.50 EUR`, codes without blanks.

    Attributes:
        text: the value.
        sure: it was said just so; what was only near to something expected is not.
    """

    text: str
    sure: bool = True


def read(words: str, language: str, wanted: Wanted, today: date) -> tuple[Value, ...]:
    """Return what `words` may say, best first; nothing where it is not in them."""
    if wanted.expected and (found := _expected(words, language, wanted)):
        return (found,)
    texts = _READERS[wanted.kind](words, language, wanted, today)
    return tuple(Value(text) for text in texts)


def unfinished(words: str, language: str, wanted: Wanted) -> bool:
    """Return whether `words` are the first figures of a code, the rest of which may be on its way."""
    if wanted.kind not in _IN_PIECES or read(words, language, wanted, date.min):
        return False
    heard = codes(words, language)
    return bool(heard) and 2 <= len(heard[0]) < _ENOUGH and len(heard[0]) >= len(words.split()) / 2


def _days(words: str, language: str, wanted: Wanted, today: date) -> Iterable[str]:
    past = wanted.kind == "birthday"
    return (day.isoformat() for day in dates(words, language, today, past=past, since=wanted.since))


def _street(words: str, language: str, wanted: Wanted, today: date) -> Iterable[str]:
    return _lettered(_CODE.sub("", _OPENINGS[language].sub("", words)))


def _place(words: str, language: str, wanted: Wanted, today: date) -> Iterable[str]:
    return _lettered(re.sub(r"\d+", "", _OPENINGS[language].sub("", words)))


_READERS: dict[Kind, Callable[[str, str, Wanted, date], Iterable[str]]] = {
    "amount": lambda words, language, wanted, today: amounts(words, language),
    "date": _days,
    "birthday": _days,
    "name": lambda words, language, wanted, today: spelt_names(words, language),
    "order_number": lambda words, language, wanted, today: order_numbers(
        words, language, wanted.pattern, check_digit=wanted.check_digit
    ),
    "postcode": lambda words, language, wanted, today: postcodes(words, language, wanted.country),
    "street": _street,
    "place": _place,
}


def _expected(words: str, language: str, wanted: Wanted) -> Value | None:
    if wanted.kind == "name":
        found = closest(spelt_names(words, language), wanted.expected, _NAMES_CLOSE, names=True)
        return Value(found[0], sure=found[1] == 0) if found else None
    number = nearest(words, language, wanted.expected)
    return Value(*number) if number else None


def _lettered(text: str) -> Iterable[str]:
    """Yield `text` without its end's punctuation, where it has letters."""
    told = text.strip(" ,.;!?")
    if re.search(r"[^\W\d]{2}", told):
        yield told[:1].upper() + told[1:]
