"""A transcription endpoint first, and the local engine where that fails: no caller waits for it twice."""

import math
from collections.abc import Sequence

import numpy as np
from loguru import logger
from numpy.typing import NDArray

from voice.circuit_breaker import REST, CircuitBreaker
from voice.hearing.endpoint import EndpointError, TranscriptionEndpoint
from voice.hearing.expected import Expected
from voice.hearing.recogniser import Recogniser
from voice.hearing.transcript import Transcript
from voice.hearing.waiting import Urgency
from voice.journal.clock import Clock

FAILURES = 1
"""After the first the endpoint is left alone: the local engine is as near for every turn after it."""


class StandbyEngine:
    """Hears by an endpoint, with a local engine standing by.

    What is expected is compared locally, because endpoints cannot be asked for it, and so are partials,
    which come too often to be paid for.

    Args:
        endpoint: tried first.
        engine: takes the same turn over, and all others while the endpoint rests.
        clock: tells how long it has rested.
    """

    def __init__(self, endpoint: TranscriptionEndpoint, engine: Recogniser, clock: Clock) -> None:
        self._endpoint = endpoint
        self._engine = engine
        self._clock = clock
        self._breaker = CircuitBreaker(FAILURES)

    async def warm(self) -> None:
        """Warm the local engine, so that it can take over at once."""
        await self._engine.warm()

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
        asked = expected is None and urgency is not Urgency.PARTIAL
        if asked and self._breaker.closed(self._clock.now()):
            try:
                return await self._endpoint.transcribe(samples, language=language, among=among)
            except EndpointError as error:
                self._breaker.failed(self._clock.now())
                logger.warning("The local engine hears for {:.0f} s: {}.", REST, error)
        return await self._engine.transcribe(
            samples,
            language=language,
            among=among,
            expected=expected,
            urgency=urgency,
            deadline=deadline,
            others=others,
        )

    def promote(self, samples: NDArray[np.float32]) -> None:
        """Let a clip that waits count as a finished turn."""
        self._engine.promote(samples)

    def close(self) -> None:
        """Drop what waits and end the engine's thread."""
        self._engine.close()
