"""The one speech engine of a process: every call's clips, decoded one after the other in one thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.hearing.transcript import Transcript
from voice.hearing.whisper import SAMPLE_RATE, HearingError, Whisper

__all__ = ["EngineBusy", "HearingError", "SpeechEngine", "Transcript"]


class EngineBusy(RuntimeError):  # noqa: N818  (a condition that passes, not a mistake)
    """More clips wait than the engine takes; this one was not taken."""


class SpeechEngine:
    """Speech to text, shared by all calls.

    Args:
        weights: folder of Whisper weights for CTranslate2.
        threads: threads one transcription may use.
        capacity: clips that may wait; one more is refused with `EngineBusy`.
    """

    def __init__(self, weights: Path, *, threads: int = 2, capacity: int = 32) -> None:
        self._weights = weights
        self._threads = threads
        self._capacity = capacity
        self._taken = 0
        self._whisper: Whisper | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="hearing")

    async def warm(self, language: str = "en") -> None:
        """Load the weights and decode a second of noise, so that the first caller waits for neither.

        Raises:
            HearingError: the weights cannot be loaded.
        """
        noise = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE).astype(np.float32)
        await self.transcribe(noise, language=language)

    async def transcribe(self, samples: NDArray[np.float32], *, language: str) -> Transcript:
        """Return what is said in a clip. Cancelled before its turn, it costs nothing.

        Args:
            samples: 16 kHz mono, -1..1, at most 30 s.
            language: the language spoken, such as `en` or `fr-FR`.

        Raises:
            EngineBusy: too many clips wait.
            HearingError: the weights cannot be loaded, or Whisper does not know the language.
            ValueError: the clip is longer than 30 s.
        """
        if self._taken > self._capacity:
            raise EngineBusy(
                f"{self._capacity} clips wait to be transcribed already; this one was not taken."
            )
        self._taken += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, self._transcribe, samples, language)
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Drop what waits and end the thread; a clip under way is finished first."""
        self._executor.shutdown(cancel_futures=True)
        self._whisper = None

    def _transcribe(self, samples: NDArray[np.float32], language: str) -> Transcript:
        if self._whisper is None:
            self._whisper = Whisper(self._weights, self._threads)
        return self._whisper.transcribe(samples, language)
