"""Postcodes, said figure by figure or in groups: "seventy five oh twelve", "S W one A, one double A"."""

import re

from voice.dialogue.slots.codes import matching

FORMATS = {
    "DE": r"\d{5}",
    "ES": r"\d{5}",
    "FR": r"\d{5}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}",
    "IT": r"\d{5}",
    "NL": r"[1-9]\d{3}[A-Z]{2}",
    "NO": r"\d{4}",
    "US": r"\d{5}",
}
"""What a country's postcodes look like without blanks, by ISO 3166 code."""


def postcodes(text: str, language: str, country: str = "FR") -> tuple[str, ...]:
    """Return the postcodes that may have been said, without blanks, best first."""
    return matching(text, language, re.compile(FORMATS[country]))
