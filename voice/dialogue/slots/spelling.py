"""Names, as they are given and spelt: "Solheim, S O L H E I M", "double L", "deux N", "E accent aigu"."""

import math
import re
import unicodedata
from collections.abc import Sequence

from voice.dialogue.slots.letters import letter
from voice.dialogue.slots.sounds import names_apart
from voice.dialogue.slots.vocabulary import vocabulary
from voice.dialogue.slots.words import words

_FEWEST = 3
_MOST = 3
"""Names spelt in one go."""
_ALIKE = 0.35
"""How far apart a name may be from the letters it is spelt with, on average."""
_GIVEN = {
    "en": re.compile(r"\b(?:(?:my|the) name is|name's|i am|i'm|it's|it is|this is)\s+(.+)", re.I),
    "fr": re.compile(r"\b(?:je m'appelle|mon nom est|mon nom c'est|c'est|je suis)\s+(.+)", re.I),
}  # fmt: skip


def spelt_names(text: str, language: str) -> tuple[str, ...]:
    """Return the names in `text`, the spelt one first, then as it was heard."""
    given = _GIVEN[language].search(text)
    told = re.split(r"[,.;?!]", given.group(1) if given else text)[0].strip()
    is_name = bool(told) and not any(figure.isdigit() for figure in told) and len(told.split()) <= 4
    heard = [" ".join(part.capitalize() for part in told.split())] if is_name else []
    spelt = _spelt(words(text, language), language)
    found = [_parted(spelt, told.split()).title()] if spelt else []
    return tuple(dict.fromkeys((*found, *heard)))


def _spelt(said: Sequence[str], language: str) -> str:
    """Return the longest run of letters, names in it parted by blanks; or nothing."""
    known = vocabulary(language)
    best, run, at = "", "", 0
    while at < len(said):
        spelt = _letters(said, at, language)
        if spelt:
            run, at = run + spelt[0], spelt[1]
        elif said[at] in known.breaks and run:
            run, at = f"{run.rstrip()} ", at + 1
        elif said[at] in known.hyphens and run:
            run, at = f"{run.rstrip()}-", at + 1
        elif said[at] in known.fillers and run:
            at += 1
        else:
            run, at = run if run.endswith(" ") else "", at + 1  # "last name is ..." goes on
        best = max(best, run.strip(" -"), key=len)
    names = " ".join(name for name in best.split() if len(name) > 1)
    return names if len(names) >= _FEWEST else ""


def _letters(said: Sequence[str], at: int, language: str) -> tuple[str, int] | None:
    """Return the letters spelt at word `at`, the same one twice for "double L", and the place behind them."""
    known = vocabulary(language)
    times = 2 if said[at] in known.pair else known.times.get(said[at], 1)
    place = at + (times > 1)
    if place >= len(said):
        return None
    if said[at] in known.pair and _is_plural(said[place]):
        said = [*said[:place], said[place][0], *said[place + 1 :]]
    spelt = letter(said, place, language)
    if spelt is None or (times > 1 and spelt[0] == "w"):
        return None
    mark, behind = _accent(said, spelt[1], language)
    return unicodedata.normalize("NFC", spelt[0] + mark) * times, behind


def _is_plural(word: str) -> bool:
    """Return whether a word is a letter said to come more than once: the "ls" of "two Ls"."""
    return len(word) == 2 and word.endswith("s")


def _accent(said: Sequence[str], at: int, language: str) -> tuple[str, int]:
    """Return the combining character of an accent that is named at word `at`, and the place behind it."""
    known, place = vocabulary(language), at
    while place < len(said) and said[place] in known.accent:
        place += 1
    if place < len(said) and said[place] in known.accents:
        return known.accents[said[place]], place + 1 + (said[place + 1 : place + 2] == ["accent"])
    return "", place if said[at:place][-1:] == ["accent"] else at


def _parted(spelt: str, told: Sequence[str]) -> str:
    """Part letters in which two or three names were spelt in one go, as they were told before."""
    if not 2 <= len(told) <= _MOST or re.search(r"[ -]", spelt):
        return spelt
    apart, names = _nearest(spelt, told)
    return " ".join(names) if apart <= _ALIKE * len(told) else spelt


def _nearest(spelt: str, told: Sequence[str]) -> tuple[float, tuple[str, ...]]:
    """Return how far apart the letters are from what was told, parted as is nearest to it, and the parts."""
    first, *rest = told
    if not rest:
        return names_apart(first, spelt), (spelt,)
    found: tuple[float, tuple[str, ...]] = (math.inf, (spelt,))
    for length in range(2, len(spelt) - 1):
        apart, names = _nearest(spelt[length:], rest)
        found = min(found, (names_apart(first, spelt[:length]) + apart, (spelt[:length], *names)))
    return found
