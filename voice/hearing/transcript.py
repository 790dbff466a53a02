"""What was heard in one clip, and its words out of the decoder's tokens. Pure."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from voice.journal.events import Word

SECONDS_PER_FRAME = 0.02
"""One frame of the encoder's output."""


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one clip; empty where nobody spoke."""

    text: str = ""
    language: str
    confidence: float = 0.0
    """Mean probability of the words, 0..1."""
    words: tuple[Word, ...] = ()
    """With seconds from the clip's start."""
    no_speech: float = 0.0
    """Probability that nobody spoke, 0..1."""
    others: tuple[str, ...] = ()
    """What else it may have been, likeliest first; empty where the words are sure or nobody asked."""


def timed_words(
    pieces: Sequence[tuple[str, int]],
    probabilities: Sequence[float],
    starts: Sequence[int] | NDArray[np.int64],
    seconds: float,
) -> tuple[Word, ...]:
    """Return words with their times and confidences.

    Args:
        pieces: each word as written (leading space, trailing punctuation its own piece) and its token count.
        probabilities: one for each token.
        starts: the frame at which each token begins, then the end.
        seconds: the clip's length, which no word passes.
    """
    begins = [min(seconds, float(frame) * SECONDS_PER_FRAME) for frame in starts]
    words: list[Word] = []
    first = 0
    for text, count in pieces:
        after = first + count
        start, end = begins[first], begins[after]
        confidence = sum(probabilities[first:after]) / max(1, len(probabilities[first:after]))
        first = after
        if words and not any(sign.isalnum() for sign in text):
            last = words[-1]
            words[-1] = Word(text=last.text + text.strip(), start=last.start, end=last.end,
                             confidence=last.confidence)  # fmt: skip
        elif text.strip():
            words.append(Word(text=text.strip(), start=start, end=end, confidence=min(1.0, confidence)))
    return tuple(words)
