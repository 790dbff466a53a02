"""The one kind of audio this package takes: a stretch of the caller's own voice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second of all audio here; the band is the telephone's, up to 4 kHz."""


@dataclass(frozen=True, slots=True)
class CallerSpeech:
    """What the caller said in one turn, or in the part of it heard so far.

    Only the ear makes one, and only from the caller's track: emotion is never computed on an agent (EU AI
    Act, Art. 5(1)(f)) or on the bot, and nothing in this package takes audio in another form.

    Attributes:
        samples: mono float32, 16 kHz, -1..1.
        start: seconds of the call at which it begins.
        end: seconds of the call at which it ends.
    """

    samples: NDArray[np.float32]
    start: float
    end: float

    def part(self, first: int, last: int) -> "CallerSpeech":
        """Return the same caller's speech from sample `first` up to `last`."""
        samples = self.samples[first:last]
        start = self.start + first / RATE
        return CallerSpeech(samples, start, start + len(samples) / RATE)
