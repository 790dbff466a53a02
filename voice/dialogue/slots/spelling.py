"""Names, as they are given and spelt: "Solheim, S O L H E I M", "double L", "S for sugar"."""

import re

from voice.dialogue.slots.letters import letter
from voice.dialogue.slots.vocabulary import vocabulary
from voice.dialogue.slots.words import words

_FEWEST = 3
_GIVEN = {
    "en": re.compile(r"\b(?:(?:my|the) name is|name's|i am|i'm|it's|it is|this is)\s+(.+)", re.I),
    "fr": re.compile(r"\b(?:je m'appelle|mon nom est|mon nom c'est|c'est|je suis)\s+(.+)", re.I),
}  # fmt: skip


def spelt_names(text: str, language: str) -> tuple[str, ...]:
    """Return the names in `text`, the spelt one first, then as it was heard."""
    found = [spelt] if (spelt := _spelt(words(text, language), language)) else []
    given = _GIVEN[language].search(text)
    told = re.split(r"[,.;?!]", given.group(1) if given else text)[0].strip()
    if told and not any(figure.isdigit() for figure in told) and len(told.split()) <= 4:
        found.append(" ".join(part.capitalize() for part in told.split()))
    return tuple(dict.fromkeys(found))


def _spelt(said: list[str], language: str) -> str:
    """Return the longest word that is spelt, or nothing."""
    best = run = ""
    at = 0
    while at < len(said):
        times = vocabulary(language).times.get(said[at], 1)
        place = at + (times > 1)
        spelt = letter(said, place, language) if place < len(said) else None
        if spelt and not (times > 1 and spelt[0] == "w"):
            run += spelt[0] * times
            at = spelt[1]
        elif said[at] in vocabulary(language).fillers and run:
            at += 1
        else:
            run, at = "", at + 1
        best = max(best, run, key=len)
    return best.capitalize() if len(best) >= _FEWEST else ""
