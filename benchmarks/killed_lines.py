"""Calls whose worker is killed: what becomes of each, and of the words that were said on it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.talking_worker import WORD_SECONDS, sound, word
from telephony.carriers.emulated_call import CallResult, EmulatedCall
from telephony.demo.reader import JournalReader
from voice.journal.events import Entry, Event, Heard, StateChanged

LAST_SECOND = 1.0
LIMIT = 15.0
LOOK = 0.05


@dataclass
class Count:
    """What the runs came to."""

    runs: int = 0
    dropped: list[str] = field(default_factory=list)
    old_words_lost: int = 0
    newest_word: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    untold: int = 0


@dataclass
class Line:
    """A caller on the line."""

    state: str
    call: EmulatedCall
    running: asyncio.Task[CallResult]
    reader: JournalReader
    entries: list[Entry] = field(default_factory=list)
    killed_at: float = 0.0
    stood: str = ""
    """Where it stood by its journal when the worker was killed."""

    @property
    def name(self) -> str:
        """The call's name."""
        return self.entries[0].call

    @property
    def seconds(self) -> float:
        """The second of their stream."""
        assert self.call.stream is not None
        return self.call.stream.seconds

    def press(self, keys: str) -> None:
        """Let the caller press keys."""
        assert self.call.stream is not None
        for key in keys:
            self.call.stream.press(key)

    def hears(self, prompt: str) -> list[float]:
        """Return the seconds at which pieces of a fixed sentence were heard."""
        assert self.call.stream is not None
        sentence = sound(prompt)[:8]
        return [one.t for one in self.call.stream.heard if one.mulaw[:8] == sentence]

    def stands(self) -> str:
        """Return where the call stands by its journal."""
        states = [entry.event.after for entry in self.entries if isinstance(entry.event, StateChanged)]
        return states[-1].value if states else "with_bot"

    def count(self, kind: type[Event]) -> int:
        """Return how often it happened so far."""
        return sum(isinstance(entry.event, kind) for entry in self.entries)

    async def until(self, state: str) -> None:
        """Wait until the call stands there."""
        await self.until_true(lambda: bool(self.entries) and self.stands() == state)

    async def until_true(self, true: Callable[[], bool]) -> None:
        """Wait for something to be read in the journal, or heard."""
        async with asyncio.timeout(LIMIT):
            while not true():
                await self.follow()

    async def follow(self) -> None:
        """Read the journal's news."""
        await asyncio.sleep(LOOK)
        self.entries += await self.reader.news()


def count_words(line: Line, count: Count) -> None:
    """Count the words that were said before the kill and are not in the journal."""
    times = sorted(
        round(entry.event.end / WORD_SECONDS)
        for entry in line.entries
        if isinstance(entry.event, Heard) and entry.event.end <= line.killed_at
    )
    if not times:
        count.old_words_lost += 1
        return
    kept = {entry.event.text for entry in line.entries if isinstance(entry.event, Heard)}
    settled = int((line.killed_at - LAST_SECOND) / WORD_SECONDS)
    count.old_words_lost += sum(word(n) not in kept for n in range(times[0], settled))
    if line.state not in ("goodbye", "wrap_up", "worker_awaited"):
        count.newest_word.append(line.killed_at - times[-1] * WORD_SECONDS)
