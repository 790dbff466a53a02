"""The waiting line on the event loop: matches callers with agents, and tells how long it will take."""

import asyncio
from collections.abc import Callable, Iterable

import numpy as np

from telephony.calls.updates import Wait
from telephony.legs.floor import AgentSeen
from telephony.takeover.queue import Engagement, Needs, Profile, Queue
from telephony.takeover.waiting_time import HandlingTimes, best_guess, forecast, span_of
from voice.journal.clock import Clock


class WaitingLine:
    """Callers and agents of one switchboard.

    Args:
        clock: the loop's.
        found: told of a call and the agent to ring for it, who is kept free of other calls.
        handling: how long calls take, where more is known of it than calls show.
    """

    def __init__(
        self, clock: Clock, found: Callable[[str, str], None], handling: HandlingTimes | None = None
    ) -> None:
        self._clock = clock
        self._found = found
        self._queue = Queue()
        self._handling = handling or HandlingTimes()
        self._calls_of: dict[str, str] = {}
        self._next: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """The calls in line, the next one first."""
        return self._queue.waiting

    @property
    def staffed(self) -> bool:
        """Whether any agent takes calls, now or after the one they have."""
        return self._queue.staffed()

    def call_of(self, agent: str) -> str | None:
        """Return the call that keeps the agent busy."""
        return self._calls_of.get(agent)

    def remember(self, handling: Iterable[float]) -> None:
        """Take in for how many seconds agents were busy with calls before."""
        for seconds in handling:
            self._handling.note(seconds)

    def joined(self, agent: str, profile: Profile) -> None:
        """Seat an agent, not yet available."""
        self._queue.joined(agent, self._clock.now(), profile)

    def left(self, agent: str) -> None:
        """Take the agent's seat away."""
        self._queue.left(agent)

    def available(self, agent: str, available: bool) -> None:
        """Let the agent be rung, or not."""
        self._queue.available(agent, available, self._clock.now())
        self.match()

    def find(self, call: str, needs: Needs, *, ahead: bool, unbriefed: float = 0.0) -> None:
        """Put the call in line; for `unbriefed` seconds nobody is rung for it."""
        self._queue.wait(call, self._clock.now(), needs, ahead=ahead, unbriefed=unbriefed)
        self.match()

    def briefed(self, call: str) -> None:
        """Take note that the call's brief is there."""
        self._queue.briefed(call, self._clock.now())
        self.match()

    def needs(self, call: str, needs: Needs) -> None:
        """Take note of what a call in line needs."""
        self._queue.needs(call, needs)
        self.match()

    def withdraw(self, call: str) -> None:
        """Take the call out of line."""
        self._queue.withdraw(call)

    def forget(self, call: str) -> None:
        """Drop all that is known of a call that is over."""
        self._queue.forget(call)

    def wait(self, call: str) -> Wait:
        """Return the call's place in line, and how long it will take by the calls of late."""
        place = self._queue.place(call)
        if place is None:
            return Wait()
        now = self._clock.now()
        anybody, fitting = (
            forecast(place, self._queue.busy_for(call, now, anybody=anybody), self._handling.kept)
            for anybody in (True, False)
        )
        if anybody is None:
            return Wait(place)
        waits = anybody
        if fitting is not None:
            waits = np.minimum(fitting, np.maximum(anybody, self._queue.anybody_in(call, now)))
        return Wait(place, span_of(waits), best_guess(waits))

    def engaged(self, call: str, agent: str, engagement: Engagement) -> None:
        """Note what a call keeps the agent busy with; who becomes free may be rung for the next."""
        now = self._clock.now()
        free = engagement is Engagement.FREE
        if free:
            self._calls_of.pop(agent, None)
        else:
            self._calls_of[agent] = call
        seat = self._queue.seat(agent)
        if free and seat is not None and seat.engagement in (Engagement.ON_CALL, Engagement.WRAP_UP):
            self._handling.note(now - seat.busy_since)
        self._queue.engaged(agent, engagement, now)
        if free:
            self._queue.let_go(call, agent)
            self.match()

    def take_agent(self, call: str, agent: str, *, available: bool) -> bool:
        """Keep an agent for a call who is free, and where asked for also `available`; False if not."""
        seat = self._queue.seat(agent)
        if seat is None or seat.engagement is not Engagement.FREE or (available and not seat.available):
            return False
        self.engaged(call, agent, Engagement.RINGING)
        return True

    def agents(self) -> tuple[AgentSeen, ...]:
        """Return who is there and what keeps them busy."""
        return tuple(
            AgentSeen(
                name=agent,
                free=seat.available and seat.engagement is Engagement.FREE,
                doing=seat.engagement.value,
                skills=tuple(sorted(seat.profile.skills)),
            )
            for agent, seat in sorted(self._queue.seats.items())
        )

    def match(self) -> None:
        """Ring whoever can be rung, now and when time alone makes it possible."""
        now = self._clock.now()
        for call, agent in self._queue.match(now):
            self._found(call, agent)
        self.close()
        if (due := self._queue.due(now)) is not None:
            self._next = asyncio.get_running_loop().call_later(due - now, self.match)

    def close(self) -> None:
        """Match no more by time alone."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
