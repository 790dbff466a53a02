"""Order numbers: read by what they look like, checked by their check digit, or matched to those there are."""

import re
from collections.abc import Sequence

from stdnum import luhn

from voice.dialogue.slots.codes import codes, matching
from voice.dialogue.slots.sounds import closest

CLOSE = 0.34
"""How far apart what was heard and what is expected may be: two figures of six misheard as near ones."""


def order_numbers(text: str, language: str, pattern: str, *, check_digit: bool = False) -> tuple[str, ...]:
    """Return the order numbers that may have been said, best first.

    Args:
        text: as heard.
        language: `en` or `fr`.
        pattern: a regular expression over figures and capitals, without blanks.
        check_digit: the last figure is Luhn's (ISO/IEC 7812-1); numbers it contradicts are left out.
    """
    found = matching(text, language, re.compile(pattern))
    return tuple(code for code in found if not check_digit or luhn.is_valid(re.sub(r"\D", "", code)))


def nearest(text: str, language: str, expected: Sequence[str]) -> tuple[str, bool] | None:
    """Return which of the `expected` numbers was said and whether it was said just so; None if none was.

    The end of a number is enough where only one ends so: people read out the last figures.
    """
    heard = codes(text, language)
    for code in heard:
        ends = [number for number in expected if number.endswith(code)]
        if len(ends) == 1 and (len(code) >= 3 or ends[0] == code):
            return ends[0], True
    found = closest([code for code in heard if len(code) >= 4], expected, CLOSE)
    return (found[0], False) if found else None
