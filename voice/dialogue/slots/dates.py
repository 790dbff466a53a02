"""Days as callers name them, relative to a given one: "in two weeks", "le vingt-sept", "27/11"."""

import calendar
import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from voice.dialogue.slots.numerals import and_a_half, cardinals
from voice.dialogue.slots.vocabulary import vocabulary
from voice.dialogue.slots.words import bare, words

# "Huit jours" is a week and "quinze jours" two: the day one counts from is counted too.
_IDIOMS: dict[tuple[float, int], int] = {(8, 1): 7, (15, 1): 14}
_FIGURES = re.compile(r"(?<!\d)(\d{1,4})([/.-])(\d{1,2})(?:\2(\d{2,4}))?(?![\d/])")
_OF_ONE = re.compile(r"\bd['\N{RIGHT SINGLE QUOTATION MARK} ](?=une?\b)", re.IGNORECASE)
_SHORT = 5
"""Words up to which a bare "three weeks" is an answer, and means in three weeks."""
_HALF_A_MONTH = 15
_WEEK_AFTER = r" week after (?!next)| following week | semaine (?:suivante|d?apres) "
_SOON = 3
"""Years ahead that two figures may name."""


def dates(
    text: str, language: str, today: date, *, past: bool = False, since: date | None = None
) -> tuple[date, ...]:
    """Return the days that may have been meant, the likeliest first.

    Args:
        text: as heard.
        language: `en` or `fr`.
        today: what "tomorrow" and "the 27th" are relative to.
        past: the day has been, as a birthday has: "the 27th of May" is the last one, years may be short.
        since: what "a week later" and "by a week" are relative to; None: today.
    """
    found = [*_written(text, today, past)]
    said = words(_OF_ONE.sub("de ", _FIGURES.sub(" ", text)), language)
    exact = [*_exact(said, language, today, past)]
    weekdays = vocabulary(language).weekdays
    named = {weekdays.index(word) for word in said if word in weekdays}
    found += [day for day in exact if day.weekday() in named]  # "Saturday the 14th" is no other Saturday
    found += _ahead(said, language, today, since or today)
    found += _weekday(said, language, today, past)
    found += _edge_of_month(said, language, today, past)
    found += exact
    if not found:
        found += _near(said, language, today, since)
    return tuple(dict.fromkeys(day for day in found if not past or day <= today))


def _written(text: str, today: date, past: bool) -> Iterator[date]:
    for match in _FIGURES.finditer(bare(text)):
        first, second = int(match[1]), int(match[3])
        if len(match[1]) == 4:
            yield from _days(first, second, int(match[4] or 1))
        elif len(match[1]) <= 2:
            year = _year(int(match[4]), today) if match[4] else None
            yield from _placed(first, second, year, today, past)
            yield from _placed(second, first, year, today, past)  # as Americans write it


def _exact(said: Sequence[str], language: str, today: date, past: bool) -> Iterator[date]:
    """Yield days named by their number: "the twenty seventh of May", "November 3rd 2026", "le premier"."""
    months = {name: place for place, name in enumerate(vocabulary(language).months, 1)}
    alone: list[date] = []
    for at in range(len(said)):
        month_before = months.get(said[at - 1]) if at else None
        for day, end, ordinal in _day_numbers(said, at, language):
            behind = end + (said[end : end + 1] in (["of"], ["de"]))
            if said[behind : behind + 1] and said[behind] in months:
                year = _named_year(said, behind + 1, language, today)
                yield from _placed(day, months[said[behind]], year, today, past)
                break
            if month_before and not (at > 1 and cardinals(said, at - 2, language)):
                year = _named_year(said, end, language, today)
                yield from _placed(day, month_before, year, today, past)
                break
            article = at > 0 and said[at - 1] in ("the", "le")
            unit = said[end : end + 1] and said[end] in vocabulary(language).units
            if (ordinal or article) and not unit and not _goes_on(said, at, language):
                alone += _next_such(day, today, past)
                break
    yield from alone


def _goes_on(said: Sequence[str], at: int, language: str) -> bool:
    """Return whether the number at `at` is the tail of one that began before: "seventh" of "27th"."""
    return at > 0 and any(end > at for _, end, _ in _day_numbers(said, at - 1, language))


def _day_numbers(said: Sequence[str], at: int, language: str) -> Iterator[tuple[int, int, bool]]:
    """Yield each day of a month that begins at word `at`, where it ends, and whether it is an ordinal."""
    ordinals = vocabulary(language).ordinals
    for number, end in cardinals(said, at, language):
        if end < len(said) and number in (20, 30) and ordinals.get(said[end], 99) < 10:
            yield number + ordinals[said[end]], end + 1, True
        if 1 <= number <= 31:
            ends = end < len(said) and said[end] in vocabulary(language).ordinal_endings
            yield number, end + ends, ends
    if at < len(said) and said[at] in ordinals:
        yield ordinals[said[at]], at + 1, True


def _named_year(said: Sequence[str], at: int, language: str, today: date) -> int | None:
    """Return the year that is named at word `at` ("nineteen eighty five"), or None."""
    at += said[at : at + 1] in (["in"], ["of"], ["en"], ["de"])
    for number, end in cardinals(said, at, language):
        if 1900 <= number <= 2100:
            return number
        if number in (19, 20):
            rest = [reading for reading in cardinals(said, end, language) if 10 <= reading[0] < 100]
            if rest:
                return number * 100 + rest[0][0]
        if 0 < number < 100:
            return _year(number, today)
    return None


def _ahead(said: Sequence[str], language: str, today: date, since: date) -> Iterator[date]:
    """Yield "in two weeks", "a month from now", "dans quinze jours"; "two weeks later" and "by a week"."""
    known = vocabulary(language)
    moves = any(word.startswith(known.moves) for word in said)
    for at, word in enumerate(said):
        if word not in known.units:
            continue
        begins = [start for start in range(max(0, at - 6), at) if said[start] in known.ahead]
        behind = and_a_half(said, at + 1, language)
        next_word = said[behind : behind + 1]
        after = bool(set(next_word) & set(known.after)) or said[behind : behind + 2] == ["de", "plus"]
        starts = range(begins[-1] + 1 if begins else max(0, at - 6), at)
        counts = [(count, start) for start in starts for count in _counts(said, start, at, language)]
        if not counts:
            continue
        count, start = counts[0]
        moved = moves and said[max(start - 1, 0)] in known.by
        more = moved or said[at - 1] in known.after or said[start] in known.some_more
        opened = begins or set(next_word) & set(known.later) or len(said) <= _SHORT
        if not (opened or after or more):
            continue
        unit = known.units[word]
        count += 0.5 * (behind > at + 1)
        first = since if (after or more) and not begins else today
        if language == "fr" and (idiom := _IDIOMS.get((count, unit))):
            yield first + timedelta(days=idiom)
        yield _later(first, count, unit)


def _counts(said: Sequence[str], at: int, unit: int, language: str) -> Iterator[float]:
    """Yield how many of the unit at word `unit` the words from `at` say: "two", "a", "a couple of"."""
    known = vocabulary(language)
    unit -= said[unit - 1] in known.after  # "two more weeks"
    for number, end in cardinals(said, at, language):
        if end == unit:
            yield number
        elif and_a_half(said, end, language) == unit > end:
            yield number + 0.5
    between = list(said[at + 1 : unit])
    if at < unit and said[at] in known.some and between in ([], ["of"], ["de"]):
        yield known.some[said[at]]


def _weekday(said: Sequence[str], language: str, today: date, past: bool) -> Iterator[date]:
    """Yield "Friday", "next Friday", "Friday week", "vendredi en huit"."""
    for at, word in enumerate(said):
        name = word.removesuffix("s")
        if name not in vocabulary(language).weekdays:
            continue
        ahead = (vocabulary(language).weekdays.index(name) - today.weekday() - 1) % 7 + 1
        around = " ".join(said[max(0, at - 3) : at + 5])
        if past:
            yield today - timedelta(days=7 - ahead)
        elif re.search(rf"{word} week|week on {word}|{word} en huit", around):
            yield today + timedelta(days=ahead + 7)
        elif re.search(r"next week|following week|semaine prochaine|semaine d apres", " ".join(said)):
            yield today + timedelta(days=7 - today.weekday() + vocabulary(language).weekdays.index(name))
        else:
            yield today + timedelta(days=ahead)
            if re.search(rf"next {word}", around):
                yield today + timedelta(days=ahead + 7)


def _edge_of_month(said: Sequence[str], language: str, today: date, past: bool) -> Iterator[date]:
    """Yield "the end of the month", "début du mois prochain"."""
    spoken = " ".join(said)
    coming = re.search(r"next month|mois prochain|following month", spoken) is not None
    month = _later(today.replace(day=1), int(coming), 0)
    last = calendar.monthrange(month.year, month.month)[1]
    if re.search(r"\b(?:end|last day) of (?:the|this|next) month|\bfin (?:du|de ce|de) mois", spoken):
        yield month.replace(day=last)
    elif re.search(r"\b(?:start|beginning|first) of (?:the )?next month|\bdebut du? ?mois prochain", spoken):
        yield month
    elif re.search(r"\b(?:middle of|mid) (?:the )?next month|\bmilieu du? ?mois prochain", spoken):
        yield month.replace(day=15)
    elif coming:
        numbers = (number for at in range(len(said)) for number, _, _ in _day_numbers(said, at, language))
        yield from _days(month.year, month.month, next(numbers, today.day))


def _near(said: Sequence[str], language: str, today: date, since: date | None) -> Iterator[date]:
    spoken = f" {' '.join(said)} "
    near = next((days for name, days in vocabulary(language).near.items() if f" {name} " in spoken), None)
    if near is not None:
        yield today + timedelta(days=near)
    elif since and re.search(_WEEK_AFTER, spoken):
        yield since + timedelta(days=7)
    elif re.search(r" next week | a week today | semaine prochaine ", spoken):
        yield today + timedelta(days=7)


def _placed(day: int, month: int, year: int | None, today: date, past: bool) -> Iterator[date]:
    if year is not None:
        yield from _days(year, month, day)
        return
    around = [one for year in range(today.year - 1, today.year + 2) for one in _days(year, month, day)]
    fitting = [one for one in around if (one <= today if past else one >= today)]
    yield from fitting[-1:] if past else fitting[:1]


def _next_such(day: int, today: date, past: bool) -> Iterator[date]:
    """Yield the next day of that number, today left out; or the last one."""
    for ahead in range(4):
        month = _later(today.replace(day=1), -ahead if past else ahead, 0)
        for one in _days(month.year, month.month, day):
            if (one <= today) if past else (one > today):
                yield one
                return


def _later(day: date, count: float, unit: int) -> date:
    """Return the day `count` units on; a unit of 0 is a month, and a month too short ends on its last day."""
    if unit:
        return day + timedelta(days=math.ceil(min(count, 3650) * unit))
    whole = math.floor(count)
    months = day.month - 1 + min(whole, 120)
    year, month = day.year + months // 12, months % 12 + 1
    on = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return on + timedelta(days=_HALF_A_MONTH * (count > whole))


def _year(number: int, today: date) -> int:
    """Return a year of two figures in full: those soon to come are of this century."""
    if number >= 100:
        return number
    return number + (2000 if number <= today.year % 100 + _SOON else 1900)


def _days(year: int, month: int, day: int) -> Iterator[date]:
    if 1 <= month <= 12 and 1900 <= year <= 2100 and 1 <= day <= calendar.monthrange(year, month)[1]:
        yield date(year, month, day)
