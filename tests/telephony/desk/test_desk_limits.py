"""How much one party may do in a while."""

from hypothesis import given
from hypothesis import strategies as st

from telephony.desk.limits import REMEMBERED, Failures, TokenBucket


@given(st.lists(st.floats(0, 2), min_size=1, max_size=200), st.floats(1, 50), st.integers(1, 50))
def test_a_bucket_never_lets_more_through_than_its_burst_and_rate(
    gaps: list[float], rate: float, burst: int
) -> None:
    bucket, now, passed = TokenBucket(rate, burst), 0.0, 0
    for gap in gaps:
        now += gap
        passed += bucket.take(now)
    assert passed <= burst + rate * (now - gaps[0]) + 1e-6


def test_a_bucket_lets_everything_through_that_keeps_to_the_rate() -> None:
    bucket = TokenBucket(10, 2)
    assert all(bucket.take(turn / 10) for turn in range(100))


def test_after_too_many_failures_one_waits_until_the_oldest_is_forgotten() -> None:
    failures = Failures(limit=3, window=60)
    for t in (0.0, 10.0, 20.0):
        assert failures.wait("ada", t) == 0
        failures.count("ada", t)
    assert failures.wait("ada", 21.0) == 39.0
    assert failures.wait("bob", 21.0) == 0
    assert failures.wait("ada", 60.0) == 0


def test_getting_in_clears_the_slate() -> None:
    failures = Failures(limit=1, window=60)
    failures.count("ada", 0.0)
    failures.forget("ada")
    assert failures.wait("ada", 1.0) == 0


def test_parties_are_remembered_up_to_a_limit() -> None:
    failures = Failures(limit=1, window=60)
    for party in range(REMEMBERED + 1):
        failures.count(str(party), 0.0)
    assert failures.wait("0", 1.0) == 0
    assert failures.wait("1", 1.0) > 0
