"""Every figure in a sentence, in words or digits: amounts, shares, durations, dates, times, other numbers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from voice.dialogue.number_words import SPELT, in_digits
from voice.dialogue.quantity_words import (
    CENTS,
    CURRENCIES,
    CURRENCY,
    FIGURE,
    UNIT,
    UNITS,
    WORKING,
    any_of,
    names,
    on_the_clock,
    ones,
    wordings,
)

Value = tuple[str | float | None, ...]


class Kind(StrEnum):
    """What a figure is."""

    AMOUNT = "amount"
    """(number, ISO currency or None)"""
    SHARE = "share"
    """(percent,)"""
    DURATION = "duration"
    """(number, unit): hours that make days are days, weeks are 7 days, years 12 months; working days stay."""
    DATE = "date"
    """(year, month, day, weekday from 0), each None where it is not said"""
    TIME = "time"
    """(minutes since midnight,)"""
    SPAN = "span"
    """(month, first day, last day): the end of June"""
    NEAR = "near"
    """(a day or span told from the day of the call, in its language: "tomorrow", "shortly")"""
    TIMES = "times"
    """(how often,)"""
    NUMBER = "number"
    """(number,)"""


@dataclass(frozen=True)
class Quantity:
    """One figure of a sentence.

    Attributes:
        kind: what it is.
        value: as `Kind` says.
        text: the words, numbers in digits.
    """

    kind: Kind
    value: Value
    text: str


_PARTS = {"early": (1.0, 10.0), "middle": (10.0, 20.0), "late": (21.0, 31.0)}
"""Days of a month."""


def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Return the figures of a text, each once, in no particular order.

    Args:
        text: a sentence, a clause or a fact, as it is written.
        language: `en` or `fr`.
    """
    rest = re.sub(any_of(language, "idioms"), " ", in_digits(text, language))
    rest = on_the_clock(ones(rest, language), language)
    found: list[Quantity] = []
    for pattern, read in _readers(language):

        def take(match: re.Match[str], read: _Read = read) -> str:
            quantity = read(match, language)
            if quantity is None:
                return match[0]
            found.append(replace(quantity, text=quantity.text.replace(SPELT, "").strip()))
            return " | "

        rest = pattern.sub(take, rest)
    return tuple(dict.fromkeys(found))


_Read = Callable[[re.Match[str], str], Quantity | None]


@cache
def _readers(language: str) -> "tuple[tuple[re.Pattern[str], _Read], ...]":
    """Return what reads each kind of figure, in the order in which they may take words away."""
    patterns: list[tuple[str, _Read]] = [
        *_date_readers(language),
        (rf"{FIGURE} ?%|\b(?P<half>half(?! (?:past|an hour))|moitie|halved?)\b", _share),
        (
            rf"(?<![\w.]){FIGURE} ?(?P<sign>{CURRENCY})(?: ?(?:and |et )?(?P<cents>\d{{1,2}}){SPELT}?"
            rf"(?: ?(?:{CENTS}))?(?!\d|[.:]\d|{SPELT}? ?(?:{UNIT})\b))?",
            _amount,
        ),
        (rf"(?P<sign>[€£$]|\b(?:eur|gbp|usd|nok)\b) ?{FIGURE}", _amount),
        (rf"(?<![\w.])(?P<only>\d{{1,3}}){SPELT}? ?(?:{CENTS})", _cents),
        (
            r"\b(?P<hour>\d{1,2}):(?P<minute>\d\d)\b(?: ?(?P<part>[ap]\.?m\b))?"
            r"(?: in the (?P<when>morning|afternoon|evening))?",
            _time,
        ),
        *((line, _time) for line in wordings(language)["times"]),
        (
            rf"(?<![\w.]){FIGURE}(?: |-)?(?:(?P<before>{WORKING}) )?(?:{UNIT})\b"
            rf"(?:-? ?(?P<after>{WORKING})\b)?",
            _duration,
        ),
        (rf"\b(?P<weekday>{'|'.join(names(language, 'days'))})s?\b", _date),
        (rf"\b(?:{any_of(language, 'near')})\b", _near),
        (r"(?<![\w.])(?P<plain>\d+\.\d\d)(?!\d)", _plain_amount),
        (rf"\b(?:(?P<times>\d+){SPELT}? (?:times|fois)|twice)\b", _times),
        (rf"(?<![\d.])\d(?:{SPELT}?[ -]\d(?!\d|\.\d))+{SPELT}?", _spelt_number),
        (rf"\d+(?:\.\d+)?{SPELT}?", _number),
    ]
    return tuple((re.compile(pattern), read) for pattern, read in patterns)


def _date_readers(language: str) -> Iterator[tuple[str, "_Read"]]:
    months, days = "|".join(names(language, "months")), "|".join(names(language, "days"))
    parts = {
        "weekday": rf"(?:(?P<weekday>{days}),? )?",
        "number": rf"(?P<day>\d{{1,2}}){SPELT}?(?:st|nd|rd|th|er)?",
        "year": rf"(?:,? (?P<year>\d{{4}}){SPELT}?)?(?![\d:])",
        "months": months,
        "days": days,
    }
    lines = (
        r"\b(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"(?<![\d/])(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{2,4}}))?(?![\d/])",
        r"\b{weekday}(?:the |le )?{number} (?:of )?(?P<month>{months})\b{year}",
        *wordings(language)["dates"],
        rf"\b(?:{any_of(language, 'before_month')}) (?P<month>{{months}})\b{{year}}",
    )
    early, middle, late = wordings(language)["parts_of_month"]
    yield (
        rf"\b(?:(?P<early>{early})|(?P<middle>{middle})|(?P<late>{late})) "
        rf"(?:of |de |d')?(?P<month>{months})\b",
        _span,
    )
    yield from ((line.format(**parts), _date) for line in lines)


def _date(match: re.Match[str], language: str) -> Quantity:
    named = match.groupdict()
    month = named.get("month")
    if month and not month.isdigit():
        month = str(names(language, "months").index(month) + 1)
    weekday = named.get("weekday")
    year = named.get("year")
    value = (
        float(year) + (2000 if len(year) == 2 else 0) if year else None,
        float(month) if month else None,
        float(named["day"]) if named.get("day") else None,
        float(names(language, "days").index(weekday)) if weekday else None,
    )
    return Quantity(Kind.DATE, value, match[0])


def _span(match: re.Match[str], language: str) -> Quantity:
    first, last = next(days for part, days in _PARTS.items() if match[part])
    month = float(names(language, "months").index(match["month"]) + 1)
    return Quantity(Kind.SPAN, (month, first, last), match[0])


def _share(match: re.Match[str], language: str) -> Quantity:
    return Quantity(Kind.SHARE, (50.0 if match["half"] else float(match[1]),), match[0])


def _amount(match: re.Match[str], language: str) -> Quantity:
    named = match.groupdict()
    figure = next(float(group) for group in match.groups() if group and re.fullmatch(r"\d+(\.\d+)?", group))
    cents = named.get("cents")
    value = figure + (float(cents) / 100 if cents else 0)
    sign = named["sign"]
    currency = next(code for code, words in CURRENCIES.items() if re.fullmatch(words, sign))
    return Quantity(Kind.AMOUNT, (round(value, 2), currency), match[0])


def _plain_amount(match: re.Match[str], language: str) -> Quantity:
    return Quantity(Kind.AMOUNT, (float(match["plain"]), None), match[0])


def _cents(match: re.Match[str], language: str) -> Quantity:
    return Quantity(Kind.AMOUNT, (round(float(match["only"]) / 100, 2), None), match[0])


def _duration(match: re.Match[str], language: str) -> Quantity:
    number = float(match[1])
    unit = next(name for name in UNITS if match[name])
    if unit == "day" and (match["before"] or match["after"]):
        unit = "working day"
    scale = {"hour": (24, "day"), "week": (1 / 7, "day"), "year": (1 / 12, "month")}.get(unit)
    if scale and (number / scale[0]).is_integer():
        number, unit = number / scale[0], scale[1]
    return Quantity(Kind.DURATION, (round(number, 3), unit), match[0])


def _time(match: re.Match[str], language: str) -> Quantity | None:
    named = match.groupdict()
    if named.get("noon") or named.get("midnight"):
        return Quantity(Kind.TIME, (720.0 if named.get("noon") else 0.0,), match[0])
    hour, minute = int(named["hour"]), int(named.get("minute") or 0)
    part = (named.get("part") or named.get("when") or "").replace(".", "")
    if hour > 24 or minute > 59 or match[0].strip(SPELT).isdigit():
        return None
    if part in {"pm", "afternoon", "evening", "night"} and hour < 12:
        hour += 12
    elif part in {"am", "morning"} and hour == 12:
        hour = 0
    return Quantity(Kind.TIME, (float(hour * 60 + minute),), match[0])


def _near(match: re.Match[str], language: str) -> Quantity:
    return Quantity(Kind.NEAR, (match[0],), match[0])


def _number(match: re.Match[str], language: str) -> Quantity | None:
    figure = float(match[0].rstrip(SPELT))
    if match[0].endswith(SPELT) and figure < 3:
        return None
    return Quantity(Kind.NUMBER, (figure,), match[0].rstrip(SPELT))


def _times(match: re.Match[str], language: str) -> Quantity:
    return Quantity(Kind.TIMES, (float(match["times"] or 2),), match[0])


def _spelt_number(match: re.Match[str], language: str) -> Quantity:
    """Return a number told digit by digit."""
    digits = re.sub(r"\D", "", match[0])
    return Quantity(Kind.NUMBER, (float(digits),), digits)


def weekday_of(value: Value) -> Value:
    """Return a date's value with its weekday filled in, where the whole date is known."""
    year, month, day, weekday = value
    if weekday is not None or not (year and month and day):
        return value
    try:
        return (year, month, day, float(date(int(year), int(month), int(day)).weekday()))
    except ValueError:
        return value
