"""The playout queue and its schedule, as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from telephony.legs.playout import Frame, Playout, Schedule


def test_marks_come_due_with_the_last_byte_before_them() -> None:
    playout = Playout()
    playout.mark("first")
    playout.add(b"a" * 200)
    playout.mark("middle")
    playout.add(b"b" * 50)
    playout.mark("end")
    assert playout.take(160) == Frame(b"a" * 160, ("first",))
    assert playout.take(160) == Frame(b"a" * 40 + b"b" * 50, ("middle", "end"))
    assert playout.take(160) == Frame(b"")


def test_clear_drops_a_partly_taken_chunk_and_gives_its_marks_back() -> None:
    playout = Playout()
    playout.add(b"a" * 400)
    playout.mark("cut short")
    playout.take(160)
    assert playout.clear() == ("cut short",)
    assert not playout
    playout.add(b"b" * 10)
    assert playout.take(160).audio == b"b" * 10


def test_full_it_keeps_what_it_has_and_refuses_the_rest() -> None:
    playout = Playout(limit=300, mark_limit=1)
    assert playout.add(b"a" * 200) == 0
    assert playout.add(b"b" * 200) == 100
    assert playout.add(b"c") == 1
    assert playout.mark("kept")
    assert not playout.mark("one too many")
    assert playout.take(500) == Frame(b"a" * 200 + b"b" * 100, ("kept",))


class PlayoutAgainstAString(RuleBasedStateMachine):
    """Whatever is queued comes out once, in order, cut only by `clear`."""

    def __init__(self) -> None:
        super().__init__()
        self.playout = Playout(limit=1_000, mark_limit=5)
        self.bytes = b""
        self.marks: list[tuple[int, str]] = []
        self.count = 0

    @rule(audio=st.binary(max_size=500))
    def add(self, audio: bytes) -> None:
        room = 1_000 - len(self.bytes)
        assert self.playout.add(audio) == max(len(audio) - room, 0)
        self.bytes += audio[:room]

    @rule()
    def mark(self) -> None:
        self.count += 1
        kept = self.playout.mark(str(self.count))
        assert kept == (len(self.marks) < 5)
        if kept:
            self.marks.append((len(self.bytes), str(self.count)))

    @rule(count=st.integers(0, 400))
    def take(self, count: int) -> None:
        due = tuple(name for at, name in self.marks if at <= count)
        assert self.playout.take(count) == Frame(self.bytes[:count], due)
        taken = min(count, len(self.bytes))
        self.bytes = self.bytes[count:]
        self.marks = [(at - taken, name) for at, name in self.marks if at > count]

    @rule()
    def clear(self) -> None:
        assert self.playout.clear() == tuple(name for _, name in self.marks)
        self.bytes, self.marks = b"", []

    @invariant()
    def knows_its_length(self) -> None:
        assert len(self.playout) == len(self.bytes)
        assert bool(self.playout) == bool(self.bytes or self.marks)
        assert self.playout.seconds == len(self.bytes) / 8_000


TestPlayoutAgainstAString = PlayoutAgainstAString.TestCase


def _send_what_is_due(schedule: Schedule, now: float) -> int:
    frames = 0
    while schedule.due(now) == 0:
        schedule.sent(160, now)
        frames += 1
    return frames


def test_a_lead_is_filled_and_then_kept_by_one_frame_every_20_ms() -> None:
    schedule = Schedule(lead=0.06)
    assert [_send_what_is_due(schedule, 0.02 * tick) for tick in range(5)] == [3, 1, 1, 1, 1]
    assert schedule.heard_in(0.08) == pytest.approx(0.06)


@given(st.lists(st.floats(0.001, 0.04), min_size=50, max_size=200))
def test_late_timers_make_no_drift(lateness: list[float]) -> None:
    schedule = Schedule(lead=0.06)
    now, frames = 0.0, 0
    for late in lateness:
        now += max(late, schedule.due(now))
        frames += _send_what_is_due(schedule, now)
    assert now < frames * 0.02 <= now + 0.0611  # never dry, never more than the lead ahead


@given(st.floats(0.06, 600))
def test_after_any_stall_only_the_lead_is_sent_at_once(stall: float) -> None:
    schedule = Schedule(lead=0.06)
    _send_what_is_due(schedule, 0.0)
    assert _send_what_is_due(schedule, stall) <= 3


def test_what_the_other_side_dropped_is_filled_again() -> None:
    schedule = Schedule(lead=0.06)
    _send_what_is_due(schedule, 1.0)
    schedule.emptied()
    assert schedule.heard_in(1.0) == 0
    assert _send_what_is_due(schedule, 1.0) == 3
