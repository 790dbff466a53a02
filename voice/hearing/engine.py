"""The one speech engine of a process: every call's clips, one at a time in one thread, most urgent first."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from voice.hearing.expected import Expected
from voice.hearing.polyglot import Polyglot
from voice.hearing.transcript import Transcript
from voice.hearing.waiting import Urgency, Waiting, WaitingLine
from voice.hearing.whisper import SAMPLE_RATE, HearingError

__all__ = ["EngineBusy", "HearingError", "SpeechEngine", "Transcript", "Urgency"]


class EngineBusy(RuntimeError):  # noqa: N818  (a condition that passes, not a mistake)
    """More clips wait than the engine takes; this one was not taken."""


@dataclass(frozen=True, eq=False)
class _Clip:
    samples: NDArray[np.float32]
    languages: tuple[str, ...]
    expected: Expected | None
    others: bool
    words: asyncio.Future[Transcript]


class SpeechEngine:
    """Speech to text, shared by all calls.

    Args:
        weights: folder of Whisper weights for CTranslate2.
        own: folders of other weights, for the languages that have their own.
        threads: threads one transcription may use.
        capacity: clips that may wait; beyond that the least urgent is refused with `EngineBusy`.
    """

    def __init__(
        self,
        weights: Path,
        *,
        own: Mapping[str, Path] = MappingProxyType({}),
        threads: int = 2,
        capacity: int = 32,
    ) -> None:
        self._weights = weights
        self._own = own
        self._threads = threads
        self._line: WaitingLine[_Clip] = WaitingLine(capacity)
        self._decoding: asyncio.Future[Transcript] | None = None
        self._models: Polyglot | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="hearing")

    async def warm(self) -> None:
        """Load all weights and decode a second of noise, so that the first caller waits for neither.

        Raises:
            HearingError: the weights cannot be loaded.
        """
        noise = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE).astype(np.float32)
        for language in ("en", *self._own):
            await self.transcribe(noise, language=language)

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
        """Return what is said in a clip; arguments and errors are those of `Transcribes`."""
        languages = tuple(dict.fromkeys((language, *among)))
        words: asyncio.Future[Transcript] = asyncio.get_running_loop().create_future()
        waiting = Waiting(_Clip(samples, languages, expected, others, words), urgency, deadline)
        self._forget_unwanted()
        shed = self._line.add(waiting)
        if shed is not None:
            shed.clip.words.set_exception(
                EngineBusy(
                    f"{self._line.capacity} clips wait to be transcribed already; this one was not taken."
                )
            )
        self._decode_next()
        try:
            return await words
        finally:
            self._line.remove(waiting)

    def promote(self, samples: NDArray[np.float32]) -> None:
        """Let a clip that waits count as a finished turn; one that is being decoded needs it no more."""
        for waiting in self._line:
            if waiting.clip.samples is samples:
                waiting.urgency = Urgency.TURN

    def close(self) -> None:
        """Drop what waits and end the thread; a clip under way is finished first."""
        while (waiting := self._line.next()) is not None:
            waiting.clip.words.cancel()
        self._executor.shutdown(cancel_futures=True)
        self._models = None

    def _forget_unwanted(self) -> None:
        """Drop clips whose callers have been cancelled and have not come round to it themselves."""
        for waiting in [waiting for waiting in self._line if waiting.clip.words.done()]:
            self._line.remove(waiting)

    def _decode_next(self) -> None:
        if self._decoding is not None:
            return
        loop = asyncio.get_running_loop()
        self._forget_unwanted()
        for late in self._line.late(loop.time()):
            late.clip.words.set_exception(TimeoutError("The clip's deadline passed before its turn."))
        waiting = self._line.next()
        if waiting is None:
            return
        clip = waiting.clip
        self._decoding = loop.run_in_executor(self._executor, self._transcribe, clip)
        self._decoding.add_done_callback(lambda done: self._decoded(clip, done))

    def _decoded(self, clip: _Clip, done: asyncio.Future[Transcript]) -> None:
        self._decoding = None
        error = None if done.cancelled() else done.exception()
        if not clip.words.done():
            if done.cancelled():
                clip.words.cancel()
            elif error is not None:
                clip.words.set_exception(error)
            else:
                clip.words.set_result(done.result())
        self._decode_next()

    def _transcribe(self, clip: _Clip) -> Transcript:
        if self._models is None:
            self._models = Polyglot(self._weights, self._own, self._threads)
        return self._models.transcribe(clip.samples, clip.languages, clip.expected, others=clip.others)
