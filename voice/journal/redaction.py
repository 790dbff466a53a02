"""Card numbers are taken out of words before anything writes them down."""

import re

import msgspec
from stdnum import luhn

from voice.journal.events import Heard, Word

_DIGITS = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){11,22}(?!\d)")


def redact(text: str) -> str:
    """Return `text` with every payment-card number (12 to 19 digits that pass the Luhn check) replaced.

    Spaces, dots and hyphens between digits are seen through. Order and account numbers stay: they fail the
    check or the length.
    """

    def cover(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        is_card = 12 <= len(digits) <= 19 and luhn.is_valid(digits)
        return "[card number]" if is_card else match.group()

    return _DIGITS.sub(cover, text)


def redacted(heard: Heard) -> Heard:
    """Return `heard` as it may be kept: where its text holds a card number, no word of it shows a digit.

    What else it may have been is dropped where any of it holds one: the others show all but a figure of it.
    """
    text = redact(heard.text)
    if any(redact(other) != other for other in (heard.text, *heard.others)):
        heard = msgspec.structs.replace(heard, others=())
    if text == heard.text:
        return heard
    return msgspec.structs.replace(heard, text=text, words=tuple(_covered(word) for word in heard.words))


def _covered(word: Word) -> Word:
    return msgspec.structs.replace(word, text=re.sub(r"\d", "*", word.text))
