"""How long a caller in line will wait, told from how long calls really took. Pure, and seeded.

The agents' calls are played forward many times with durations drawn from recent ones, those under way given
how long they have lasted already; each time gives one wait. The estimate is the value that is right, within
a quarter, for as many of these waits as can be.
"""

import heapq
from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 200
TOLERANCE: Final = 0.25
KEPT: Final = 200
"""Recent calls that count."""
SUPPOSED: Final = (110.0, 140.0, 165.0, 190.0, 215.0, 240.0, 270.0, 300.0, 345.0, 420.0)
"""Seconds an agent is busy with a call while no better is known; real calls take their place one by one."""
_SOONEST: Final = 1.0

Seconds = NDArray[np.float64]


class HandlingTimes:
    """For how many seconds agents were busy with a call, from its first ring to the end of the paperwork."""

    def __init__(self) -> None:
        self._kept: deque[float] = deque(SUPPOSED, maxlen=KEPT)
        self._supposed = len(SUPPOSED)

    @property
    def kept(self) -> tuple[float, ...]:
        """The durations to reckon with."""
        return tuple(self._kept)

    def note(self, seconds: float) -> None:
        """Take a call that is done."""
        if self._supposed:
            self._supposed -= 1
            self._kept.popleft()
        self._kept.append(max(seconds, _SOONEST))


def estimate(place: int, busy_for: Sequence[float], durations: Sequence[float]) -> float | None:
    """Return the seconds until a caller's turn; None where nobody is there to take it.

    Args:
        place: in line, from 1.
        busy_for: of each agent, how long their present call has lasted; 0 for one who is free.
        durations: of recent calls.
    """
    if not busy_for or not durations:
        return None
    randomness = np.random.default_rng(place)
    calls = np.asarray(durations, np.float64)
    first = np.stack([_remaining(busy, calls, randomness) for busy in busy_for])
    further = randomness.choice(calls, (place - 1, DRAWS))
    waits = [_one_wait(list(ends), following) for ends, following in zip(first.T, further.T, strict=True)]
    return _right_most_often(sorted(waits))


def _one_wait(ends: list[float], following: Seconds) -> float:
    heapq.heapify(ends)
    for duration in following:
        heapq.heapreplace(ends, ends[0] + duration)
    return max(float(ends[0]), _SOONEST)


def _remaining(busy: float, calls: Seconds, randomness: np.random.Generator) -> Seconds:
    """Return draws of how much longer an agent is busy, given for how long they have been."""
    if busy <= 0:
        return np.zeros(DRAWS)
    longer = calls[calls > busy] - busy
    # A call longer than all before it says nothing of its end: half as long again, as calls' tails go.
    return randomness.choice(longer, DRAWS) if len(longer) else np.full(DRAWS, busy / 2)


def _right_most_often(waits: Sequence[float]) -> float:
    """Return the value that lies within a quarter of as many of the sorted waits as can be."""
    best, at, end = 0, 0, 0
    for start, shortest in enumerate(waits):
        while end < len(waits) and waits[end] <= shortest * (1 + TOLERANCE) / (1 - TOLERANCE):
            end += 1
        if end - start > best:
            best, at = end - start, start
    lowest, highest = waits[at + best - 1] * (1 - TOLERANCE), waits[at] * (1 + TOLERANCE)
    return (lowest + highest) / 2
