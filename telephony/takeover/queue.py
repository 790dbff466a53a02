"""Who waits and who can help: the roster of agents and the waiting line, without I/O.

First come, first served; the agent idle longest is asked first; an agent has at most one call, offered or
taken. A call is offered to an agent once: who declined it or let it ring is asked again only after saying
anew that they are available, so that a call never rings round in circles.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Engagement(StrEnum):
    """What keeps an agent busy."""

    FREE = "free"
    RINGING = "ringing"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"


@dataclass
class Seat:
    """An agent at a desk. `idle_since` is in the clock's seconds."""

    available: bool = False
    engagement: Engagement = Engagement.FREE
    idle_since: float = 0.0


@dataclass
class _Waiting:
    call: str
    tried: set[str] = field(default_factory=set)


class Queue:
    """The roster and the waiting line of one switchboard."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._line: list[_Waiting] = []
        self._tried: dict[str, set[str]] = {}

    @property
    def waiting(self) -> tuple[str, ...]:
        """The calls in line, the next one first."""
        return tuple(waiting.call for waiting in self._line)

    def seat(self, agent: str) -> Seat | None:
        """Return the agent's seat; None where nobody of that name is at a desk."""
        return self._seats.get(agent)

    def joined(self, agent: str, now: float) -> None:
        """Seat an agent, not yet available."""
        self._seats[agent] = Seat(idle_since=now)

    def left(self, agent: str) -> None:
        """Take the agent's seat away."""
        self._seats.pop(agent, None)

    def available(self, agent: str, available: bool, now: float) -> None:
        """Note whether the agent may be rung; saying so anew makes them eligible for every waiting call."""
        seat = self._seats.get(agent)
        if seat is None:
            return
        if available:
            for tried in self._tried.values():
                tried.discard(agent)
        if available and not seat.available:
            seat.idle_since = now
        seat.available = available

    def engaged(self, agent: str, engagement: Engagement, now: float) -> None:
        """Note what keeps the agent busy."""
        seat = self._seats.get(agent)
        if seat is None:
            return
        if engagement is Engagement.FREE and seat.engagement is not Engagement.FREE:
            seat.idle_since = now
        seat.engagement = engagement

    def wait(self, call: str, *, ahead: bool) -> None:
        """Put a call in line: at the end, or `ahead` of all where it had an agent before."""
        if call in self.waiting:
            return
        waiting = _Waiting(call, self._tried.setdefault(call, set()))
        self._line.insert(0 if ahead else len(self._line), waiting)

    def withdraw(self, call: str) -> None:
        """Take a call out of line."""
        self._line = [waiting for waiting in self._line if waiting.call != call]

    def forget(self, call: str) -> None:
        """Drop all that is known of a call that is over."""
        self.withdraw(call)
        self._tried.pop(call, None)

    def match(self) -> list[tuple[str, str]]:
        """Return (call, agent) for every call that can be offered now; those agents count as ringing."""
        matches: list[tuple[str, str]] = []
        for waiting in list(self._line):
            free = [
                (seat.idle_since, agent)
                for agent, seat in self._seats.items()
                if seat.available and seat.engagement is Engagement.FREE and agent not in waiting.tried
            ]
            if not free:
                continue
            _, agent = min(free)
            self._seats[agent].engagement = Engagement.RINGING
            waiting.tried.add(agent)
            self._line.remove(waiting)
            matches.append((waiting.call, agent))
        return matches
