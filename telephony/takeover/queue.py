"""Who waits and who can help: the roster of agents and the waiting line, without I/O.

The line is in the order of arrival, with a head start for callers in need (`telephony.takeover.priority`);
those whose agent was lost go ahead. Of the agents who can help, the one idle longest is asked first. An agent
has at most one call, offered or taken. Who declined a call or let it ring is asked again after a pause, or at
once after saying anew that they are available. When nobody fitting could be found for a while, anybody is
better than nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

ASK_AGAIN = 60.0
"""Seconds until an agent who did not take a call is rung for the same call again."""
FITTING = 60.0
"""Seconds in line after which a call is offered to agents without the skill or the language it needs."""


class Engagement(StrEnum):
    """What keeps an agent busy."""

    FREE = "free"
    RINGING = "ringing"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True)
class Needs:
    """What a call needs of an agent; empty: nothing special. `head_start` is in seconds of waiting."""

    skill: str = ""
    language: str = ""
    head_start: float = 0.0
    agent: str = ""
    """Somebody in particular."""


def _plain(language: str) -> str:
    """Return a language tag without its region."""
    return language.partition("-")[0].lower()


@dataclass(frozen=True)
class Profile:
    """What an agent can do; an agent who lists no skills, or no languages, takes calls of all."""

    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def fits(self, needs: Needs) -> bool:
        """Return whether the agent is one for a call with these needs."""
        skilled = not needs.skill or not self.skills or needs.skill in self.skills
        spoken = {_plain(language) for language in self.languages}
        speaks = not needs.language or not spoken or _plain(needs.language) in spoken
        return skilled and speaks


@dataclass
class Seat:
    """An agent at a desk. `idle_since` and `busy_since` are in the clock's seconds."""

    profile: Profile = Profile()
    available: bool = False
    engagement: Engagement = Engagement.FREE
    idle_since: float = 0.0
    busy_since: float = 0.0

    @property
    def on_duty(self) -> bool:
        """Whether the agent takes calls, now or after the one they have."""
        return self.available or self.engagement is not Engagement.FREE


@dataclass
class _Known:
    """What is kept of a call until it is over."""

    since: float
    sought: float
    """Since when an agent who fits its needs is looked for."""
    needs: Needs = Needs()
    ahead: bool = False
    taken: bool = False
    """An agent has had it."""
    asked: dict[str, float] = field(default_factory=dict)
    """When the agents who did not take it were asked last."""
    offered_to: str | None = None
    briefed_by: float = 0.0
    """From when on agents may be rung: then the brief is there, or has been waited for long enough."""

    @property
    def order(self) -> tuple[bool, float]:
        return not self.ahead, self.since - self.needs.head_start


class Queue:
    """The roster and the waiting line of one switchboard. Times are the clock's, in seconds."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._line: list[str] = []
        self._calls: dict[str, _Known] = {}

    @property
    def waiting(self) -> tuple[str, ...]:
        """The calls in line, the next one first."""
        return tuple(self._line)

    @property
    def seats(self) -> Mapping[str, Seat]:
        """The agents at their desks by name."""
        return MappingProxyType(self._seats)

    def place(self, call: str) -> int | None:
        """Return the call's place in line, from 1; None where it is not in line."""
        return self._line.index(call) + 1 if call in self._line else None

    def seat(self, agent: str) -> Seat | None:
        """Return the agent's seat; None where nobody of that name is at a desk."""
        return self._seats.get(agent)

    def joined(self, agent: str, now: float, profile: Profile = Profile()) -> None:
        """Seat an agent, not yet available."""
        self._seats[agent] = Seat(profile=profile, idle_since=now)

    def left(self, agent: str) -> None:
        """Take the agent's seat away."""
        self._seats.pop(agent, None)

    def available(self, agent: str, available: bool, now: float) -> None:
        """Note whether the agent may be rung; saying so anew makes them eligible for every waiting call."""
        seat = self._seats.get(agent)
        if seat is None:
            return
        if available:
            for call in self._calls.values():
                call.asked.pop(agent, None)
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
        if engagement is not Engagement.FREE and seat.engagement is Engagement.FREE:
            seat.busy_since = now
        if engagement is Engagement.ON_CALL:
            for call, known in self._calls.items():
                known.taken |= known.offered_to == agent and call not in self._line
        seat.engagement = engagement

    def wait(
        self, call: str, now: float, needs: Needs = Needs(), *, ahead: bool = False, unbriefed: float = 0.0
    ) -> None:
        """Put a call in line: in its place, or `ahead` of all where an agent has had it and has it no more.

        The search for an agent who fits begins anew then. A caller who has gone back to the bot in between
        comes as a new one. For `unbriefed` seconds nobody is rung, and whoever would be is kept free.
        """
        known = self._calls.setdefault(call, _Known(now, now))
        if known.taken:
            known.since, known.sought = known.since if ahead else now, now
            known.ahead = known.taken = False
        known.needs, known.ahead = needs, ahead or known.ahead
        known.briefed_by = now + unbriefed
        if known.offered_to is not None:
            known.asked[known.offered_to], known.offered_to = now, None
        if call not in self._line:
            self._line.append(call)
        self._sort()

    def needs(self, call: str, needs: Needs) -> None:
        """Take note that a call needs something else than was thought."""
        if call in self._calls:
            self._calls[call].needs = needs
            self._sort()

    def briefed(self, call: str, now: float) -> None:
        """Take note that the brief is there: agents may be rung."""
        if call in self._calls:
            self._calls[call].briefed_by = now

    def withdraw(self, call: str) -> None:
        """Take a call out of line."""
        if call in self._line:
            self._line.remove(call)

    def let_go(self, call: str, agent: str) -> None:
        """Take note that an agent is done with a call not in line: they may have it anew at once."""
        known = self._calls.get(call)
        if known is not None and known.offered_to == agent and call not in self._line:
            known.offered_to = None

    def forget(self, call: str) -> None:
        """Drop all that is known of a call that is over."""
        self.withdraw(call)
        self._calls.pop(call, None)

    def match(self, now: float) -> list[tuple[str, str]]:
        """Return (call, agent) for every call that can be offered now; those agents count as ringing."""
        matches: list[tuple[str, str]] = []
        kept: set[str] = set()
        for call in list(self._line):
            known = self._calls[call]
            free = [
                (seat.idle_since, agent)
                for agent, seat in self._seats.items()
                if seat.available
                and seat.engagement is Engagement.FREE
                and agent not in kept
                and now >= self._eligible_at(known, agent, seat)
            ]
            if not free:
                continue
            _, agent = min(free)
            if now < known.briefed_by:
                kept.add(agent)
            else:
                self.engaged(agent, Engagement.RINGING, now)
                known.offered_to = agent
                self._line.remove(call)
                matches.append((call, agent))
        return matches

    def due(self, now: float) -> float | None:
        """Return when `match` could find something that nobody tells of; None: not by time alone."""
        times = [
            at
            for known in (self._calls[call] for call in self._line)
            for agent, seat in self._seats.items()
            if seat.available
            and seat.engagement is Engagement.FREE
            and (at := max(known.briefed_by, self._eligible_at(known, agent, seat))) > now
        ]
        return min(times, default=None)

    def on_duty(self, needs: Needs = Needs()) -> int:
        """Return how many agents take calls with these needs, now or after the call they have."""
        return sum(seat.on_duty and seat.profile.fits(needs) for seat in self._seats.values())

    def staffed(self) -> bool:
        """Return whether anybody takes calls."""
        return any(seat.on_duty for seat in self._seats.values())

    def busy_for(self, call: str, now: float, *, anybody: bool) -> tuple[float, ...]:
        """Return for how long each agent who takes calls has been busy; free: 0.

        Args:
            call: whose needs count.
            now: the clock's.
            anybody: take in those who do not fit the call's needs.
        """
        needs = self._calls[call].needs if call in self._calls else Needs()
        return tuple(
            now - seat.busy_since if seat.engagement is not Engagement.FREE else 0.0
            for seat in self._seats.values()
            if seat.on_duty and (anybody or seat.profile.fits(needs))
        )

    def anybody_in(self, call: str, now: float) -> float:
        """Return the seconds until the call is offered to anybody, fitting or not."""
        return max(0.0, self._calls[call].sought + FITTING - now) if call in self._calls else 0.0

    def _eligible_at(self, known: _Known, agent: str, seat: Seat) -> float:
        """Return from when on the call may be offered to the agent."""
        needs = known.needs
        wanted = self._seats.get(needs.agent)
        fits = seat.profile.fits(needs) if wanted is None or not wanted.on_duty else seat is wanted
        fitting = known.sought if fits else known.sought + FITTING
        return max(fitting, known.asked[agent] + ASK_AGAIN) if agent in known.asked else fitting

    def _sort(self) -> None:
        self._line.sort(key=lambda call: self._calls[call].order)
