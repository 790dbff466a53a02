"""What can say a sentence."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 8_000
Samples = NDArray[np.int16]


class VoiceError(RuntimeError):
    """A sentence cannot be said; the message is one sentence with what mends it."""


class Voice(Protocol):
    """A text-to-speech voice."""

    @property
    def name(self) -> str:
        """Tells this voice and its way of speaking from all others; rendered prompts are kept under it."""

    async def synthesise(self, text: str, language: str) -> Samples:
        """Return `text` spoken: 8 kHz mono; nothing for text without a word in it.

        Args:
            text: one sentence or a few, as they are to be said.
            language: such as `en` or `en-GB`.

        Raises:
            VoiceError: the voice does not speak that language, or failed.
        """
