"""When something that fails is left alone, and when it is tried again. Pure: the time is handed in."""

import math

REST = 30.0
"""Seconds of rest."""


class CircuitBreaker:
    """Opens after failures in a row; while it is open nothing is asked.

    Args:
        failures: how many in a row open it.
        rest: seconds it stays open.
    """

    def __init__(self, failures: int, rest: float = REST) -> None:
        self._opens_at = failures
        self._rest = rest
        self._failures = 0
        self._open_until = -math.inf

    def closed(self, now: float) -> bool:
        """Return whether to ask, at a second of the clock that all calls share."""
        return now >= self._open_until

    def succeeded(self) -> None:
        """Forget the failures so far."""
        self._failures = 0

    def failed(self, now: float) -> None:
        """Count a failure at second `now`."""
        self._failures += 1
        if self._failures >= self._opens_at:
            self._failures = 0
            self._open_until = now + self._rest
