"""The exchange as one of its calls sees it."""

from typing import Protocol

from telephony.calls.waiting_line import WaitingLine
from telephony.legs.leg import AgentLeg


class Floor(Protocol):
    """Desks and queue; implemented by the exchange."""

    def desk(self, agent: str) -> AgentLeg | None:
        """Return the agent's leg; None when the agent is gone."""

    @property
    def line(self) -> WaitingLine:
        """The waiting line, and what keeps each agent busy."""

    def over(self, call: str) -> None:
        """The call has ended, and everything about it is written down."""
