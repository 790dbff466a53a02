"""Caller and agent talking: frames both ways, and a note of the first that went each way."""

from collections.abc import Callable

from telephony.calls.caller_line import CallerLine
from telephony.legs.leg import AgentLeg
from voice.journal.events import FirstAudio


class Bridge:
    """Two-way audio. The agent hears the caller at once; the caller first hears out what is being said.

    Args:
        line: the caller's ear.
        agent: the agent's leg.
        note: takes a `FirstAudio` for each direction.
    """

    def __init__(self, line: CallerLine, agent: AgentLeg, note: Callable[[FirstAudio], None]) -> None:
        self._line = line
        self._agent = agent
        self._note = note
        self._open = False
        self._heard_caller = False
        self._heard_agent = False
        line.when_heard(self._opened)

    def from_caller(self, mulaw: bytes) -> None:
        """Take one frame of the caller's voice."""
        self._agent.send(mulaw)
        if not self._heard_caller:
            self._heard_caller = True
            self._note(FirstAudio(source="caller", destination="agent"))

    def from_agent(self, mulaw: bytes) -> None:
        """Take one frame of the agent's voice; dropped while the caller is still being told something."""
        if not self._open:
            return
        self._line.live(mulaw)
        if not self._heard_agent:
            self._heard_agent = True
            self._note(FirstAudio(source="agent", destination="caller"))

    def _opened(self) -> None:
        self._open = True
