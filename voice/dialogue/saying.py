"""Facts as people say them: `45.50 EUR` is "45 euros 50", `2026-12-01` is "Tuesday the 1st of December".

A fact's own form tells what it is: an amount with its currency, an ISO date, a time of day, an identifier.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from string import Formatter
from typing import Any

_SENTENCE_ENDS = re.compile(r"(?<=[.!?]) +(?=[A-ZÀ-Ý])")
_MONEY = re.compile(r"(-?)(\d+)(?:\.(\d\d))? ([A-Z]{3})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d")
_IDENTIFIER = re.compile(r"(?=.*\d)[A-Z0-9]{5,}")

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip
_CURRENCIES = {
    "EUR": {"en": ("euro", "euros", "cent", "cents"), "fr": ("euro", "euros", "centime", "centimes")},
    "GBP": {"en": ("pound", "pounds", "penny", "pence"), "fr": ("livre", "livres", "penny", "pence")},
    "USD": {"en": ("dollar", "dollars", "cent", "cents"), "fr": ("dollar", "dollars", "cent", "cents")},
    "NOK": {"en": ("krone", "kroner", "øre", "øre"), "fr": ("couronne", "couronnes", "øre", "øre")},
}


def in_sentences(text: str) -> tuple[str, ...]:
    """Return a text cut into the sentences it is spoken in."""
    return tuple(_SENTENCE_ENDS.split(text))


def fill(template: str, facts: Mapping[str, str], language: str, today: date) -> str:
    """Return the sentence with each `{fact}` said as people say it; `{fact:day}` says a near day by its name.

    Raises:
        KeyError: the sentence wants a fact that is not there.
    """
    said = {name: _Fact(value, language, today) for name, value in facts.items()}
    return _FORMATTER.vformat(template, (), said)


def say(value: str, language: str) -> str:
    """Return one fact as it is spoken; what has no form of its own is said as it stands."""
    if match := _MONEY.fullmatch(value):
        minus = {"en": "minus ", "fr": "moins "}[language] if match[1] else ""
        return minus + _money(int(match[2]), int(match[3] or 0), match[4], language)
    if _DATE.fullmatch(value):
        return _date(date.fromisoformat(value), language)
    if _TIME.fullmatch(value):
        return _time(time.fromisoformat(value), language)
    if _IDENTIFIER.fullmatch(value):
        return " ".join(value)
    return value


class _Fact:
    def __init__(self, value: str, language: str, today: date) -> None:
        self._value, self._language, self._today = value, language, today

    def __format__(self, form: str) -> str:
        if form == "day" and _DATE.fullmatch(self._value):
            return _near_day(date.fromisoformat(self._value), self._today, self._language)
        return say(self._value, self._language)


class _Facts(Formatter):
    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs[key]


_FORMATTER = _Facts()


def _money(whole: int, cents: int, currency: str, language: str) -> str:
    names = _CURRENCIES.get(currency, {}).get(language)
    if names is None:
        return f"{whole}.{cents:02d} {currency}" if cents else f"{whole} {currency}"
    one, many, cent, more_cents = names
    unit = one if whole == 1 or (language == "fr" and whole == 0) else many
    if not cents:
        return f"{whole} {unit}"
    if not whole:
        return f"{cents} {cent if cents == 1 else more_cents}"
    return f"{whole} {unit} {cents}"


def _date(day: date, language: str) -> str:
    weekday = _DAYS[language][day.weekday()]
    month = _MONTHS[language][day.month - 1]
    if language == "fr":
        return f"{weekday} {'1er' if day.day == 1 else day.day} {month}"
    return f"{weekday} the {_ordinal(day.day)} of {month}"


def _near_day(day: date, today: date, language: str) -> str:
    names = {"en": ("today", "tomorrow"), "fr": ("aujourd'hui", "demain")}[language]
    ahead = (day - today).days
    if ahead in (0, 1):
        return names[ahead]
    return ("on " if language == "en" else "") + _DAYS[language][day.weekday()]


def _time(at: time, language: str) -> str:
    if language == "fr":
        hours = {0: "minuit", 1: "1 heure", 12: "midi"}.get(at.hour, f"{at.hour} heures")
        return f"{hours} {at.minute}" if at.minute else hours
    if at.minute == 0 and at.hour in (0, 12):
        return "midnight" if at.hour == 0 else "noon"
    minutes = f":{at.minute:02d}" if at.minute else ""
    part = "morning" if at.hour < 12 else "afternoon" if at.hour < 18 else "evening"
    return f"{(at.hour - 1) % 12 + 1}{minutes} in the {part}"


def _ordinal(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number not in (11, 12, 13) else "th"
    return f"{number}{suffix}"
