"""Detected turns against true ones: ends missed, and turns cut in their pauses. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LATE = 1.5
"""Seconds after its true end by which a turn must have been taken for over."""
APART = 0.3
"""Seconds by which a detected end may lie before the true one: a soft ending is no cut."""

Turn = tuple[float, float]


@dataclass(frozen=True)
class TurnScore:
    """How turns were detected.

    Attributes:
        turns: true ones.
        missed: of them, those whose end was not within `LATE` of a detected one.
        cuts: detected ends within a true turn.
    """

    turns: int = 0
    missed: int = 0
    cuts: int = 0

    def __add__(self, other: "TurnScore") -> "TurnScore":
        return TurnScore(self.turns + other.turns, self.missed + other.missed, self.cuts + other.cuts)


def score_turns(true: Sequence[Turn], detected: Sequence[Turn]) -> TurnScore:
    """Compare turns, each from its first to its last speech in seconds; where none is known, none counts."""
    if not true:
        return TurnScore()
    ends = [end for _, end in detected]
    missed = sum(not any(last - APART <= end <= last + LATE for end in ends) for _, last in true)
    cuts = sum(any(first < end < last - APART for first, last in true) for end in ends)
    return TurnScore(len(true), missed, cuts)
