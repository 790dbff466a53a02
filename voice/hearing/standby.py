"""A transcription endpoint first, and the local engine where that fails: no caller waits for it twice."""

import math
from collections.abc import Sequence

import numpy as np
from loguru import logger
from numpy.typing import NDArray

from voice.hearing.endpoint import EndpointError, TranscriptionEndpoint
from voice.hearing.engine import SpeechEngine, Urgency
from voice.hearing.expected import Expected
from voice.hearing.transcript import Transcript
from voice.journal.clock import Clock

REST = 30.0
"""Seconds the endpoint is left alone after a failure, before a turn tries it again."""


class StandbyEngine:
    """Hears by an endpoint, with a local engine standing by.

    What is expected is compared locally: endpoints cannot be asked for it.

    Args:
        endpoint: tried first.
        engine: takes the same turn over, and all others while the endpoint rests.
        clock: tells how long it has rested.
    """

    def __init__(self, endpoint: TranscriptionEndpoint, engine: SpeechEngine, clock: Clock) -> None:
        self._endpoint = endpoint
        self._engine = engine
        self._clock = clock
        self._rests_until = -math.inf

    async def warm(self, language: str = "en") -> None:
        """Warm the local engine, so that it can take over at once."""
        await self._engine.warm(language)

    async def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        language: str,
        among: Sequence[str] = (),
        expected: Expected | None = None,
        urgency: Urgency = Urgency.FINISHED,
        deadline: float = math.inf,
    ) -> Transcript:
        """Return what is said in a clip; arguments and errors are those of `SpeechEngine.transcribe`."""
        if expected is None and self._clock.now() >= self._rests_until:
            try:
                return await self._endpoint.transcribe(samples, language=language, among=among)
            except EndpointError as error:
                self._rests_until = self._clock.now() + REST
                logger.warning("The local engine hears for {:.0f} s: {}.", REST, error)
        return await self._engine.transcribe(
            samples, language=language, among=among, expected=expected, urgency=urgency, deadline=deadline
        )

    async def disconnect(self) -> None:
        """Let go of the endpoint's connections."""
        await self._endpoint.close()

    def close(self) -> None:
        """Drop what waits and end the engine's thread."""
        self._engine.close()
