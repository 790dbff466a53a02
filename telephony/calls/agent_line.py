"""What the people of a call see and hear: the ringing, the journal, the brief, and each other."""

from collections.abc import Callable
from typing import Literal

from telephony.calls.caller_line import CallerLine
from telephony.calls.conference import Conference
from telephony.calls.mixing import CALLER, Role, hears
from telephony.legs.leg import AgentLeg, Offer
from telephony.takeover import actions as do
from voice.journal.clock import Clock
from voice.journal.events import CallState, Entry, FirstAudio


class AgentLine:
    """The desk of whoever has the call, or is being rung for it, and of those who joined them.

    Args:
        call: the call's name.
        desk: returns an agent's leg; None when the agent is gone.
        caller: the caller's ear.
        clock: the loop's.
        note: takes `FirstAudio` events.
        briefed: called when the agent has heard the brief, or there is none to hear.
        offer: returns what an agent is rung with.
        brief: returns the spoken brief; where there is none, the sound of the prompt named.
        talking: returns whether an agent has the caller, on hold or not.
        to_worker: takes the people's voices as the caller hears them.
    """

    def __init__(
        self,
        call: str,
        desk: Callable[[str], AgentLeg | None],
        caller: CallerLine,
        clock: Clock,
        *,
        note: Callable[[FirstAudio], None],
        briefed: Callable[[], None],
        offer: Callable[[], Offer],
        brief: Callable[[str | None], bytes],
        talking: Callable[[], bool],
        to_worker: Callable[[bytes], None],
    ) -> None:
        self._call = call
        self._desk = desk
        self._caller = caller
        self._note = note
        self._briefed = briefed
        self._offer = offer
        self._brief = brief
        self._talking = talking
        self._to_worker = to_worker
        self._conference = Conference(clock)
        self._agent: str | None = None
        self._guests: dict[str, Role] = {}
        self._muted: set[str] = set()
        self._briefs = 0
        self._joined = False
        self._open = False
        self._noted: set[str] = set()

    def do(self, action: do.ForAgent) -> None:
        """Do what the state machine asks for at the agent's desk."""
        match action:
            case do.Ring(agent=agent):
                self._agent = agent
                if (desk := self._desk(agent)) is not None:
                    desk.offer(self._offer())
            case do.Withdraw(agent=agent, reason=reason):
                self._withdraw(agent, reason)
            case do.BriefAgent(agent=agent, otherwise=name):
                self._play_brief(agent, self._brief(name))
            case do.Bridge(agent=agent):
                self._bridge(agent)
            case do.Unbridge():
                self._joined = False
                self._connect()
            case do.HearOut():
                self._hear_out()
            case do.PassTo(agent=agent):
                self._agent = agent
                self._guests.pop(agent, None)
                self._connect()
            case do.TellAgent(agent=agent, state=state):
                for told in {agent, *self._guests}:
                    if (desk := self._desk(told)) is not None:
                        desk.state(self._call, state)

    def show(self, entry: Entry) -> None:
        """Show a line of the journal to everybody who has the call before them."""
        for agent in (self._agent, *self._guests):
            if agent is not None and (desk := self._desk(agent)) is not None:
                desk.show(entry)

    def join(self, guest: str, role: Role, state: CallState) -> None:
        """Bring somebody in."""
        self._guests[guest] = role
        if (desk := self._desk(guest)) is not None:
            desk.state(self._call, state)
        self._connect()

    def leave(self, guest: str) -> None:
        """Let them go."""
        if self._guests.pop(guest, None) is not None:
            self._muted.discard(guest)
            self._connect()

    def mute(self, agent: str, muted: bool) -> None:
        """Let nobody hear the agent, or let them be heard again."""
        (self._muted.add if muted else self._muted.discard)(agent)
        self._connect()

    def forget(self, agent: str) -> None:
        """The agent has nothing to do with the call any more."""
        self._muted.discard(agent)
        if agent == self._agent:
            self._agent = None

    def from_caller(self, mulaw: bytes) -> None:
        """Pass on a frame of the caller's voice."""
        if self._joined:
            self._first("caller", "agent")
        self._conference.take(CALLER, mulaw)

    def from_agent(self, agent: str, mulaw: bytes) -> None:
        """Pass on a frame of somebody else's."""
        self._conference.take(_party(agent), mulaw)

    def marked(self, name: str) -> None:
        """Take a mark that came back from the agent's desk."""
        if name == self._brief_mark:
            self._briefed()

    def close(self) -> None:
        """Part everybody."""
        self._conference.close()

    def _withdraw(self, agent: str, reason: str) -> None:
        """Tell the agent that the offer or the call is over, and stop what is being played to them."""
        if (desk := self._desk(agent)) is not None:
            if agent == self._agent:
                desk.clear()
            desk.withdraw(self._call, reason)

    def _play_brief(self, agent: str, audio: bytes) -> None:
        """Play the brief to the agent alone."""
        desk = self._desk(agent)
        if desk is None or not audio:
            self._briefed()
            return
        self._briefs += 1
        desk.play(audio)
        desk.mark(self._brief_mark)

    def _bridge(self, agent: str) -> None:
        """Connect the agent with the caller; a brief that is still playing is cut off."""
        if (desk := self._desk(agent)) is not None:
            desk.clear()
        self._joined = True
        self._noted.clear()
        self._hear_out()
        self._connect()

    def _connect(self) -> None:
        if not self._talking() or self._agent is None:
            self._conference.close()
            return
        roles = {CALLER: Role.CALLER, _party(self._agent): Role.AGENT}
        roles |= {_party(guest): role for guest, role in self._guests.items()}
        ears: dict[str, Callable[[bytes], None]] = {
            _party(agent): self._ear(agent) for agent in (self._agent, *self._guests)
        }
        muted = {_party(agent) for agent in self._muted}
        route = hears(roles, held=not self._joined, muted=muted)
        self._conference.connect({CALLER: self._to_caller, **ears}, route)

    def _ear(self, agent: str) -> Callable[[bytes], None]:
        def hear(mulaw: bytes) -> None:
            if (desk := self._desk(agent)) is not None:
                desk.send(mulaw)

        return hear

    def _to_caller(self, mulaw: bytes) -> None:
        self._to_worker(mulaw)
        if self._open:
            self._caller.live(mulaw)
            self._first("agent", "caller")

    def _first(self, source: Literal["caller", "agent"], destination: Literal["caller", "agent"]) -> None:
        if source not in self._noted:
            self._noted.add(source)
            self._note(FirstAudio(source=source, destination=destination))

    def _hear_out(self) -> None:
        self._open = False
        self._caller.when_heard(self._opened)

    def _opened(self) -> None:
        self._open = True

    @property
    def _brief_mark(self) -> str:
        return f"brief:{self._call}:{self._briefs}"


def _party(agent: str) -> str:
    return f"/{agent}"
