"""How much of anything one party may do in a while. Pure: the time is handed in."""

from collections import OrderedDict, deque

REMEMBERED = 10_000
"""Parties whose failures are remembered at most; the one that failed longest ago is forgotten first."""


class TokenBucket:
    """Lets `rate` things a second through, and `burst` at once after a rest."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._filled = float("-inf")

    def take(self, now: float) -> bool:
        """Return whether one more may pass at `now` (seconds of a clock that never goes back)."""
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Failures:
    """Counts failed attempts and says how long a party must wait after too many.

    Args:
        limit: failures within `window` after which the party waits.
        window: seconds after which a failure no longer counts.
    """

    def __init__(self, limit: int, window: float) -> None:
        self._limit = limit
        self._window = window
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, party: str, now: float) -> float:
        """Return the seconds until `party` may try again; 0: at once."""
        times = self._times.get(party)
        if times is None or len(times) < self._limit:
            return 0.0
        return max(0.0, times[0] + self._window - now)

    def count(self, party: str, now: float) -> None:
        """Note a failure."""
        times = self._times.setdefault(party, deque(maxlen=self._limit))
        times.append(now)
        self._times.move_to_end(party)
        if len(self._times) > REMEMBERED:
            self._times.popitem(last=False)

    def forget(self, party: str) -> None:
        """The party got in: start afresh."""
        self._times.pop(party, None)
