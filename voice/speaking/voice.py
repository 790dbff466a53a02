"""What can say a sentence."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 8_000
Samples = NDArray[np.int16]
"""8 kHz mono."""


class VoiceError(RuntimeError):
    """A sentence cannot be said; the message is one sentence with what mends it."""


@dataclass(eq=False)
class Due:
    """When a sentence's first sample is wanted, by the loop's clock; it may be hurried while it waits."""

    at: float = math.inf

    def hurry(self, at: float) -> None:
        """Want it at `at`, unless it is wanted sooner already."""
        self.at = min(self.at, at)

    def after(self, seconds: float) -> float:
        """Return when what lies so many seconds behind the first sample is wanted."""
        return self.at + seconds


@dataclass(frozen=True, eq=False)
class Speech:
    """A sentence being said: how long it is, is known before all of it is there.

    Attributes:
        samples: how many there will be.
        chunks: them, in order, as they are made; raises `VoiceError` where that fails.
    """

    samples: int
    chunks: AsyncIterator[Samples]


class Voice(Protocol):
    """A text-to-speech voice."""

    @property
    def name(self) -> str:
        """Tells this voice and its way of speaking from all others; rendered prompts are kept under it."""

    async def speak(self, text: str, language: str, due: Due) -> Speech:
        """Say `text`; nothing for text without a word in it.

        Args:
            text: one sentence or a few, as they are to be said.
            language: such as `en` or `en-GB`.
            due: when it is wanted.

        Raises:
            VoiceError: the voice does not speak that language, or failed.
        """


def at_once(samples: Samples) -> Speech:
    """Return speech of which everything is there."""

    async def only() -> AsyncIterator[Samples]:
        yield samples

    return Speech(len(samples), only())


async def whole(speech: Speech) -> Samples:
    """Return all samples of a speech, once they are there."""
    return np.concatenate([np.zeros(0, np.int16), *[chunk async for chunk in speech.chunks]])
