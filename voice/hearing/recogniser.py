"""What turns clips into words, whichever it is: the local engine, or an endpoint with that standing by."""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.hearing.expected import Expected
from voice.hearing.transcript import Transcript
from voice.hearing.waiting import Urgency


class Transcribes(Protocol):
    """All that the ear needs of it."""

    async def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        language: str,
        among: Sequence[str] = (),
        expected: Expected | None = None,
        urgency: Urgency = Urgency.TURN,
        deadline: float = math.inf,
        others: bool = False,
    ) -> Transcript:
        """Return what is said in a clip. Cancelled before its turn, it costs nothing.

        Args:
            samples: 16 kHz mono, -1..1, at most 30 s.
            language: the language spoken, such as `en` or `fr-FR`.
            among: languages it may be instead; the clip's own is told from its sound.
            expected: what the caller is likely to say; anything else is still heard.
            urgency: the most urgent is decoded first.
            deadline: the loop's time after which the words are of no use.
            others: whether to tell what else unsure words may have been, if that can be told.

        Raises:
            EngineBusy: too many clips wait, and this was the least urgent.
            TimeoutError: its deadline passed before its turn.
            HearingError: the weights cannot be loaded, or the model does not know the language.
            ValueError: the clip is longer than 30 s.
        """

    def promote(self, samples: NDArray[np.float32]) -> None:
        """Let a clip that waits count as a finished turn; one that is being decoded needs it no more."""


class Recogniser(Transcribes, Protocol):
    """All that a process needs of it."""

    async def warm(self) -> None:
        """Load what there is to load, so that the first caller does not wait for it.

        Raises:
            HearingError: the weights cannot be loaded.
        """

    def close(self) -> None:
        """Drop what waits and end the threads; a clip under way is finished first."""
