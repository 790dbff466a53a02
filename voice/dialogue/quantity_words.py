"""The words figures are made of: currencies, units, months; and those that are turned into digits first."""

import re
from functools import cache, partial
from pathlib import Path

from voice import yaml_file
from voice.dialogue.number_words import SPELT

_WORDINGS = Path(__file__).with_name("wordings")
FIGURE = rf"(\d+(?:\.\d+)?){SPELT}?"
CURRENCIES = {
    "EUR": r"€|euros?\b|eur\b",
    "GBP": r"£|pounds?\b|quid\b|gbp\b|livres?\b",
    "NOK": r"kron(?:e|er)\b|nok\b|couronnes?\b",
    "USD": r"\$|dollars?\b|bucks\b|usd\b",
}
CENTS = r"cents?\b|centimes?\b|pence\b|p\b(?!\.m)"
CURRENCY = "|".join(CURRENCIES.values())
UNITS = {
    "second": r"seconds?|secondes?|secs?",
    "minute": r"minutes?|mins?",
    "hour": r"hours?|hrs?|heures?|h",
    "day": r"days?|jours?|j",
    "week": r"weeks?|semaines?",
    "month": r"months?|mois",
    "year": r"years?|ans?|annees?",
}
UNIT = "|".join(f"(?P<{name}>{words})" for name, words in UNITS.items())
WORKING = r"working|business|banking|week|ouvres?|ouvrables?"


@cache
def wordings(language: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of each group of `wordings/quantities.*.yaml`."""
    source: dict[str, str] = yaml_file.load(_WORDINGS / f"quantities.{language}.yaml")
    return {name: tuple(line.strip() for line in text.strip().splitlines()) for name, text in source.items()}


def any_of(language: str, group: str) -> str:
    """Return a pattern for any line of a group."""
    return "|".join(wordings(language)[group])


def names(language: str, group: str) -> list[str]:
    """Return the words of a group."""
    return wordings(language)[group][0].split()


def ones(text: str, language: str) -> str:
    """Turn "a week", "un mois", "neuf jours" into digits, where they are a figure and no article."""
    units = "|".join(UNITS.values())
    article = {"en": "an?", "fr": "une?"}[language]
    length = rf"(?:full |single |good |small )?(?:(?:{WORKING}) )?(?:{units})\b"
    before = any_of(language, "before_one")
    counted = any_of(language, "counted")
    text = re.sub(
        rf"\b({any_of(language, 'before_count')}) ?(?:une?|one|1{SPELT}) (?={counted})", r"\1 1 ", text
    )
    text = re.sub(rf"\b2{SPELT} (?={counted})", "2 ", text)
    text = re.sub(rf"\b({before}) (?:{article}|the|l') ?(?={length})", r"\1 1 ", text)
    text = re.sub(rf"\b{article} (?={CURRENCY})", "1 ", text)
    text = re.sub(
        rf"\b(?:une?|an?|another) (?=(?:{length}) (?:de plus|en plus|supplementaire|more|extra|longer|off))",
        "1 ",
        text,
    )
    return re.sub(rf"\bneuf (?={length}|{CURRENCY}|%)", "9 ", text) if language == "fr" else text


def on_the_clock(text: str, language: str) -> str:
    """Turn "half past 8" and "9 heures moins le quart" into 8:30 and 8:45."""
    for line in wordings(language)["clock"]:
        pattern, _, minutes = line.rpartition(" => ")
        text = re.sub(pattern, partial(_ahead, int(minutes)), text)
    return text


def _ahead(minutes: int, match: re.Match[str]) -> str:
    whole = int(match["hour"]) * 60 + minutes
    return f"{whole // 60}:{whole % 60:02d}"
