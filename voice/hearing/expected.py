"""What the dialogue expects to hear at a moment, and what an answer is taken for. Pure."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from voice.hearing.decoding import loop_start
from voice.hearing.distance import aligned, edits
from voice.language_tag import code

LEAST = 2.25
"""Odds an answer must have against everything else, those of two comparisons multiplied; chosen on one half
of the single words among the fixtures and on the digits of three people."""
LEAST_DIGIT = 0.5
"""The same for one digit of ten."""
LEAST_WITH_SOUND, LEAST_DIGIT_WITH_SOUND = 0.2, 0.05
"""Both where the odds by sound are multiplied in; chosen on the development part of the short answers among
the fixtures and the same three people."""
LEAST_AGAINST = 0.3
"""Odds it must have among what callers say instead, where there is no sound to ask."""
BY_TEXT = 0.3
DIGIT_BY_TEXT = {"en": 0.7}
"""What the odds of the text count, as a power of them, beside those of the sound. Its two comparisons are one
decoder's and err together: with less than their product fewer answers of unheard voices were lost. Of a yes
or a no, and in French, the text errs so often that it is little more than a second thought."""
DRAWN_OUT = 4.0
"""How many times higher the odds must be in a clip that is long for one of the answers."""

_SOUND = 0.5
"""Readings in which a digit must differ to outweigh one nat of its log probability by sound. No digit is less
probable than .01 by sound (`digit_row`): two readings that agree outweigh it."""
_YES_OR_NO_AT_MOST, _DIGIT_AT_MOST = 0.9, 1.2
"""Seconds of a clip with one syllable or two, margins of 0.3 s included."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing the caller may say.

    Attributes:
        value: what it is taken for, and what stands in the transcript.
        spellings: what the model may write for it, in lower case; the plainest first.
    """

    value: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few short answers.

    Attributes:
        answers: at least two.
        least: odds the likeliest must have; below them the caller said something else.
        least_with_sound: the same where the sound tells the answers apart too.
        by_text: what the odds of the text count beside those of the sound, as a power of them.
        at_most: seconds of a clip with one of them; in longer ones the odds must be `DRAWN_OUT` times higher.
    """

    answers: tuple[Answer, ...]
    least: float = LEAST
    least_with_sound: float = LEAST_WITH_SOUND
    by_text: float = BY_TEXT
    at_most: float = math.inf


@dataclass(frozen=True, slots=True)
class Digits:
    """Several digits in a row.

    Attributes:
        least: how few there may be.
        most: how many.
        check: whether a string can be right, by its check digit; None where it has none.
    """

    least: int
    most: int
    check: Callable[[str], bool] | None = None

    def allow(self, digits: str) -> bool:
        """Return whether these may be all of them."""
        return self.least <= len(digits) <= self.most and (self.check is None or self.check(digits))


Expected = OneOf | Digits

_DIGITS = {
    "en": ("zero oh o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "fr": ("zéro zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
}
_RIVALS = {
    "en": "no|agent|seven|hello?|one|person|wait|nine|yes|two|what?|help|eight|maybe|four|sorry?|I don't know"
    "|three|operator|five|okay|six|human|zero|my account",
    "fr": "non|conseiller|sept|allô ?|un|quelqu'un|attendez|neuf|oui|deux|quoi ?|aide|huit|peut-être|quatre"
    "|pardon ?|je ne sais pas|trois|agent|cinq|d'accord|six|demain|zéro|mon compte",
}
"""What callers say at such a moment, asking for a person above all; nothing in the order it is counted in."""
_TIMES = {"double": 2, "triple": 3}
_YES_NO = {
    "en": ("yes yeah yep yup sure okay correct right", "no nope nah"),
    "fr": ("oui ouais d'accord exact", "non nan"),
}


def digit_answers(language: str) -> tuple[Answer, ...]:
    """Return the ten digits as said in a language, English where it is not known."""
    names = _DIGITS.get(code(language), _DIGITS["en"])
    return tuple(Answer(str(n), (*name.split(), str(n))) for n, name in enumerate(names))


def digit(language: str) -> OneOf:
    """Return the expectation of a single digit."""
    by_text = DIGIT_BY_TEXT.get(code(language), BY_TEXT)
    return OneOf(digit_answers(language), LEAST_DIGIT, LEAST_DIGIT_WITH_SOUND, by_text, _DIGIT_AT_MOST)


def yes_or_no(language: str) -> OneOf:
    """Return the expectation of a yes or a no; the values are the plainest words, `yes` or `oui`."""
    yes, no = (tuple(words.split()) for words in _YES_NO.get(code(language), _YES_NO["en"]))
    return OneOf((Answer(yes[0], yes), Answer(no[0], no)), at_most=_YES_OR_NO_AT_MOST)


def words(values: Sequence[str]) -> OneOf:
    """Return the expectation of one of these words or short phrases, as they are spelt.

    Raises:
        ValueError: there are fewer than two.
    """
    if len(set(values)) < 2:
        raise ValueError("One of several words can only be expected where there are two or more.")
    return OneOf(tuple(Answer(value, (value.lower(),)) for value in dict.fromkeys(values)))


def alternatives(expected: OneOf, language: str) -> tuple[str, ...]:
    """Return the answers, each in its plainest spelling, among what callers say instead."""
    said = _RIVALS.get(code(language), _RIVALS["en"]).split("|")
    plainest = (answer.spellings[0] for answer in expected.answers)
    return (*(answer for answer in plainest if answer not in said), *said)


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit is right by Luhn's rule, as on cards."""
    return bool(luhn.is_valid(digits))


def passes_mod_97(digits: str) -> bool:
    """Return whether the last two digits are right by ISO 7064 mod 97-10."""
    try:
        return bool(mod_97_10.validate(digits))
    except ValidationError:
        return False


def spoken_digits(text: str, language: str) -> str | None:
    """Return the digits a text consists of, whether written as figures or words; None if it says more.

    "double" and "triple" are understood: "oh seven double four" is 0744.
    """
    names = _names(language)
    digits, times = "", 1
    for word in _words_of(text):
        if word in _TIMES:
            times = _TIMES[word]
        elif word in names:
            digits, times = digits + names[word] * times, 1
        else:
            return None
    return digits


def without_loop(digits: str | None, expected: Digits) -> str | None:
    """Return a reading; one with too many digits, that goes on repeating its end, cut where that begins."""
    if digits is None or len(digits) <= expected.most:
        return digits
    return digits[: loop_start([int(digit) for digit in digits])]


def digit_share(text: str, language: str) -> float:
    """Return the share (0..1) of a text's words that are digits; each figure is a word."""
    names = _names(language)
    words = _words_of(text)
    return sum(word in names or word in _TIMES for word in words) / max(1, len(words))


def most_agreed(
    readings: Sequence[str], expected: Digits, likelihood: Callable[[str], float] | None = None
) -> str | None:
    """Return the digits nearest to all readings, of those that can be all; None where none can.

    Args:
        readings: strings of digits; of equally near ones the first counts.
        expected: how many there should be, and their check digit.
        likelihood: log probability of a string by its sound, where that is known; then the readings of a
            wrong length count too, and are tried with what one of the right length has more or less.
    """
    if likelihood is None:
        allowed = [digits for digits in readings if expected.allow(digits)]
        return min(allowed, key=lambda digits: sum(edits(digits, other) for other in allowed), default=None)
    patterns = [reading for reading in readings if expected.least <= len(reading) <= expected.most]
    mended = (aligned(reading, pattern) for pattern in patterns for reading in readings)
    possible = [digits for digits in dict.fromkeys((*readings, *mended)) if expected.allow(digits)]
    return max(
        possible,
        key=lambda digits: (
            _SOUND * likelihood(digits) - sum(edits(digits, other) for other in readings) if readings else 0.0
        ),
        default=None,
    )


def beginning(readings: Sequence[str], expected: Digits) -> str | None:
    """Return the first of the digits, as heard before a pause; None where any reading has all of them."""
    if any(len(reading) >= expected.least for reading in readings):
        return None
    return most_agreed(readings, Digits(1, expected.least))


def _names(language: str) -> dict[str, str]:
    return {name: answer.value for answer in digit_answers(language) for name in answer.spellings}


def _words_of(text: str) -> list[str]:
    return re.findall(r"\d|[^\W\d_]+", text.lower())
