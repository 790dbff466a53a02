"""Numbers written out become digits: "forty-five euros fifty" is "45~ euros 50~", in English and French.

What was a word is marked with `SPELT`, because "two" alone is often no figure at all ("you two").
"""

import re
import unicodedata
from functools import cache

SPELT = "~"

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "vingt trente quarante cinquante soixante septante octante nonante",
}
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_PHRASES = {
    "en": {
        r"per ?cent": "%", r"(?:a )?fortnight": "14 days", r"(?:a )?dozen": "12", r"a couple of": "2",
        r"half (?:a|an) hour|(?:the|a) half hour": "30 minutes",
        r"(?:a )?quarter of an hour": "15 minutes",
        r"(?:and a half|point five) thousand": "thousand five hundred", r"(?<=\w )and a half\b": "",
    },
    "fr": {
        r"pour ?cents?": "%", r"une huitaine(?: de jours)?": "8 jours",
        r"une quinzaine(?: de jours)?": "15 jours", r"une dizaine d[e']": "10 ",
        r"une douzaine d[e']": "12 ", r"une vingtaine d[e']": "20 ", r"une trentaine d[e']": "30 ",
        r"une cinquantaine d[e']": "50 ", r"une centaine d[e']": "100 ",
        r"(?:une|la) demi heure": "30 minutes",
        r"trois quarts d'heure": "45 minutes", r"(?:un |le )?quart d'heure": "15 minutes",
        r"1er": "1",
    },
}  # fmt: skip
_GROUPED = re.compile(r"(?<![\d.,/])\d{1,3}(?:[ ,.]\d{3})+(?:[.,]\d{1,2})?(?![\d/])")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_THOUSANDS = {
    language: re.compile(rf"(?<![\d.])(\d{{1,3}})(?:\.(\d))?(?: {word}|k)\b")
    for language, word in (("en", "thousand"), ("fr", "mille"))
}
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])")


def bare(text: str) -> str:
    """Return the text in lower case without accents, its apostrophes and blanks plain."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def in_digits(text: str, language: str) -> str:
    """Return the text `bare`, with its numbers as digits: a point before decimals, nothing between thousands.

    Args:
        text: a sentence.
        language: `en` or `fr`.
    """
    plain = _HYPHEN.sub(" ", bare(text))
    plain = _DECIMAL_COMMA.sub(".", _GROUPED.sub(_ungrouped, plain))
    plain = _THOUSANDS[language].sub(lambda match: f"{match[1]}{match[2] or 0}00", plain)
    for words, figure in _PHRASES[language].items():
        plain = re.sub(rf"\b{words}", figure, plain)
    if language == "en":
        plain = _ordinal_pattern().sub(lambda match: f"{_ordinals()[match[0]]}th", plain)
    return _pattern(language).sub(lambda match: f"{_value(match[0], language)}{SPELT}", plain)


def _ungrouped(match: re.Match[str]) -> str:
    figure = match.group()
    decimals = re.search(r"[.,](\d{1,2})$", figure)
    whole = re.sub(r"\D", "", figure[: decimals.start()] if decimals else figure)
    return f"{whole}.{decimals[1]}" if decimals else whole


@cache
def _below_hundred(language: str) -> dict[str, int]:
    units = [unit.replace("-", " ") for unit in _UNITS[language].split()]
    words = {unit: number for number, unit in enumerate(units)}
    for place, ten in enumerate(_TENS[language].split(), start=2):
        words[ten] = place * 10
        for number in range(1, 10):
            words[f"{ten} {units[number]}"] = place * 10 + number
        if language == "fr":
            words[f"{ten} et un"] = words[f"{ten} et une"] = words[f"{ten} une"] = place * 10 + 1
    if language == "en":
        return words | {"fourty": 40}
    for number in range(10, 20):
        words[f"soixante {units[number]}"] = 60 + number
    words["soixante et onze"] = 71
    for eighty in ("quatre vingt", "quatre vingts"):
        words[eighty] = 80
        words |= {f"{eighty} {units[number]}": 80 + number for number in range(1, 20)}
    del words["un"], words["neuf"]  # an article, and "new"
    return words


@cache
def _pattern(language: str) -> re.Pattern[str]:
    below = "|".join(sorted(_below_hundred(language), key=len, reverse=True))
    if language == "en":
        hundred = rf"(?:{below}|a) hundred(?:(?: and)? (?:{below})(?! ?%))?"
        thousand, joint = rf"(?:{below}|a) thousand", "(?: and)? "
    else:
        several = "deux|trois|quatre|cinq|six|sept|huit|neuf"
        hundred = rf"(?:(?:{several}) cents?|cent)(?: (?:{below}))?"
        thousand, joint = rf"(?:(?:{below}) )?mille", " "
    return re.compile(rf"\b(?:{thousand}(?:{joint}(?:{hundred}|{below}))?|{hundred}|{below})(?!\w|')")


def _value(text: str, language: str) -> int:
    thousands, found, rest = text.partition("thousand" if language == "en" else "mille")
    if not found:
        thousands, rest = "", text
    hundreds = re.split(r"\b(?:hundred|cents?)\b", rest, maxsplit=1)
    value = 1000 * (_small(thousands, language) or 1) if found else 0
    if len(hundreds) == 2:
        value += 100 * (_small(hundreds[0], language) or 1)
    return value + _small(hundreds[-1], language)


def _small(text: str, language: str) -> int:
    return {"neuf": 9, **_below_hundred(language)}.get(text.removeprefix(" and").strip(), 0)


@cache
def _ordinals() -> dict[str, int]:
    words = {ordinal: number for number, ordinal in enumerate(_ORDINALS.split(), start=1)}
    tens = {"twenty": 20, "thirty": 30}
    words |= {f"{ten} {unit}": value + words[unit] for ten, value in tens.items() for unit in list(words)[:9]}
    return words | {"thirtieth": 30}


@cache
def _ordinal_pattern() -> re.Pattern[str]:
    """Match ordinals that may be a day; "first" and "second" only beside a month or behind "the ... of"."""
    words = "|".join(sorted(_ordinals(), key=len, reverse=True))
    months = "january|february|march|april|may|june|july|august|september|october|november|december"
    sure = words.replace("|second", "").replace("|first", "")
    return re.compile(
        rf"\b(?:(?:{words})(?= (?:of )?(?:{months})\b)|(?<=the )(?:{sure})(?!\w)"
        + "".join(rf"|(?<={month} )(?:{words})(?!\w)" for month in months.split("|"))
        + ")"
    )
