"""What fails in a row is left alone for a while, and tried again."""

from voice.circuit_breaker import REST, CircuitBreaker


def test_opens_after_failures_in_a_row_and_closes_after_its_rest() -> None:
    breaker = CircuitBreaker(2)
    breaker.failed(10.0)
    assert breaker.closed(10.0)
    breaker.failed(11.0)
    assert not breaker.closed(11.0)
    assert not breaker.closed(11.0 + REST - 0.1)
    assert breaker.closed(11.0 + REST)


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = CircuitBreaker(2)
    breaker.failed(1.0)
    breaker.succeeded()
    breaker.failed(2.0)
    assert breaker.closed(2.0)


def test_after_its_rest_it_takes_as_many_failures_again() -> None:
    breaker = CircuitBreaker(2, rest=5.0)
    for at in (1.0, 1.0):
        breaker.failed(at)
    breaker.failed(6.0)
    assert breaker.closed(6.0)
    breaker.failed(6.5)
    assert not breaker.closed(6.5)
