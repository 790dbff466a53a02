"""The line's own threshold: learnt from its unlabelled calls, because rooms, handsets and people differ.

Angry calls are rare, so a high quantile of the calls' peaks is where calm calls end; taken one rank higher
than plain counting would, it keeps its promise for the next call too (split conformal prediction, Vovk et
al. 2005). Old calls fade slowly, so that a line that changes is followed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import msgspec


class LineState(msgspec.Struct, frozen=True):
    """What a line remembers of its calls.

    Attributes:
        peaks: the highest score of each call, oldest first.
        calls: how many there have been in all.
        days: when each of `peaks` was heard, as the day's number in the calendar (`date.toordinal`).
    """

    peaks: tuple[float, ...] = ()
    calls: int = 0
    days: tuple[int, ...] = ()

    def since(self, day: int) -> "LineState":
        """Return what is left without the calls before `day`; of what bears no date, nothing."""
        if len(self.days) != len(self.peaks):
            return LineState()
        old = sum(known < day for known in self.days)
        return LineState(self.peaks[old:], self.calls, self.days[old:]) if old else self


_NOTHING = LineState()
LEAST_CALLS = 100
"""Calls a line must have heard before it has a threshold of its own."""


@dataclass(frozen=True, slots=True)
class LineThreshold:
    """What a line has learnt, and where it fires. A value: each call heard gives a new one.

    Attributes:
        state: what is remembered.
        false_share: calm calls that may be handed over for their voice, 0..1.
        pinned: an operator's own threshold, instead of the learnt one.
        least_calls: before so many the line has none of its own.
        memory: the newest calls that count.
        rare: the share of calls taken to be angry, which are left out at the top.
        margin: how many of the calls' own spreads the threshold lies above the quantile, because tomorrow's
            callers are others than those it was learnt from. Among EmoDB's speakers, learnt from half of them
            and asked by the others, this gives 0.5 false calls of 100 with the weights that ship (which heard
            them), where another turn must have sounded angry too.
    """

    state: LineState = _NOTHING
    false_share: float = 0.02
    pinned: float | None = None
    least_calls: int = LEAST_CALLS
    memory: int = 2000
    rare: float = 0.01
    margin: float = 0.5

    @property
    def value(self) -> float | None:
        """Return the threshold on a call's peak, None before the line has heard enough."""
        if self.pinned is not None:
            return self.pinned
        if len(self.state.peaks) < self.least_calls:
            return None
        quantile = conformal(self.state.peaks, self.false_share + self.rare)
        return quantile + self.margin * _spread(self.state.peaks)

    def heard(self, peak: float, day: int = 0) -> "LineThreshold":
        """Return the threshold after one more call, heard on `day`."""
        peaks = (*self.state.peaks, round(peak, 4))[-self.memory :]
        days = (*self.state.days, day)[-self.memory :]
        return replace(self, state=LineState(peaks, self.state.calls + 1, days))


def conformal(peaks: Sequence[float], share: float) -> float:
    """Return the peak that at most `share` of further calls like these exceed, on average over all lines."""
    ordered = sorted(peaks)
    rank = math.ceil((len(ordered) + 1) * (1 - share))
    if rank > len(ordered):
        spread = ordered[-1] - ordered[len(ordered) // 2]
        return ordered[-1] + 0.1 * spread
    return ordered[rank - 1]


def _spread(peaks: Sequence[float]) -> float:
    """Return the peaks' standard deviation by their median absolute deviation."""
    middle = median(peaks)
    return 1.4826 * median([abs(peak - middle) for peak in peaks])
