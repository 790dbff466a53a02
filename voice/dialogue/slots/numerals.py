"""Whole numbers as they are spoken: "four hundred and seven", "quatre-vingt-douze"."""

from collections.abc import Iterator, Sequence

from voice.dialogue.slots.vocabulary import vocabulary

Reading = tuple[int, int]
"""A number, and the place of the first word after it."""

_HUNDRED = {"en": ("hundred",), "fr": ("cent", "cents")}
_THOUSAND = {"en": ("thousand",), "fr": ("mille",)}
_AND = {"en": "and", "fr": "et"}


def cardinals(words: Sequence[str], at: int, language: str) -> list[Reading]:
    """Return every number that begins at word `at`, the longest first; "forty five" is 45 and 40.

    Args:
        words: as `words.words` returns them; figures count as words.
        at: a place in them.
        language: `en` or `fr`.
    """
    found = dict.fromkeys(_thousands(words, at, language))
    return sorted(found, key=lambda reading: -reading[1])


def and_a_half(words: Sequence[str], at: int, language: str) -> int:
    """Return the place behind "and a half" at word `at`; `at` itself where it is not said."""
    for said in vocabulary(language).half:
        if tuple(words[at : at + len(said)]) == said:
            return at + len(said)
    return at


def thousand(words: Sequence[str], at: int, language: str) -> bool:
    """Return whether the word at `at` is "thousand"."""
    return _is(words, at, _THOUSAND[language])


def _thousands(words: Sequence[str], at: int, language: str) -> Iterator[Reading]:
    counts = [*_hundreds(words, at, language)]
    yield from counts
    if language == "fr" and _is(words, at, _THOUSAND["fr"]):
        counts.append((1, at))
    for count, end in (*counts, *_a(words, at, language)):
        if 0 < count < 1000 and _is(words, end, _THOUSAND[language]):
            yield count * 1000, end + 1
            for after in _behind(words, end + 1, language):
                yield from ((count * 1000 + rest, last) for rest, last in _hundreds(words, after, language))


def _hundreds(words: Sequence[str], at: int, language: str) -> Iterator[Reading]:
    counts = [*_below_hundred(words, at, language)]
    yield from counts
    if language == "fr" and _is(words, at, _HUNDRED["fr"]):
        counts.append((1, at))
    for count, end in (*counts, *_a(words, at, language)):
        if 0 < count < (100 if language == "en" else 10) and _is(words, end, _HUNDRED[language]):
            yield count * 100, end + 1
            for after in _behind(words, end + 1, language):
                for rest, last in _below_hundred(words, after, language):
                    if rest and not words[after].isdigit():
                        yield count * 100 + rest, last


def _below_hundred(words: Sequence[str], at: int, language: str) -> Iterator[Reading]:
    if at >= len(words):
        return
    word = words[at]
    if word.isdigit():
        yield int(word), at + 1
    elif word in vocabulary(language).small:
        yield vocabulary(language).small[word], at + 1
    if language == "en":
        if word in vocabulary("en").tens:
            yield vocabulary("en").tens[word], at + 1
            yield from _with_unit(words, at + 1, vocabulary("en").tens[word], "en", 9)
    else:
        yield from _french(words, at)


def _french(words: Sequence[str], at: int) -> Iterator[Reading]:
    word = words[at]
    if word == "dix":
        units = ((n, end) for n, end in _unit(words, at + 1, "fr") if n >= 7)
        yield from ((10 + unit, end) for unit, end in units)
    if word == "quatre" and _is(words, at + 1, ("vingt", "vingts")):
        yield 80, at + 2
        yield from _with_unit(words, at + 2, 80, "fr", 19)
    if word in vocabulary("fr").tens:
        tens = vocabulary("fr").tens[word]
        yield tens, at + 1
        yield from _with_unit(words, at + 1, tens, "fr", 19 if tens == 60 else 9)


def _with_unit(words: Sequence[str], at: int, tens: int, language: str, most: int) -> Iterator[Reading]:
    after = at + 1 if language == "fr" and _is(words, at, ("et",)) else at
    for unit, end in _unit(words, after, language):
        if unit <= most and (after == at or unit in (1, 11)):
            yield tens + unit, end


def _unit(words: Sequence[str], at: int, language: str) -> Iterator[Reading]:
    """Yield 1 to 19 (English: to 9) beginning at a word, figures left out."""
    if at < len(words) and (small := vocabulary(language).small.get(words[at])):
        if language == "fr" or small <= 9:
            yield small, at + 1
        if language == "fr" and small == 10:
            yield from ((10 + unit, end) for unit, end in _unit(words, at + 1, "fr") if 7 <= unit <= 9)


def _a(words: Sequence[str], at: int, language: str) -> list[Reading]:
    return [(1, at + 1)] if language == "en" and _is(words, at, ("a",)) else []


def _behind(words: Sequence[str], at: int, language: str) -> tuple[int, ...]:
    if language == "en" and _is(words, at, (_AND["en"],)):
        return (at + 1,)
    return (at,)


def _is(words: Sequence[str], at: int, names: Sequence[str]) -> bool:
    return at < len(words) and words[at] in names
