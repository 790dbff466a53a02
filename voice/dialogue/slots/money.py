"""Amounts of money: "forty five fifty", "45,50 €", "quatre-vingt-douze euros cinquante"."""

import re
from collections.abc import Collection, Sequence

from voice.dialogue.slots.numerals import and_a_half, cardinals, thousand
from voice.dialogue.slots.vocabulary import vocabulary
from voice.dialogue.slots.words import bare, words

_SYMBOLS = {"€": "euros", "£": "pounds", "$": "dollars"}
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+(?![\d])")
_DECIMAL = re.compile(r"(\d+)[.,](\d{1,2})(?!\d)")
_BEFORE = re.compile(
    r"([€£$])\s*(\d{1,3}(?:[.,\u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
)
_POINT = "decimalpoint"
_POINTS = {_POINT, "point", "virgule"}
_ZEROS = {"oh", "o", "zero"}
_HUNDREDS = {"en": (), "fr": ("cent", "cents")}
"""In French "deux cents" is two hundred before it is two cents."""
_JOINTS = {"and", "et", "with", "avec"}


def amounts(text: str, language: str, currency: str = "EUR") -> tuple[str, ...]:
    """Return the amounts said, written `45.50 EUR`; those with a currency's name first.

    Args:
        text: as heard.
        language: `en` or `fr`.
        currency: what is meant where none is named.
    """
    said = words(_written_out(text), language)
    named: list[str] = []
    bare_ones: list[str] = []
    at = 0
    while at < len(said):
        found = _amount(said, at, language)
        if found is None:
            at += 1
            continue
        cents, unit, at = found
        written = f"{cents // 100}.{cents % 100:02d} {unit or currency}"
        (named if unit else bare_ones).append(written)
    return tuple(dict.fromkeys((*named, *bare_ones)))


def _written_out(text: str) -> str:
    """Return `text` with symbols as words and decimals as "45 decimalpoint 50"."""
    plain = _BEFORE.sub(lambda match: f"{match[2]} {_SYMBOLS[match[1]]}", bare(text))
    for symbol, name in _SYMBOLS.items():
        plain = plain.replace(symbol, f" {name} ")
    plain = _GROUPED.sub(lambda match: re.sub(r"\D", "", match.group()), plain)
    return _DECIMAL.sub(lambda match: f"{match[1]} {_POINT} {match[2].ljust(2, '0')} ", plain)


def _amount(said: Sequence[str], at: int, language: str) -> tuple[int, str | None, int] | None:
    """Return cents, currency and the place behind the amount that begins at `at`, or None."""
    numbers = cardinals(said, at, language)
    if not numbers:
        return None
    whole, end = numbers[0]
    if _is(said, end, vocabulary(language).cents) and whole < 100 and not _is(said, end, _HUNDREDS[language]):
        return whole, None, end + 1
    if fraction := _fraction(said, end, language):
        times = 1000 if thousand(said, fraction[1], language) else 1
        unit, behind = _unit(said, fraction[1] + (times > 1), language)
        return (whole * 100 + fraction[0]) * times, unit, behind
    unit, behind = _unit(said, end, language)
    half = and_a_half(said, behind, language)
    joint = unit is not None and _is(said, behind, _JOINTS)
    rest = (50, half) if half > behind else _hundredths(said, behind + joint, language)
    if rest is None or (unit is None and rest[0] < 10 and not _is(said, behind, _ZEROS)):
        return whole * 100, unit, behind
    cents, last = rest
    late, behind = _unit(said, last, language)
    if late and unit:  # "twenty euros thirty euros" are two amounts
        return whole * 100, unit, last - 1
    return whole * 100 + cents, unit or late, behind + _is(said, behind, vocabulary(language).cents)


def _fraction(said: Sequence[str], at: int, language: str) -> tuple[int, int] | None:
    """Return the hundredths behind a whole number ("point five", "and a half" are 50), and where they end."""
    if (end := and_a_half(said, at, language)) > at:
        return 50, end
    if not _is(said, at, _POINTS):
        return None
    first = None if _is(said, at + 1, _ZEROS) else _digit(said, at + 1, language)
    if first is None:
        return _hundredths(said, at + 1, language)
    second = _digit(said, at + 2, language)
    return first * 10 + (second or 0), at + 2 + (second is not None)


def _digit(said: Sequence[str], at: int, language: str) -> int | None:
    """Return the figure that is said, or written, by itself at word `at`."""
    if at < len(said) and said[at].isdigit() and len(said[at]) > 1:
        return None
    below_hundred = [reading for reading in cardinals(said, at, language) if reading[0] < 100]
    number, end = below_hundred[0] if below_hundred else (100, at)
    return number if number < 10 and end == at + 1 else None


def _hundredths(said: Sequence[str], at: int, language: str) -> tuple[int, int] | None:
    """Return a number below a hundred said behind the whole ones ("oh five" is 5), and where it ends."""
    if _is(said, at, _ZEROS):
        return next((reading for reading in cardinals(said, at + 1, language) if reading[0] < 10), None)
    return next((reading for reading in cardinals(said, at, language) if reading[0] < 100), None)


def _is(said: Sequence[str], at: int, names: Collection[str]) -> bool:
    return at < len(said) and said[at] in names


def _unit(said: Sequence[str], at: int, language: str) -> tuple[str | None, int]:
    name = vocabulary(language).currencies.get(said[at]) if at < len(said) else None
    return name, at + (name is not None)
