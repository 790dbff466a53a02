"""The questions a request may lead to, and what the caller is likely to say to each. Pure."""

import re
from enum import StrEnum

from voice.dialogue.slots.postcodes import FORMATS
from voice.dialogue.slots.reading import Wanted
from voice.dialogue.texts import Language
from voice.hearing.expected import Digits, Expected, passes_luhn, yes_or_no

_FIGURES = re.compile(r"(?:\[0-9\]|\[1-9\]|\\d)(?:\{(\d+)(?:,(\d+))?\})?")
"""A pattern of figures and nothing else, one part of it."""


class Question(StrEnum):
    """What is asked of the caller."""

    FACT = "fact"
    """Something that shows who they are."""
    SLOT = "slot"
    SURE = "sure"
    """Whether what was heard is what was meant."""
    CONFIRM = "confirm"
    PART = "part"
    """Which of several values is wrong."""


WHY = {
    Question.FACT: "the caller must show who they are",
    Question.SLOT: "{slot} is wanted",
    Question.SURE: "{slot} was heard, but not for sure",
    Question.CONFIRM: "a change needs a yes",
    Question.PART: "something of it is wrong",
}
"""Why a question is asked, for the journal."""


def expected(question: Question, wanted: Wanted | None, language: Language) -> Expected | None:
    """Return what is likely to be said to a question; None where it may be anything.

    Args:
        question: that was asked.
        wanted: the value it asks for, where it asks for one.
        language: of the call.
    """
    if question in (Question.SURE, Question.CONFIRM):
        return yes_or_no(language)
    return figures(wanted) if wanted else None


def figures(wanted: Wanted) -> Digits | None:
    """Return how many digits a value has; None where it has letters too, or is said in other words."""
    if wanted.kind == "postcode":
        pattern = FORMATS[wanted.country]
    elif wanted.kind == "order_number":
        pattern = wanted.pattern
    else:
        return None
    parts = list(_FIGURES.finditer(pattern))
    if "".join(part.group() for part in parts) != pattern:
        return None
    least = sum(int(part[1] or 1) for part in parts)
    most = sum(int(part[2] or part[1] or 1) for part in parts)
    return Digits(least, most, passes_luhn if wanted.check_digit else None)
