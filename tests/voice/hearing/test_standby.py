import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.voice.transcription_endpoint import Endpoint, Script
from voice.circuit_breaker import REST
from voice.hearing.engine import Urgency
from voice.hearing.expected import Expected, yes_or_no
from voice.hearing.standby import StandbyEngine
from voice.hearing.transcript import Transcript
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")

CLIP = np.zeros(16_000, np.float32)


class Local:
    """An engine that hears one thing."""

    async def warm(self) -> None:
        self.warmed = True

    def promote(self, samples: NDArray[np.float32]) -> None:
        self.promoted = samples

    def close(self) -> None:
        self.closed = True

    async def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        language: str,
        among: Sequence[str] = (),
        expected: Expected | None = None,
        **about: Any,
    ) -> Transcript:
        return Transcript(text="heard here", language=language, confidence=0.7)


def standby(*script: Script) -> tuple[StandbyEngine, Endpoint]:
    endpoint = Endpoint(list(script))
    return StandbyEngine(endpoint.ear(1.5), Local(), LoopClock()), endpoint


async def hear(engine: StandbyEngine, **about: Any) -> str:
    return (await engine.transcribe(CLIP, language="en", **about)).text


async def test_the_endpoint_is_heard_while_it_works() -> None:
    engine, _ = standby(Script("heard there", pause=0.4))
    assert await hear(engine) == "heard there"


@pytest.mark.parametrize("script", [Script(status=500), Script("late", pause=9.0), Script(raw=b"rubbish")])
async def test_the_local_engine_takes_the_same_turn_over(script: Script) -> None:
    engine, _ = standby(script)
    before = asyncio.get_running_loop().time()
    assert await hear(engine) == "heard here"
    assert asyncio.get_running_loop().time() - before <= 1.6


async def test_no_caller_waits_for_a_slow_endpoint_twice_and_it_is_tried_again_later() -> None:
    engine, endpoint = standby(Script("late", pause=9.0), Script("heard there"))
    await hear(engine)
    before = asyncio.get_running_loop().time()
    assert await hear(engine) == "heard here"
    assert asyncio.get_running_loop().time() == before
    assert len(endpoint.asked) == 1
    await asyncio.sleep(REST)
    assert await hear(engine) == "heard there"


async def test_what_is_expected_and_partials_never_leave_the_machine() -> None:
    engine, endpoint = standby(Script("heard there"))
    assert await hear(engine, expected=yes_or_no("en")) == "heard here"
    assert await hear(engine, urgency=Urgency.PARTIAL) == "heard here"
    assert endpoint.asked == []
