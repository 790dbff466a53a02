"""What the journal has told of a call so far, put in order for a reader. No I/O, no clock."""

from bisect import insort
from dataclasses import dataclass, field
from typing import Literal

from voice.journal import events
from voice.journal.events import Brief, CallState, Entry, Trigger

Speaker = Literal["caller", "bot", "switchboard", "agent"]

RIBBON = tuple(state for state in CallState if state is not CallState.HELD)
"""The states in the order in which every call that is taken over goes through them."""


@dataclass(order=True)
class Line:
    """Something said, and under it what the bot made of it."""

    start: float
    seq: int
    who: Speaker = field(compare=False)
    text: str = field(compare=False)
    note: str = field(default="", compare=False)


@dataclass(frozen=True)
class Feeling:
    """The caller's anger after a turn, 0..1."""

    t: float
    anger: float


@dataclass
class Story:
    """A call as its journal tells it; feed it entries in order with `add`."""

    call: str = ""
    caller: str = ""
    line: str = ""
    """The number that was called, and its playbook."""
    state: CallState | None = None
    reached: dict[CallState, float] = field(default_factory=dict)
    """When each state was entered last, in seconds of the call."""
    lines: list[Line] = field(default_factory=list)
    """What was said, by the second in which it began."""
    feelings: list[Feeling] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    brief: Brief | None = None
    agent: str = ""
    agent_note: str = ""
    offered: float | None = None
    accepted: float | None = None
    bridged: float | None = None
    first_audio: dict[str, float] = field(default_factory=dict)
    """Source of the audio -> when its first frame went out to the other party."""
    ended: events.CallEnded | None = None
    t: float = 0.0

    @property
    def trigger_to_ring(self) -> float | None:
        """Seconds from the first reason to hand over to an agent being rung."""
        return None if self.offered is None or not self.triggers else self.offered - self.triggers[0].t

    @property
    def accept_to_talk(self) -> float | None:
        """Seconds from the agent's accepting to audio both ways, the spoken brief included."""
        both = [self.first_audio.get(source) for source in ("caller", "agent")]
        if self.accepted is None or both[0] is None or both[1] is None:
            return None
        return max(both[0], both[1]) - self.accepted

    @property
    def brief_seconds(self) -> float | None:
        """Seconds the brief took of that."""
        return None if self.accepted is None or self.bridged is None else self.bridged - self.accepted

    def add(self, entry: Entry) -> None:
        """Take the next entry of the call's journal."""
        self.t = max(self.t, entry.t)
        match entry.event:
            case events.CallStarted() as started:
                self.call, self.caller = entry.call, started.caller
                self.line = f"{started.line} ({started.playbook})"
                self._enter(CallState.WITH_BOT, entry.t)
            case events.StateChanged(after=after):
                self._enter(after, entry.t)
            case events.CallEnded() as ended:
                self.ended = ended
                self._enter(CallState.ENDED, entry.t)
            case event:
                self._listen(event, entry)
                self._reason(event)
                self._take_over(event, entry.t)

    def _listen(self, event: events.AnyEvent, entry: Entry) -> None:
        match event:
            case events.Heard(final=True) as heard:
                insort(self.lines, Line(heard.start, entry.seq, heard.who, heard.text))
            case events.Said() as said:
                insort(self.lines, Line(said.start, entry.seq, said.by, said.text, _unheard(said)))
            case events.Pressed(digit=digit):
                insort(self.lines, Line(entry.t, entry.seq, "caller", f"presses {digit}"))
            case events.Felt() as felt:
                self.feelings.append(Feeling(felt.end, felt.anger))
            case _:
                pass

    def _reason(self, event: events.AnyEvent) -> None:
        match event:
            case events.Decided(action=action, why=why):
                self._note(f"{action.replace('_', ' ')}: {why}")
            case events.LookedUp(ok=ok, ms=ms, error=error):
                self._note(f"back office, {ms:.0f} ms" if ok else f"back office failed: {error}")
            case events.Promised(clause=clause):
                self._note(f"promised under {clause}")
            case _:
                pass

    def _take_over(self, event: events.AnyEvent, t: float) -> None:
        match event:
            case events.Triggered(trigger=trigger):
                self.triggers.append(trigger)
            case events.Briefed(brief=brief):
                self.brief = brief
            case events.Offered(agent=agent):
                self.agent, self.agent_note = agent, "is being rung"
                self.offered = t if self.offered is None else self.offered
            case events.Accepted(agent=agent):
                self.agent, self.agent_note, self.accepted = agent, "takes the call", t
            case events.Declined(agent=agent, reason=reason):
                self.agent, self.agent_note = agent, f"does not take it: {reason.replace('_', ' ')}"
            case events.Bridged(agent=agent):
                self.agent, self.agent_note, self.bridged = agent, "is talking with the caller", t
            case events.FirstAudio(source=source):
                self.first_audio.setdefault(source, t)
            case events.AgentLeft(agent=agent, reason=reason):
                self.agent, self.agent_note = agent, f"off the line: {reason.replace('_', ' ')}"
            case events.WrappedUp(agent=agent, disposition=disposition):
                self.agent, self.agent_note = agent, f"closed it as {disposition or 'unknown'}"
            case _:
                pass

    def _enter(self, state: CallState, t: float) -> None:
        self.state = state
        self.reached[state] = t

    def _note(self, text: str) -> None:
        """Put what the bot made of it under the caller's newest words."""
        for line in reversed(self.lines):
            if line.who == "caller":
                line.note = f"{line.note} · {text}" if line.note else text
                return


def _unheard(said: events.Said) -> str:
    return "" if said.heard >= 0.99 else f"cut short: {said.heard:.0%} of it was heard"
