"""How long a caller in line will wait, told from how long calls really took. Pure, and seeded.

The agents' calls are played forward many times with durations drawn from recent ones, those under way given
how long they have lasted already; each time gives one wait. What is told is the narrowest of the spans of
time there are words for that holds most of these waits.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 200
TOLERANCE: Final = 0.25
"""What a single number means: a quarter less to a quarter more."""
SHARE: Final = 0.85
"""How many of the waits played forward a span must hold to be told."""
KEPT: Final = 200
"""Recent calls that count."""
SUPPOSED: Final = (110.0, 140.0, 165.0, 190.0, 215.0, 240.0, 270.0, 300.0, 345.0, 420.0)
"""Seconds an agent is busy with a call while no better is known; real calls take their place one by one."""
_SOONEST: Final = 1.0
_DAY = 24 * 3600.0

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


@dataclass(frozen=True)
class Span:
    """A span of time there are words for, in seconds."""

    name: str
    low: float
    high: float


def _spans() -> tuple[Span, ...]:
    minute = 60.0
    under = [Span(f"under_{n}", 0.0, n * minute) for n in (1, 2, 3, 5)]
    between = [
        Span(f"{low}_to_{high}", low * minute, high * minute)
        for low, highs in _BETWEEN.items()
        for high in highs
    ]
    about = [Span(f"about_{n}", (1 - TOLERANCE) * n * minute, (1 + TOLERANCE) * n * minute) for n in _ABOUT]
    return (*under, *between, *about, Span("over_60", 60 * minute, inf))


_BETWEEN = {
    1: (2, 3, 4), 2: (3, 4, 5, 6), 3: (5, 6, 8), 4: (6, 8, 10), 5: (8, 10), 6: (10, 12), 8: (12, 15),
    10: (15, 20), 15: (20, 30), 20: (30, 40), 30: (45, 60), 45: (60,),
}  # fmt: skip
_ABOUT = (5, 10, 15, 20, 30, 45)
SPANS: Final = _spans()
_LOWS = np.array([span.low for span in SPANS])
_HIGHS = np.array([span.high for span in SPANS])
_WIDTHS = np.minimum(_HIGHS, _DAY) - _LOWS


def forecast(place: int, busy_for: Sequence[float], durations: Sequence[float]) -> Seconds | None:
    """Return `DRAWS` waits a caller may have, each as likely; None where nobody is there to take the call.

    Args:
        place: in line, from 1.
        busy_for: of each agent, how long their present call has lasted; 0 for one who is free.
        durations: of recent calls.
    """
    if not busy_for or not durations:
        return None
    randomness = np.random.default_rng(place)
    calls = np.asarray(durations, np.float64)
    ends = np.stack([_remaining(busy, calls, randomness) for busy in busy_for], axis=1)
    every = np.arange(DRAWS)
    for duration in randomness.choice(calls, (place - 1, DRAWS)):
        ends[every, ends.argmin(axis=1)] += duration
    waits: Seconds = np.maximum(ends.min(axis=1), _SOONEST)
    return waits


def span_of(waits: Seconds) -> Span:
    """Return the narrowest span that holds most of the waits; where none does, the one with the most."""
    ordered = np.sort(waits)
    held = np.searchsorted(ordered, _HIGHS, side="right") - np.searchsorted(ordered, _LOWS)
    enough = held >= SHARE * len(waits)
    if not enough.any():
        return SPANS[int(np.argmax(held))]
    # Of spans as wide as each other, the one that holds more.
    widths = np.where(enough, _WIDTHS - held / len(waits), inf)
    return SPANS[int(np.argmin(widths))]


def best_guess(waits: Seconds) -> float:
    """Return the single number that lies within a quarter of as many of the waits as can be."""
    ordered = np.sort(waits)
    last = np.searchsorted(ordered, ordered * (1 + TOLERANCE) / (1 - TOLERANCE), side="right")
    first = int(np.argmax(last - np.arange(len(ordered))))
    lowest, highest = ordered[last[first] - 1] * (1 - TOLERANCE), ordered[first] * (1 + TOLERANCE)
    return float(lowest + highest) / 2


def _remaining(busy: float, calls: Seconds, randomness: np.random.Generator) -> Seconds:
    """Return draws of how much longer an agent is busy, given for how long they have been."""
    if busy <= 0:
        return np.zeros(DRAWS)
    longer = calls[calls > busy] - busy
    # A call longer than all before it says nothing of its end: half as long again, as calls' tails go.
    return randomness.choice(longer, DRAWS) if len(longer) else np.full(DRAWS, busy / 2)
