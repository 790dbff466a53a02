"""How long callers are told that they will wait, against waits that were played out."""

import heapq
import random
from collections.abc import Sequence

import numpy as np
import pytest

from telephony.takeover.waiting_time import (
    SHARE,
    SPANS,
    SUPPOSED,
    HandlingTimes,
    Span,
    best_guess,
    forecast,
    span_of,
)


def number(place: int, busy: Sequence[float], durations: Sequence[float]) -> float:
    waits = forecast(place, busy, durations)
    assert waits is not None
    return best_guess(waits)


def span(place: int, busy: Sequence[float], durations: Sequence[float]) -> str:
    waits = forecast(place, busy, durations)
    assert waits is not None
    return span_of(waits).name


def test_nobody_there_and_somebody_free() -> None:
    assert forecast(1, [], [100.0]) is None
    assert number(1, [0.0, 50.0], [100.0]) == pytest.approx(1.0, abs=0.1)
    assert span(1, [0.0, 50.0], [100.0]) == "under_1"


def test_calls_that_all_take_as_long_are_reckoned_exactly() -> None:
    assert number(1, [40.0, 10.0], [100.0] * 10) == pytest.approx(60.0, rel=0.01)
    assert number(2, [40.0, 10.0], [100.0] * 10) == pytest.approx(90.0, rel=0.01)
    assert number(3, [40.0, 10.0], [100.0] * 10) == pytest.approx(160.0, rel=0.01)
    assert span(2, [40.0, 10.0], [100.0] * 10) == "1_to_2"
    assert span(3, [40.0, 10.0], [100.0] * 10) == "2_to_3"


def test_a_call_longer_than_any_before_it_is_thought_to_last_half_as_long_again() -> None:
    assert number(1, [300.0], [100.0, 200.0]) == pytest.approx(150.0, rel=0.01)


def test_the_same_question_has_the_same_answer() -> None:
    asked = (7, [30.0, 60.0, 90.0], [50.0, 150.0, 250.0])
    assert number(*asked) == number(*asked)


def test_told_is_the_narrowest_span_that_holds_most_waits() -> None:
    waits = np.linspace(125.0, 230.0, 200)
    assert span_of(waits).name == "2_to_4"
    assert span_of(np.append(waits[:190], [900.0] * 10)).name == "2_to_4", "a few are let go"
    assert span_of(np.full(200, 7200.0)).name == "over_60"


def test_of_waits_that_no_span_holds_the_one_is_told_that_holds_the_most() -> None:
    scattered = np.concatenate([np.full(90, 30.0), np.full(110, 2400.0)])
    assert span_of(scattered).low <= 2400.0 <= span_of(scattered).high


def test_there_are_words_for_every_wait() -> None:
    assert all(any(one.low <= wait <= one.high for one in SPANS) for wait in range(0, 10_000, 7))
    assert all(one.low < one.high for one in SPANS)


def test_what_was_supposed_gives_way_to_real_calls() -> None:
    times = HandlingTimes()
    for _ in SUPPOSED:
        times.note(70.0)
    assert times.kept == (70.0,) * len(SUPPOSED)


SPREAD = 0.55


def lasts(draw: random.Random) -> float:
    return draw.lognormvariate(5.3, SPREAD)


def lasts_when_looked_at(draw: random.Random) -> float:
    """Return how long a call lasts that is under way at a given moment: long ones more often are."""
    return draw.lognormvariate(5.3 + SPREAD**2, SPREAD)


@pytest.mark.parametrize("place", [1, 5, 20])
def test_most_waits_end_within_what_was_said(place: int) -> None:
    draw = random.Random(3)
    known = [lasts(draw) for _ in range(200)]
    right = 0
    for _ in range(150):
        calls = [lasts_when_looked_at(draw) for _ in range(10)]
        busy = [draw.uniform(0, call) for call in calls]
        ends = [call - since for call, since in zip(calls, busy, strict=True)]
        heapq.heapify(ends)
        for _ in range(place - 1):
            heapq.heapreplace(ends, ends[0] + lasts(draw))
        waits = forecast(place, busy, known)
        assert waits is not None
        told: Span = span_of(waits)
        right += told.low <= ends[0] <= told.high
    assert right / 150 >= SHARE - 0.05
