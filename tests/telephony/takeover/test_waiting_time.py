"""How long callers are told that they will wait, against waits that were played out."""

import heapq
import random

import pytest

from telephony.takeover.waiting_time import SUPPOSED, HandlingTimes, estimate


def test_nobody_there_and_somebody_free() -> None:
    assert estimate(1, [], [100.0]) is None
    assert estimate(1, [0.0, 50.0], [100.0]) == pytest.approx(1.0, abs=0.1)


def test_calls_that_all_take_as_long_are_reckoned_exactly() -> None:
    assert estimate(1, [40.0, 10.0], [100.0] * 10) == pytest.approx(60.0, rel=0.01)
    assert estimate(2, [40.0, 10.0], [100.0] * 10) == pytest.approx(90.0, rel=0.01)
    assert estimate(3, [40.0, 10.0], [100.0] * 10) == pytest.approx(160.0, rel=0.01)


def test_a_call_longer_than_any_before_it_is_thought_to_last_half_as_long_again() -> None:
    assert estimate(1, [300.0], [100.0, 200.0]) == pytest.approx(150.0, rel=0.01)


def test_the_same_question_has_the_same_answer() -> None:
    asked = (7, [30.0, 60.0, 90.0], [50.0, 150.0, 250.0])
    assert estimate(*asked) == estimate(*asked)


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


@pytest.mark.parametrize(("place", "least"), [(5, 0.3), (20, 0.7)])
def test_most_waits_are_as_long_as_was_said_and_the_more_so_the_longer_they_are(
    place: int, least: float
) -> None:
    draw = random.Random(3)
    known = [lasts(draw) for _ in range(200)]
    right, ratios = 0, []
    for _ in range(150):
        calls = [lasts_when_looked_at(draw) for _ in range(10)]
        busy = [draw.uniform(0, call) for call in calls]
        ends = [call - since for call, since in zip(calls, busy, strict=True)]
        heapq.heapify(ends)
        for _ in range(place - 1):
            heapq.heapreplace(ends, ends[0] + lasts(draw))
        really, told = ends[0], estimate(place, busy, known)
        assert told is not None
        right += abs(told - really) <= 0.25 * really
        ratios.append(told / really)
    assert right / 150 >= least
    assert sorted(ratios)[75] == pytest.approx(1.0, abs=0.2)
