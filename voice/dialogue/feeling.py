"""What the caller feels, turn by turn; the voice is measured beside everything else, from the pause on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from loguru import logger

from voice.dialogue.cast import Feels
from voice.journal.events import Decided
from voice.owned_tasks import OwnedTasks

if TYPE_CHECKING:
    from voice.emotion.anger import Measures
    from voice.emotion.speech import CallerSpeech
    from voice.journal.events import AnyEvent, Felt, Heard

FEELING = 2.0
"""Longest the caller's feelings may take to tell, in seconds."""


class Feeling:
    """One call's meter and what it is measuring.

    Args:
        meter: the call's; None leaves the caller's feelings alone.
        tasks: the call's.
    """

    def __init__(self, meter: Feels | None, tasks: OwnedTasks) -> None:
        self._meter = meter
        self._glimpsing = False
        self._tasks = tasks
        self._speech: CallerSpeech | None = None
        self._measuring: asyncio.Task[Measures] | None = None

    def begin(self, speech: CallerSpeech) -> asyncio.Task[Measures] | None:
        """Measure what is, or may be, a whole turn; once begun it is not begun again."""
        if self._meter is None:
            return None
        if self._measuring is not None and self._speech is not None and _same(self._speech, speech):
            return self._measuring
        self.drop()
        self._speech = speech
        self._measuring = self._tasks.begin(asyncio.to_thread(self._meter.measure, speech))
        return self._measuring

    def drop(self) -> None:
        """Forget what is being measured."""
        measuring, self._measuring = self._measuring, None
        if measuring is not None:
            measuring.cancel()

    def observe(self, event: AnyEvent) -> None:
        """Take in what happens on the call: an apology changes what the next turn means."""
        if self._meter is not None and isinstance(event, Decided) and event.action == "apologise":
            self._meter.apologised()

    async def so_far(self, speech: CallerSpeech) -> Felt | None:
        """Return what the caller feels in a turn that goes on; None where it cannot be told, or not in time.

        One at a time: what comes while another is measured is left out.
        """
        if self._meter is None or self._glimpsing:
            return None
        self._glimpsing = True
        try:
            async with asyncio.timeout(FEELING):
                measures = await asyncio.to_thread(self._meter.measure, speech)
            return self._meter.glimpse(measures)
        except Exception as error:
            logger.warning("The caller's feelings could not be told: {}", type(error).__name__)
            return None
        finally:
            self._glimpsing = False

    async def felt(self, heard: Heard, speech: CallerSpeech) -> Felt | None:
        """Return what the caller feels after a turn; None where it cannot be told."""
        measuring = self.begin(speech)
        if measuring is None or self._meter is None:
            return None
        self._measuring = None  # from here on it is no more to be dropped
        try:
            async with asyncio.timeout(FEELING):
                said = await asyncio.to_thread(self._meter.read, heard.text, heard.language, heard.confidence)
                measures = await measuring
            return self._meter.weigh(measures, said)
        except Exception as error:
            logger.warning("The caller's feelings could not be told: {}", type(error).__name__)
            return None


def _same(one: CallerSpeech, other: CallerSpeech) -> bool:
    return (one.start, one.end) == (other.start, other.end)
