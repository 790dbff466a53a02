"""Graded phrases and cues per language: what the wording model is trained on. Files, and how to read them."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

LEVELS = ("calm", "irritated", "angry")
_ALTERNATIVES = re.compile(r"\[([^\]]*)\]")
_VARIANTS = 8


def graded(language: str) -> list[tuple[str, int]]:
    """Return (phrase, level) pairs; a line with alternatives gives up to eight, each alternative used.

    The level is the index in `LEVELS`.
    """
    found = []
    for section, line in _lines(f"{language}.txt"):
        level = LEVELS.index(section)
        found += [(phrase, level) for phrase in _variants(line)]
    return found


@cache
def cues(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each kind of cue with its expression, in the order of the file; none for a language unknown."""
    try:
        lines = list(_lines(f"cues.{language}.txt"))
    except FileNotFoundError:
        return ()
    kinds = dict.fromkeys(kind for kind, _ in lines)
    return tuple(
        (kind, re.compile("|".join(rf"\b(?:{line})(?!\w)" for section, line in lines if section == kind)))
        for kind in kinds
    )


def _lines(name: str) -> Iterator[tuple[str, str]]:
    section = ""
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("# "):
            section = line[2:].strip()
        elif line.strip() and not line.startswith(";"):
            yield section, line.strip()


def _variants(line: str) -> list[str]:
    options = [part.split("|") for part in _ALTERNATIVES.findall(line)]
    longest = max((len(option) for option in options), default=1)
    rounds = min(_VARIANTS, longest * 2 if len(options) > 1 else longest)
    ends = [0, *(position for match in _ALTERNATIVES.finditer(line) for position in match.span()), len(line)]
    fixed = [line[start:end] for start, end in list(pairwise(ends))[::2]]
    found = []
    for number in range(rounds):
        text = fixed[0]
        for place, (option, after) in enumerate(zip(options, fixed[1:], strict=True)):
            text += option[(number + number // longest * place) % len(option)] + after
        found.append(" ".join(text.split()))
    return list(dict.fromkeys(found))
