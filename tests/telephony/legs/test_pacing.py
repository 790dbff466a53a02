"""The pacing task on simulated time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from telephony.legs.pacing import Pacer
from telephony.legs.playout import Playout
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")


class RecordingLine:
    """Remembers what it was given, and when."""

    def __init__(self, clock: LoopClock) -> None:
        self.clock = clock
        self.frames: list[tuple[float, bytes]] = []
        self.marks: list[tuple[float, str]] = []
        self.blocked = False

    def ready(self) -> bool:
        return not self.blocked

    def send_frame(self, mulaw: bytes) -> None:
        self.frames.append((round(self.clock.now(), 6), mulaw))

    def send_mark(self, name: str) -> None:
        self.marks.append((round(self.clock.now(), 6), name))


@contextlib.asynccontextmanager
async def pacing() -> AsyncIterator[tuple[Pacer, RecordingLine]]:
    line = RecordingLine(LoopClock())
    pacer = Pacer(line, line.clock)
    task = asyncio.create_task(pacer.run())
    yield pacer, line
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_audio_goes_out_in_real_time_three_frames_ahead() -> None:
    async with pacing() as (pacer, line):
        pacer.play(b"a" * 8_000)
        pacer.mark("end")
        await asyncio.sleep(2)
        assert [at for at, _ in line.frames] == pytest.approx(
            [0, 0, 0] + [0.02 * tick for tick in range(1, 48)], abs=1e-6
        )
        assert b"".join(audio for _, audio in line.frames) == b"a" * 8_000
        assert line.marks == [(0.94, "end")]


async def test_ten_minutes_do_not_drift() -> None:
    async with pacing() as (pacer, line):
        pacer.play(b"a" * 600 * 8_000)
        await asyncio.sleep(601)
        assert len(line.frames) == 30_000
        assert line.frames[-1][0] == pytest.approx(600 - 0.06, abs=1e-6)


async def test_a_mark_behind_nothing_is_told_at_once() -> None:
    async with pacing() as (pacer, line):
        pacer.mark("now")
        await asyncio.sleep(0.001)
        assert line.marks == [(0, "now")]


async def test_a_stalled_loop_is_caught_up_without_a_burst() -> None:
    async with pacing() as (pacer, line):
        pacer.play(b"a" * 8_000)
        await asyncio.sleep(0.1)
        line.clock._loop._now += 0.5  # type: ignore[attr-defined]  # as if something had blocked the loop
        before = len(line.frames)
        await asyncio.sleep(0)
        await asyncio.sleep(0.0001)
        assert len(line.frames) - before <= 4


async def test_clearing_stops_at_once_and_what_follows_is_played_at_once() -> None:
    async with pacing() as (pacer, line):
        pacer.play(b"a" * 8_000)
        pacer.mark("cut")
        await asyncio.sleep(0.101)
        assert pacer.clear() == ("cut",)
        sent = len(line.frames)
        await asyncio.sleep(0.1)
        assert len(line.frames) == sent
        pacer.play(b"b" * 160)
        await asyncio.sleep(0.001)
        assert line.frames[-1] == (0.201, b"b" * 160)


async def test_a_blocked_line_loses_nothing() -> None:
    async with pacing() as (pacer, line):
        line.blocked = True
        pacer.play(b"a" * 1_600)
        await asyncio.sleep(1)
        assert not line.frames
        line.blocked = False
        await asyncio.sleep(1)
        assert b"".join(audio for _, audio in line.frames) == b"a" * 1_600


async def test_a_queue_handed_in_is_the_one_played() -> None:
    line, playout = RecordingLine(LoopClock()), Playout(limit=100)
    pacer = Pacer(line, line.clock, playout=playout)
    assert pacer.play(b"a" * 160) == 60
    assert len(playout) == 100


async def test_live_audio_past_the_queue_counts_as_sent() -> None:
    async with pacing() as (pacer, _):
        pacer.passed(b"a" * 160)
        assert pacer.heard_in() == pytest.approx(0.02)
