import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from voice.hearing.segments import SegmentEvent, SpeechStarted, SpeechStopped, TurnDue, TurnEnded, TurnTaking
from voice.hearing.track import EAGER, Track
from voice.hearing.windows import RATE, WINDOW

SECOND = RATE // WINDOW


class Scripted:
    """Gives its probabilities one after the other, and then silence."""

    def __init__(self, *stretches: tuple[float, int]) -> None:
        self._probabilities = iter([p for p, windows in stretches for _ in range(windows)])

    def probability(self, samples: NDArray[np.float32]) -> float:
        assert samples.shape == (WINDOW,)
        return next(self._probabilities, 0.0)


def ramp(samples: int) -> bytes:
    """Audio whose every sample is its own place in the track."""
    return np.arange(samples, dtype=np.int16).tobytes()


def feed(track: Track, pcm: bytes, size: int = 640) -> list[SegmentEvent]:
    events: list[SegmentEvent] = []
    for at in range(0, len(pcm), size):
        for event in track.feed(pcm[at : at + size]):
            events += track.allow(0.0) if isinstance(event, TurnDue) else [event]
    return events


def until_it_ends(track: Track, pcm: bytes) -> TurnEnded:
    for at in range(0, len(pcm), 640):
        for event in track.feed(pcm[at : at + 640]):
            for ended in track.allow(0.0) if isinstance(event, TurnDue) else ():
                assert isinstance(ended, TurnEnded)
                return ended
    raise AssertionError("the turn did not end")


def test_times_come_from_the_samples_and_the_second_the_track_begins_at() -> None:
    track = Track(Scripted((0.0, 10), (0.9, 20)), TurnTaking(), start=100.0)
    events = feed(track, ramp(80 * WINDOW))
    started, stopped, ended = events
    assert isinstance(started, SpeechStarted)
    assert isinstance(stopped, SpeechStopped)
    assert isinstance(ended, TurnEnded)
    assert ended.start == pytest.approx(100 + 10 * WINDOW / RATE)
    assert ended.end == pytest.approx(100 + 30 * WINDOW / RATE)


@settings(deadline=None)
@given(st.integers(min_value=20, max_value=3_000).map(lambda half: 2 * half))
def test_how_the_audio_is_cut_into_packets_changes_nothing(size: int) -> None:
    def run(size: int) -> list[SegmentEvent]:
        track = Track(Scripted((0.0, 5), (0.9, 20), (0.0, 30), (0.8, 9)), TurnTaking(), 0.0)
        return feed(track, ramp(90 * WINDOW), size)

    assert run(size) == run(640)


def test_a_clip_is_the_audio_of_its_turn_and_a_little_around_it() -> None:
    track = Track(Scripted((0.0, 20), (0.9, 20)), TurnTaking(), 0.0)
    ended = until_it_ends(track, ramp(60 * WINDOW))
    samples, begin = track.clip(ended.start, ended.end)
    first = round(samples[0] * 32768)
    assert first == round(begin * RATE) == round((ended.start - 0.2) * RATE)
    assert len(samples) == round((ended.end - ended.start + 0.3) * RATE)


def test_a_turn_at_the_very_beginning_has_nothing_before_it() -> None:
    track = Track(Scripted((0.9, 20)), TurnTaking(), 7.0)
    ended = until_it_ends(track, ramp(60 * WINDOW))
    samples, begin = track.clip(ended.start, ended.end)
    assert (samples[0], begin) == (0.0, 7.0)


def test_silence_is_not_kept() -> None:
    track = Track(Scripted(), TurnTaking(), 0.0)
    feed(track, bytes(2 * RATE * 60))
    kept, _ = track.clip(0.0, 60.0)
    assert len(kept) < RATE
    assert track.now == pytest.approx(60.0)


def test_flushing_ends_the_turn_with_what_is_shorter_than_a_window() -> None:
    track = Track(Scripted((0.9, 10)), TurnTaking(), 0.0)
    feed(track, ramp(10 * WINDOW + 100))
    ended = track.flush()[-1]
    assert isinstance(ended, TurnEnded)
    assert track.now == pytest.approx((10 * WINDOW + 100) / RATE)
    assert track.flush() == []


def test_a_turn_to_be_judged_soon_is_decoded_sooner() -> None:
    def stopped(timeout: float | None) -> float:
        track = Track(Scripted((0.9, 20)), TurnTaking(), 0.0)
        track.judge_after(timeout)
        return next(
            event.t - event.end for event in track.feed(ramp(60 * WINDOW)) if isinstance(event, SpeechStopped)
        )

    assert stopped(None) == pytest.approx(TurnTaking().pause)
    assert stopped(0.19) == pytest.approx(EAGER)
