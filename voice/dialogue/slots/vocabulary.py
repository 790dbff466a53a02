"""The words a language has for numbers, letters and days, as `vocabulary.LANGUAGE.yaml` lists them."""

from functools import cache
from pathlib import Path

import msgspec

from voice import yaml_file


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language's words, all in lower case and without accents.

    Attributes:
        small: numbers with a word of their own below the tens.
        tens: the tens that are one word.
        ordinals: days of a month by their ordinal, "twentieth" among them.
        ordinal_endings: what may stand behind figures: the "th" of "27th".
        zero: how a nought is also said within a code.
        times: "double" and "triple".
        pair: what stands before a letter that comes twice in a name: "deux L".
        sound_alike: words the ear writes for a figure within a code.
        fillers: words between the pieces of a code that are none of it.
        letter_names: how the ear writes a letter's name.
        doubtful_letters: of those, and of the letters, the ones that are plain words as well.
        alphabet: words whose first letter is meant, wherever they stand.
        accents: what a letter's accent is called, and its combining character.
        accent: words that may stand between a letter and that.
        hyphens: what joins two spelt names.
        breaks: words between two of them, as in "last name".
        like: what stands between a letter and a word that begins with it: "for", "as in".
        weekdays: Monday first.
        months: January first.
        near: days by a name of their own, counted from today; the longer name first.
        units: days in a unit; a month counts 0, for it has no number of its own.
        some: words for small counts.
        ahead: what opens "in two weeks".
        later: what may stand behind it instead: "two weeks from now".
        after: what stands behind a time that counts from another day: "two weeks later".
        some_more: small counts of the same kind: "another week".
        by: what stands before one where something is to be moved: "by a week".
        moves: how the words for moving begin.
        half: "and a half".
        currencies: names of currencies by their code.
        cents: names of their hundredths.
    """

    small: dict[str, int]
    tens: dict[str, int]
    ordinals: dict[str, int]
    ordinal_endings: tuple[str, ...]
    zero: tuple[str, ...]
    times: dict[str, int]
    pair: tuple[str, ...]
    sound_alike: dict[str, str]
    fillers: tuple[str, ...]
    letter_names: dict[str, str]
    doubtful_letters: tuple[str, ...]
    alphabet: tuple[str, ...]
    accents: dict[str, str]
    accent: tuple[str, ...]
    hyphens: tuple[str, ...]
    breaks: tuple[str, ...]
    like: tuple[tuple[str, ...], ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    near: dict[str, int]
    units: dict[str, int]
    some: dict[str, int]
    ahead: tuple[str, ...]
    later: tuple[str, ...]
    after: tuple[str, ...]
    some_more: tuple[str, ...]
    by: tuple[str, ...]
    moves: tuple[str, ...]
    half: tuple[tuple[str, ...], ...]
    currencies: dict[str, str]
    cents: tuple[str, ...]


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words of `en` or `fr`."""
    path = Path(__file__).with_name(f"vocabulary.{language}.yaml")
    return msgspec.convert(yaml_file.load(path), Vocabulary)
