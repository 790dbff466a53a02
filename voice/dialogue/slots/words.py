"""A caller's words one by one, as the readers of numbers, letters and dates want them."""

import re
import unicodedata

_PARTS = re.compile(r"\d+|[a-z]+")
_HESITATION = re.compile(r"\b(?:u+h+m*|u+m+|e+r+m+|err|h+m+|euh|heu|ben|bah)\b")
# "it's" is one word and holds no letter S; the "l'" of "l'adresse" is no letter L.
_APOSTROPHES = {"en": re.compile(r"(?<=[a-z])'(?=[a-z])"), "fr": re.compile(r"\b(?:qu|jusqu|[cdjlmnst])'")}


def bare(text: str) -> str:
    """Return `text` in lower case without accents, with plain apostrophes."""
    lower = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("œ", "oe")
    return "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))


def words(text: str, language: str) -> list[str]:
    """Return words and groups of digits in order, hesitations left out: "A B-12th" is a, b, 12, th."""
    return _PARTS.findall(_HESITATION.sub(" ", _APOSTROPHES[language].sub("", bare(text))))
