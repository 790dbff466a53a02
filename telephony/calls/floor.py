"""The exchange as one of its calls sees it."""

from typing import Protocol

from telephony.calls.updates import Wait
from telephony.legs.leg import AgentLeg
from telephony.takeover.queue import Engagement, Needs


class Floor(Protocol):
    """Desks and queue; implemented by the exchange."""

    def desk(self, agent: str) -> AgentLeg | None:
        """Return the agent's leg; None when the agent is gone."""

    @property
    def staffed(self) -> bool:
        """Whether any agent takes calls, now or after the one they have."""

    def find_agent(self, call: str, needs: Needs, *, ahead: bool) -> None:
        """Put the call in line; `AgentFound` follows."""

    def needs_changed(self, call: str, needs: Needs) -> None:
        """Take note of what a call in line needs."""

    def wait(self, call: str) -> Wait:
        """Return the call's place in line, and how long it will take."""

    def leave_queue(self, call: str) -> None:
        """Take the call out of line."""

    def engaged(self, call: str, agent: str, engagement: Engagement) -> None:
        """Note what the call keeps the agent busy with."""

    def take_agent(self, call: str, agent: str, *, available: bool) -> bool:
        """Let the call ring an agent who is free, and where asked for also `available`; False if not."""

    def over(self, call: str) -> None:
        """The call has ended, and everything about it is written down."""
