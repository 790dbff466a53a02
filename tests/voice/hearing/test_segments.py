from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.hearing.segments import (
    Segmenter,
    SegmentEvent,
    SpeechStarted,
    SpeechStopped,
    TurnDue,
    TurnEnded,
    TurnTaking,
)

WINDOW = 0.032
TALK, SILENCE = 0.95, 0.02


def hear(segmenter: Segmenter, *spans: tuple[float, float], allowed: float = 0.0) -> list[SegmentEvent]:
    """Feed windows of (probability, seconds) one after the other; pauses may last `allowed` seconds."""
    events: list[SegmentEvent] = []
    count = 0
    for probability, seconds in spans:
        for _ in range(round(seconds / WINDOW)):
            count += 1
            for event in segmenter.feed(probability, count * WINDOW):
                events += segmenter.allow(allowed) if isinstance(event, TurnDue) else [event]
    return events


def test_a_turn_starts_pauses_and_ends() -> None:
    started, stopped, ended = hear(Segmenter(), (SILENCE, 0.64), (TALK, 1.28), (SILENCE, 1.28))
    assert isinstance(started, SpeechStarted)
    assert started.start == pytest.approx(0.64)
    assert started.t - started.start == pytest.approx(TurnTaking().min_speech, abs=WINDOW)
    assert isinstance(stopped, SpeechStopped)
    assert (stopped.start, stopped.end) == pytest.approx((0.64, 1.92))
    assert stopped.t - stopped.end == pytest.approx(TurnTaking().pause, abs=WINDOW)
    assert isinstance(ended, TurnEnded)
    assert (ended.start, ended.end) == (stopped.start, stopped.end)
    assert ended.t - ended.end == pytest.approx(TurnTaking().timeout, abs=WINDOW)


def test_a_short_pause_stays_inside_the_turn() -> None:
    events = hear(
        Segmenter(), (SILENCE, 0.032), (TALK, 0.64), (SILENCE, 0.288), (TALK, 0.64), (SILENCE, 0.64)
    )
    assert [type(event) for event in events] == [
        SpeechStarted, SpeechStopped, SpeechStarted, SpeechStopped, TurnEnded,
    ]  # fmt: skip
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    assert (ended.start, ended.end) == pytest.approx((0.032, 1.6))


def test_a_dip_inside_a_word_is_not_reported() -> None:
    events = hear(Segmenter(), (TALK, 0.32), (SILENCE, 0.064), (TALK, 0.32))
    assert [type(event) for event in events] == [SpeechStarted]


def test_a_click_is_not_speech() -> None:
    assert hear(Segmenter(), (SILENCE, 0.32), (TALK, 0.064), (SILENCE, 1.0)) == []


def test_a_click_after_speech_does_not_hold_the_turn_open() -> None:
    events = hear(Segmenter(), (TALK, 0.64), (SILENCE, 0.256), (TALK, 0.064), (SILENCE, 0.5))
    ended = events[-1]
    assert isinstance(ended, TurnEnded)
    assert ended.end == pytest.approx(0.64)
    assert ended.t - ended.end == pytest.approx(TurnTaking().timeout, abs=WINDOW)


def test_between_the_thresholds_nothing_changes() -> None:
    between = (TurnTaking().start + TurnTaking().stop) / 2
    assert hear(Segmenter(), (between, 2.0)) == []
    events = hear(Segmenter(), (TALK, 0.32), (between, 2.0))
    assert [type(event) for event in events] == [SpeechStarted]


def test_a_turn_without_end_is_cut_at_the_longest_length_and_goes_on_as_the_next() -> None:
    events = hear(Segmenter(TurnTaking(max_turn=2.0)), (TALK, 5.0), (SILENCE, 1.0))
    turns = [event for event in events if isinstance(event, TurnEnded)]
    assert [turn.capped for turn in turns] == [True, True, False]
    assert [turn.start for turn in turns[1:]] == [turn.end for turn in turns[:-1]]


def test_a_pause_may_be_allowed_to_last_and_the_turn_goes_on_behind_it() -> None:
    events = hear(Segmenter(), (TALK, 0.64), (SILENCE, 0.96), (TALK, 0.64), (SILENCE, 1.6), allowed=1.1)
    (ended,) = (event for event in events if isinstance(event, TurnEnded))
    assert (ended.start, ended.end) == pytest.approx((0.032, 2.24))
    assert ended.t - ended.end == pytest.approx(1.1, abs=WINDOW)


def test_a_pause_nobody_answers_for_ends_at_the_longest() -> None:
    segmenter = Segmenter()
    events = [event for count in range(1, 80) for event in segmenter.feed(count <= 20, count * WINDOW)]
    due, ended = (event for event in events if isinstance(event, TurnDue | TurnEnded))
    assert due.t - due.end == pytest.approx(TurnTaking().timeout, abs=WINDOW)
    assert ended.t - ended.end == pytest.approx(TurnTaking().longest_pause, abs=WINDOW)


def test_nothing_is_allowed_where_nothing_is_due() -> None:
    segmenter = Segmenter()
    hear(segmenter, (TALK, 0.64))
    assert segmenter.allow(0.0) == []


def test_the_end_of_the_audio_ends_the_turn() -> None:
    segmenter = Segmenter()
    hear(segmenter, (TALK, 0.64))
    stopped, ended = segmenter.flush(0.7)
    assert isinstance(stopped, SpeechStopped)
    assert isinstance(ended, TurnEnded)
    assert ended.end == pytest.approx(0.64)
    assert segmenter.flush(0.8) == []


def test_time_runs_forward() -> None:
    segmenter = Segmenter()
    segmenter.feed(SILENCE, 1.0)
    with pytest.raises(ValueError, match="backwards"):
        segmenter.feed(SILENCE, 0.9)


PROBABILITIES = st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.5, 0.7, 1.0]), max_size=200)
VALUES = st.builds(
    TurnTaking,
    min_speech=st.floats(0.03, 0.3),
    pause=st.floats(0.03, 0.2),
    timeout=st.floats(0.2, 0.6),
    longest_pause=st.floats(0.2, 1.5),
    max_turn=st.floats(1.0, 6.0),
)


def run(probabilities: list[float], values: TurnTaking) -> tuple[list[SegmentEvent], Segmenter]:
    segmenter = Segmenter(values)
    events: list[SegmentEvent] = []
    for count, probability in enumerate(probabilities, start=1):
        events += segmenter.feed(probability, count * WINDOW)
    return events, segmenter


@settings(max_examples=60)
@given(PROBABILITIES, VALUES)
def test_turns_follow_each_other_and_hold_all_speech(probabilities: list[float], values: TurnTaking) -> None:
    events, segmenter = run(probabilities, values)
    events += segmenter.flush(len(probabilities) * WINDOW)
    turns = [event for event in events if isinstance(event, TurnEnded)]
    for turn in turns:
        assert 0 <= turn.start <= turn.end <= turn.t
        assert turn.end - turn.start <= values.max_turn + WINDOW + 1e-9
    assert all(before.end <= after.start for before, after in pairwise(turns))
    for event in events:
        if isinstance(event, SpeechStarted):
            assert any(turn.start <= event.start <= turn.end for turn in turns)


@settings(max_examples=60)
@given(PROBABILITIES, VALUES)
def test_every_turn_is_started_then_stopped_then_ended(
    probabilities: list[float], values: TurnTaking
) -> None:
    events, segmenter = run(probabilities, values)
    events += segmenter.flush(len(probabilities) * WINDOW)
    talking = False
    for event in events:
        if isinstance(event, SpeechStarted):
            assert not talking
            talking = True
        elif isinstance(event, SpeechStopped):
            talking = False
        elif isinstance(event, TurnEnded):
            assert not talking
            talking = event.capped and segmenter_goes_on(events, event)
    assert not talking
    assert not segmenter.turn_open


def segmenter_goes_on(events: list[SegmentEvent], cut: TurnEnded) -> bool:
    """Whether the caller talked on where a turn was cut: the next event is then no start."""
    later = events[events.index(cut) + 1 :]
    return bool(later) and not isinstance(later[0], SpeechStarted)


@settings(max_examples=60)
@given(PROBABILITIES, VALUES)
def test_silence_ends_every_turn_in_time(probabilities: list[float], values: TurnTaking) -> None:
    _, segmenter = run(probabilities, values)
    was_open = segmenter.turn_open
    start = len(probabilities)
    ended: list[SegmentEvent] = []
    longest = max(values.timeout, values.longest_pause)
    for count in range(start + 1, start + 4 + int(longest / WINDOW)):
        ended += segmenter.feed(0.0, count * WINDOW)
    assert not segmenter.turn_open
    if was_open:
        assert any(isinstance(event, TurnEnded) for event in ended)
