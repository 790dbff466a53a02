"""Which clip is decoded next, and which is given up when too many wait. Pure: time is handed in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Urgency(IntEnum):
    """How badly a clip's words are wanted; the lower the sooner."""

    TURN = 0
    """The turn is over, and the caller waits for an answer."""
    GUESS = 1
    """The turn may be over."""
    PARTIAL = 2
    """The caller goes on talking: nice to know."""


@dataclass(eq=False)
class Waiting(Generic[T]):
    """A clip in the queue.

    Attributes:
        clip: what is to be decoded.
        urgency: may change while it waits.
        deadline: second after which nobody wants the words any more.
    """

    clip: T
    urgency: Urgency
    deadline: float


@dataclass
class WaitingLine(Generic[T]):
    """The clips that wait, at most `capacity` of them: the most urgent first, then the first to come.

    When it is full the newest of the least urgent is given up: partials before guesses, guesses before
    turns.
    """

    capacity: int
    _waiting: list[Waiting[T]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Waiting[T]]:
        return iter(self._waiting)

    def add(self, arrival: Waiting[T]) -> Waiting[T] | None:
        """Take a clip in; return the one given up for it (it may be the same), None where there was room."""
        self._waiting.append(arrival)
        if len(self._waiting) <= self.capacity:
            return None
        newest_first = reversed(self._waiting)
        shed = max(newest_first, key=lambda waiting: waiting.urgency)
        self._waiting.remove(shed)
        return shed

    def remove(self, waiting: Waiting[T]) -> None:
        """Forget a clip that nobody wants any more; one that is gone already is none."""
        if waiting in self._waiting:
            self._waiting.remove(waiting)

    def late(self, now: float) -> list[Waiting[T]]:
        """Remove and return the clips whose deadline has passed."""
        late = [waiting for waiting in self._waiting if waiting.deadline <= now]
        self._waiting = [waiting for waiting in self._waiting if waiting.deadline > now]
        return late

    def next(self) -> Waiting[T] | None:
        """Remove and return the clip to decode now, None where none waits."""
        if not self._waiting:
            return None
        first = min(self._waiting, key=lambda waiting: waiting.urgency)
        self._waiting.remove(first)
        return first
