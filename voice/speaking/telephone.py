"""From a voice that says a whole sentence to the telephone line."""

import numpy as np
import soxr
from numpy.typing import NDArray

from voice.speaking.level import levelled, silence_before
from voice.speaking.voice import SAMPLE_RATE, Samples


def telephone(samples: NDArray[np.float32], rate: int) -> Samples:
    """Return mono speech, -1..1, as the line wants it: 8 kHz, at its level, without silence before it."""
    speech = levelled(soxr.resample(samples, rate, SAMPLE_RATE), SAMPLE_RATE)
    speech = speech[silence_before(speech, SAMPLE_RATE) :]
    return np.rint(speech * 32767).astype(np.int16)
