"""What the agent of a call sees and hears: the ringing, the journal, the brief, the caller."""

from collections.abc import Callable

from telephony.calls.bridge import Bridge
from telephony.calls.caller_line import CallerLine
from telephony.legs.leg import AgentLeg, Offer
from voice.journal.events import CallState, Entry, FirstAudio


class AgentLine:
    """The desk of whoever has the call, or is being rung for it.

    Args:
        call: the call's name.
        desk: returns an agent's leg; None when the agent is gone.
        caller: the caller's ear, for the bridge.
        note: takes `FirstAudio` events.
        briefed: called when the agent has heard the brief, or there is none to hear.
    """

    def __init__(
        self,
        call: str,
        desk: Callable[[str], AgentLeg | None],
        caller: CallerLine,
        *,
        note: Callable[[FirstAudio], None],
        briefed: Callable[[], None],
    ) -> None:
        self._call = call
        self._desk = desk
        self._caller = caller
        self._note = note
        self._briefed = briefed
        self._agent: str | None = None
        self._briefs = 0
        self._bridge: Bridge | None = None

    def ring(self, agent: str, offer: Offer) -> None:
        """Offer the call; from here on the agent sees its journal."""
        self._agent = agent
        if (desk := self._desk(agent)) is not None:
            desk.offer(offer)

    def withdraw(self, agent: str, reason: str) -> None:
        """Tell the agent that the offer or the call is over, and stop what is being played to them."""
        if (desk := self._desk(agent)) is not None:
            if agent == self._agent:
                desk.clear()
            desk.withdraw(self._call, reason)

    def tell(self, agent: str, state: CallState) -> None:
        """Show where the call stands."""
        if (desk := self._desk(agent)) is not None:
            desk.state(self._call, state)

    def show(self, entry: Entry) -> None:
        """Show a line of the journal."""
        if self._agent is not None and (desk := self._desk(self._agent)) is not None:
            desk.show(entry)

    def brief(self, agent: str, audio: bytes) -> None:
        """Play the brief to the agent alone."""
        desk = self._desk(agent)
        if desk is None or not audio:
            self._briefed()
            return
        self._briefs += 1
        desk.play(audio)
        desk.mark(self._brief_mark)

    def bridge(self, agent: str) -> None:
        """Connect the agent with the caller; a brief that is still playing is cut off."""
        if (desk := self._desk(agent)) is not None:
            desk.clear()
            self._bridge = Bridge(self._caller, desk, self._note)

    def unbridge(self) -> None:
        """Part them."""
        self._bridge = None

    def forget(self, agent: str) -> None:
        """The agent has nothing to do with the call any more."""
        if agent == self._agent:
            self._agent = None

    def from_caller(self, mulaw: bytes) -> None:
        """Pass on a frame of the caller's voice."""
        if self._bridge is not None:
            self._bridge.from_caller(mulaw)

    def from_agent(self, mulaw: bytes) -> bool:
        """Pass on a frame of the agent's voice; False where nobody is bridged to them."""
        if self._bridge is None:
            return False
        self._bridge.from_agent(mulaw)
        return True

    def marked(self, name: str) -> None:
        """Take a mark that came back from the agent's desk."""
        if name == self._brief_mark:
            self._briefed()

    @property
    def _brief_mark(self) -> str:
        return f"brief:{self._call}:{self._briefs}"
