"""Those who join a call besides its agent: a colleague it rings, and supervisors.

They are kept out of the state machine: whatever becomes of them, the caller has the call's agent.
"""

import asyncio
from collections.abc import Callable

from telephony.calls.agent_line import AgentLine
from telephony.calls.floor import Floor
from telephony.calls.mixing import Role
from telephony.legs.leg import Offer
from telephony.takeover.queue import Engagement
from voice.journal import events
from voice.journal.events import CallState


class Guests:
    """A call's guests.

    Args:
        call: its name.
        floor: says who is free.
        line: who hears whom.
        write: takes what happened.
        state: returns where the call stands.
        ring_seconds: how long a colleague is rung.
    """

    def __init__(
        self,
        call: str,
        floor: Floor,
        line: AgentLine,
        *,
        write: Callable[[events.AnyEvent], None],
        state: Callable[[], CallState],
        ring_seconds: float,
    ) -> None:
        self._call = call
        self._floor = floor
        self._line = line
        self._write = write
        self._state = state
        self._ring_seconds = ring_seconds
        self._ringing: dict[str, asyncio.TimerHandle] = {}
        self._present: dict[str, events.Role] = {}

    def __contains__(self, agent: str) -> bool:
        """Return whether somebody is here, or being rung, as a guest."""
        return agent in self._present or agent in self._ringing

    @property
    def colleague(self) -> str | None:
        """Who could take the call over: the colleague who joined first."""
        return next((agent for agent, role in self._present.items() if role == "colleague"), None)

    def invite(self, agent: str, offer: Offer) -> str:
        """Ring a colleague; returns why not, in a sentence, or nothing."""
        if agent in self:
            return f"{agent} is being rung, or here already."
        if not self._floor.line.take_agent(self._call, agent, available=True):
            return f"{agent} is not free."
        self._ringing[agent] = asyncio.get_running_loop().call_later(
            self._ring_seconds, self.gone, agent, "no_answer"
        )
        if (desk := self._floor.desk(agent)) is not None:
            desk.offer(offer)
        return ""

    def supervise(self, agent: str, role: events.Role) -> str:
        """Let a supervisor join, or change what they do; returns why not, in a sentence, or nothing."""
        if agent in self._present:
            self._seat(agent, role)
        elif not self._floor.line.take_agent(self._call, agent, available=False):
            return "You are on a call already."
        else:
            self._join(agent, role)
        return ""

    def accepted(self, agent: str) -> None:
        """A colleague who was rung comes."""
        if agent in self._ringing:
            self._ringing.pop(agent).cancel()
            self._join(agent, "colleague")

    def gone(self, agent: str, reason: events.GuestLeaves) -> None:
        """A guest does not come, or goes."""
        rung = self._ringing.pop(agent, None)
        if rung is not None:
            rung.cancel()
        role = self._present.pop(agent, "colleague")
        self._line.leave(agent)
        self._write(events.GuestLeft(agent=agent, role=role, reason=reason))
        if (desk := self._floor.desk(agent)) is not None and reason != "declined":
            desk.clear()
            desk.withdraw(self._call, reason)
        self._floor.line.engaged(self._call, agent, Engagement.FREE)

    def take_over(self, agent: str) -> None:
        """A guest has become the call's agent."""
        self._present.pop(agent, None)

    def dismiss(self) -> None:
        """Let everybody go: no agent has the caller any more."""
        for agent in (*self._ringing, *self._present):
            self.gone(agent, "call_over")

    def _join(self, agent: str, role: events.Role) -> None:
        self._floor.line.engaged(self._call, agent, Engagement.ON_CALL)
        self._seat(agent, role)

    def _seat(self, agent: str, role: events.Role) -> None:
        self._present[agent] = role
        self._write(events.GuestJoined(agent=agent, role=role))
        self._line.join(agent, Role(role), self._state())
