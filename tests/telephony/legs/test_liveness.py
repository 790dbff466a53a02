"""When an agent counts as unsteady and as gone, and what is our own delay."""

from itertools import pairwise

from telephony.legs.liveness import (
    LOOK_SECONDS,
    TALKING_PING_SECONDS,
    TALKING_SILENT_SECONDS,
    UNSTEADY_SECONDS,
    Found,
    Liveness,
)


def looks(line: Liveness, since: float, seconds: float, late: float = 0.0) -> dict[Found, float]:
    """Look for so long, each time so much too late; return when each finding came first."""
    first: dict[Found, float] = {}
    now = since
    while now < since + seconds:
        first.setdefault(line.look(now), now - since)
        now += LOOK_SECONDS + late
    return first


def talking(now: float = 0.0) -> Liveness:
    line = Liveness(now)
    line.talks(True)
    return line


def test_a_caller_is_told_within_two_seconds_and_the_agent_kept_for_four() -> None:
    found = looks(talking(), 0.0, 10.0)
    assert UNSTEADY_SECONDS <= found[Found.UNSTEADY] <= 2.0
    assert found[Found.GONE] == TALKING_SILENT_SECONDS


def test_a_loop_that_stood_still_holds_nothing_against_the_agent() -> None:
    line = talking()
    for now in (0.0, 10.0, 20.0, 30.0):
        assert line.look(now) is Found.THERE
    assert line.silent <= 3 * LOOK_SECONDS


def test_a_machine_under_load_is_given_as_much_more_time_as_it_is_late() -> None:
    found = looks(talking(), 0.0, 20.0, late=LOOK_SECONDS)
    assert found[Found.UNSTEADY] >= 2 * UNSTEADY_SECONDS - LOOK_SECONDS
    assert found[Found.GONE] >= 2 * TALKING_SILENT_SECONDS - LOOK_SECONDS


def test_what_was_silent_before_they_talked_does_not_count() -> None:
    line = Liveness(0.0)
    looks(line, 0.0, 14.0)
    line.talks(True)
    assert Found.GONE not in looks(line, 14.0, TALKING_SILENT_SECONDS - LOOK_SECONDS)


def test_each_silence_is_told_once_and_its_end_too() -> None:
    line = talking()
    assert [line.look(n * LOOK_SECONDS) for n in range(12)].count(Found.UNSTEADY) == 1
    assert line.heard(3.0)
    assert not line.heard(3.1)
    assert looks(line, 3.1, 1.0) == {Found.THERE: 0.0}


def test_silence_counts_from_what_came_last() -> None:
    line = talking()
    line.look(0.0)
    line.heard(0.2)
    found = looks(line, 0.25, 3.0)
    assert found[Found.UNSTEADY] + 0.25 - 0.2 >= UNSTEADY_SECONDS


def test_an_agent_who_talks_is_asked_often_enough_to_be_known_alive_by_answers_alone() -> None:
    line = talking()
    asked = [n / 100 for n in range(500) if line.ping(n / 100)]
    gaps = {round(later - before, 2) for before, later in pairwise(asked)}
    assert gaps == {TALKING_PING_SECONDS}
    assert max(gaps) * 2 < UNSTEADY_SECONDS
