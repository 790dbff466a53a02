"""What a caller has said so far, read now and then while they go on talking.

For the desk, and for whoever asks for a person: neither should have to wait for the end of a turn. Partials
are the first thing to be left out under load: one is read only where nothing else is being decoded, and the
more calls there are the less often each is read, so that all of them together cost the same.
"""

import asyncio
from collections.abc import Awaitable, Callable

from voice.hearing.heard import heard_of
from voice.hearing.listening import Listening
from voice.hearing.track import Track
from voice.hearing.waiting import Urgency
from voice.journal.events import Heard
from voice.owned_tasks import OwnedTasks

EVERY = 1.6
"""Seconds of one caller's speech between one look and the next, for each call of the process."""
BUSY = 0.7
"""Seconds a clip's words may take before the machine is too busy for partials."""


class Partials:
    """The looks at one caller's turns.

    Args:
        listening: the call's.
        tasks: the call's.
        tell: takes what was read.
    """

    def __init__(
        self, listening: Listening, tasks: OwnedTasks, tell: Callable[[Heard], Awaitable[None]]
    ) -> None:
        self._listening = listening
        self._tasks = tasks
        self._tell = tell
        self._start: float | None = None
        self._last = 0.0
        self._reading: asyncio.Task[None] | None = None

    def speech_started(self, start: float) -> None:
        """The caller speaks from second `start` of the call; it may be a turn that goes on."""
        if self._start is None:
            self._start = start
        self._last = start

    def paused(self) -> None:
        """The caller pauses: the turn is decoded for that already."""
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()

    def turn_ended(self) -> None:
        """The turn is over; what comes next is another."""
        self.paused()
        self._start = None

    def look(self, caller: Track) -> None:
        """Read the turn so far, if it is time and there is time."""
        if self._start is None or not caller.speaking or self._reading is not None:
            return
        load = self._listening.load
        if not load.partials or load.decoding or load.took > BUSY:
            return
        if caller.now - self._last < EVERY * max(1, load.calls):
            return
        self._last = caller.now
        self._reading = self._tasks.begin(self._read(caller, self._start, caller.now))

    async def _read(self, caller: Track, start: float, end: float) -> None:
        samples, begin = caller.clip(start, end)
        words = await self._listening.words("caller", samples, Urgency.PARTIAL)
        self._reading = None
        if not isinstance(words, str):
            heard = heard_of("caller", words, begin=begin, start=start, end=end, final=False)
            if heard is not None:
                await self._tell(heard)
