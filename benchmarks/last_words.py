"""Words spoken just before a call ends, 50 times: are they in the record?

Lines of the recorded callers are cut off at different instants after their last word: the caller hangs up,
presses 0 for a person and hangs up, or the worker is told to drain. On virtual time, with the real models.

- `present`: calls whose record ends with the line's last word, of `calls`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import click
from pipecat.audio.utils import pcm_to_ulaw

from audio_fixtures import recording
from audio_fixtures.script import CALLS
from benchmarks import report
from benchmarks.listeners import Ears
from voice.hearing.resampling import DoublingResampler
from voice.journal.events import Heard
from voice.replay import virtual_time
from voice.replay.line import Caller, Line
from voice.settings import load_settings
from voice.wave_file import read

RATE = 8_000
HANG_UPS = 50
BEFORE = 0.4
"""Seconds of line before the caller speaks."""
INSTANTS = (0.0, 0.05, 0.1, 0.17, 0.25, 0.33, 0.41, 0.6, 0.9)
"""Seconds after the last word at which the call ends."""
WAYS = ("hang_up", "drain", "takeover")
LINES = (
    ("barges_in", 0, "please"),
    ("asks_four_things", 0, "please"),
    ("angry_refund", 0, "refund"),
    ("asks_for_person", 0, "please"),
    ("calm_contained", 2, "please"),
    ("moves_due_date", 0, "date"),
    ("presses_zero", 0, "you"),
    ("asks_four_things", 4, "bill"),
    ("asks_four_things", 5, "blocked"),
    ("moves_due_date", 2, "please"),
)
"""Recorded caller, number of the line, its last word."""


@dataclass(frozen=True)
class HangUp:
    """One call: what is said, its last word, when after it the call ends, and how."""

    audio: bytes
    word: str
    after: float
    way: str


class EndingLine(Line):
    """A line on which the worker is drained instead of told that the caller has gone."""

    async def _tell(self, message: dict[str, object]) -> None:
        if message["event"] != "stop":
            await super()._tell(message)


def hang_ups(count: int) -> Iterator[HangUp]:
    """Yield calls, each unlike the others."""
    every = zip(cycle(LINES), cycle(INSTANTS), cycle(WAYS), strict=False)
    for (name, number, word), after, way in islice(every, count):
        line = recording.load(name).lines[number]
        samples, _ = read(CALLS / f"{name}.wav")
        spoken = samples[round((line.start - BEFORE) * RATE) : round((line.end + after) * RATE)]
        yield HangUp(spoken.tobytes(), word, after, way)


async def heard_at_the_end(ears: Ears, call: HangUp) -> str:
    """Return the last words in the record of a call."""
    audio = await pcm_to_ulaw(call.audio, RATE, RATE, DoublingResampler())
    keys = ((len(audio) / RATE - 0.02, "0"),) if call.way == "takeover" else ()
    line = (EndingLine if call.way == "drain" else Line)(Caller(audio, keys=keys), language="en")
    pipeline = ears.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
        await pipeline.close()
    heard = [happening.event for happening in line.journal if isinstance(happening.event, Heard)]
    return next((event.text for event in reversed(heard) if event.final), "")


async def present(ears: Ears, count: int) -> int:
    """Return in how many of so many calls the last word is in the record."""
    found = 0
    for call in hang_ups(count):
        text = await heard_at_the_end(ears, call)
        if text.lower().rstrip(".,!? ").endswith(call.word):
            found += 1
        else:
            click.echo(f"{call.word!r}, {call.way} {call.after:.2f} s after it: {text!r}", err=True)
    return found


async def measure(quick: bool) -> report.Figures:
    """Return the figures."""
    ears = Ears(load_settings())
    await ears.engine.warm()
    count = HANG_UPS // 5 if quick else HANG_UPS
    found = await present(ears, count)
    ears.close()
    return {"calls": count, "present": found}


if __name__ == "__main__":
    report.main("last_words", __doc__ or "", measure, run=virtual_time.run)
