"""Figures and letters said one after the other: "F J one oh double four, seven one" is FJ104471.

What was said can often be read in more than one way ("soixante quinze" is 75, or 60 and 15), so readings
come as a list, best first, and whoever knows what a code looks like takes the first that does.
"""

import re
from collections.abc import Iterator, Sequence

from voice.dialogue.slots.letters import letter, may_be_a_word
from voice.dialogue.slots.numerals import cardinals
from voice.dialogue.slots.vocabulary import vocabulary
from voice.dialogue.slots.words import words

MOST = 64
"""Readings that are looked at; what is ambiguous beyond that was no code."""

_RUN_TOGETHER = re.compile(
    r"\b(?!\d+(?:st|nd|rd|th|er|e)\b)(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{2,}\b|\b(?!OK\b)[A-Z]{2,3}\b"
)
"""What Whisper writes as one word though it was spelt: "SW1A", "FJ104471", "FJ"."""
_MAGNITUDES = {"en": ("hundred", "thousand"), "fr": ("cent", "cents", "mille", "vingts")}


def codes(text: str, language: str) -> tuple[str, ...]:
    """Return the codes that may have been said, in digits and capitals, best first.

    A caller who corrects themselves says the right one last, so later codes come before earlier ones.

    Args:
        text: as heard.
        language: `en` or `fr`.
    """
    said = words(_RUN_TOGETHER.sub(lambda match: " ".join(match.group()), text), language)
    found: list[str] = []
    for start, run in reversed([*_runs(said, language)]):
        found += _readings(run, language)
        before = start
        while before and said[before - 1] in vocabulary(language).sound_alike:
            before -= 1
        if before < start:
            found += _readings([*said[before:start], *run], language)
    return tuple(dict.fromkeys(found))


def matching(text: str, language: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return the codes in `text` that are just what `pattern` describes, best first."""
    found = codes(text, language)
    whole = [code for code in found if pattern.fullmatch(code)]
    # A letter too many is often a word ("a 4407"): the code may stand within what was read.
    inside = re.compile(rf"(?<!\d)(?:{pattern.pattern})(?!\d)")
    within = [match.group() for code in found for match in [inside.search(code)] if match]
    return tuple(dict.fromkeys((*whole, *within)))


def _runs(said: Sequence[str], language: str) -> Iterator[tuple[int, list[str]]]:
    """Yield where each run of pieces begins, and its words."""
    run: list[str] = []
    start = at = 0
    while at < len(said):
        end = _item_end(said, at, language, within=bool(run))
        if end > at:
            start = start if run else at
            run += said[at:end]
        elif said[at] not in vocabulary(language).fillers:
            if run:
                yield start, run
            run = []
        at = max(end, at + 1)
    if run:
        yield start, run


def _item_end(said: Sequence[str], at: int, language: str, *, within: bool) -> int:
    """Return the place behind the piece of a code that begins at `at`; `at` itself where none does."""
    known, word = vocabulary(language), said[at]
    if cardinals(said, at, language) or word in known.zero or word in _MAGNITUDES[language]:
        return at + 1 if within or word not in _MAGNITUDES["en"] else at
    if word in known.times and at + 1 < len(said):
        return at + 1
    if within and (word in known.sound_alike or _joins(said, at, language)):
        return at + 1
    spelt = letter(said, at, language)
    if spelt is None:
        return at
    lonely = not within and (at + 1 >= len(said) or _item_end(said, at + 1, language, within=True) == at + 1)
    return at if lonely and may_be_a_word(said, at, language) else spelt[1]


def _joins(said: Sequence[str], at: int, language: str) -> bool:
    """Return whether the word is the "et" of "vingt et un"."""
    return said[at] == "et" and any(end > at + 1 for _, end in cardinals(said, at - 1, language))


def _readings(run: Sequence[str], language: str) -> list[str]:
    """Return the readings of one run of pieces, those of the fewest pieces first."""
    found: list[tuple[int, str]] = []

    def read(at: int, pieces: int, code: str) -> None:
        if len(found) >= MOST:
            return
        if at >= len(run):
            found.append((pieces, code))
            return
        for piece, end in _pieces(run, at, language):
            read(end, pieces + 1, code + piece)

    read(0, 0, "")
    return [code for _, code in sorted(found, key=lambda reading: reading[0]) if code]


def _pieces(run: Sequence[str], at: int, language: str) -> Iterator[tuple[str, int]]:
    word = run[at]
    if word.isdigit():
        yield word, at + 1
        return
    if word in vocabulary(language).times and at + 1 < len(run) and letter(run, at, language) is None:
        for piece, end in _pieces(run, at + 1, language):
            if len(piece) == 1:
                yield piece * vocabulary(language).times[word], end
        return
    if numbers := cardinals(run, at, language):
        yield from ((str(number), end) for number, end in numbers)
        return
    if word in vocabulary(language).zero:
        yield "0", at + 1
    if word in vocabulary(language).sound_alike:
        yield vocabulary(language).sound_alike[word], at + 1
    if spelt := letter(run, at, language):
        yield spelt[0].upper(), spelt[1]
    elif word not in vocabulary(language).zero and word not in vocabulary(language).sound_alike:
        yield "", at + 1
