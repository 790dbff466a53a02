"""What the state machine in `telephony.takeover.machine` asks for; a call's session carries it out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from telephony.takeover.queue import Engagement, Needs
from voice.journal.events import AnyEvent, CallState


class Timer(StrEnum):
    """What a call may wait for; at most one of each runs."""

    WORKER_BACK = "worker_back"
    RING = "ring"
    BRIEF = "brief"
    REMINDER = "reminder"
    STAFF = "staff"
    """How long a caller waits while no agent takes calls."""
    WAIT = "wait"
    WRAP_UP = "wrap_up"
    SURVEY = "survey"


@dataclass(frozen=True)
class Action:
    """One thing to do."""


@dataclass(frozen=True)
class ForCaller(Action):
    """Something done on the caller's line."""


@dataclass(frozen=True)
class ForAgent(Action):
    """Something done at the desk of the call's agent."""


@dataclass(frozen=True)
class Say(ForCaller):
    """Play a fixed prompt to the caller after what is being said to them.

    What is being said is cut off where it would take longer than `patience` seconds.
    """

    prompt: str
    patience: float = 10.0


@dataclass(frozen=True)
class Spell(ForCaller):
    """Play fixed prompts as one sentence; those that are missing are left out."""

    prompts: tuple[str, ...]


@dataclass(frozen=True)
class TellPlace(ForCaller):
    """Tell the caller their place in line and how long it will take, and then the prompt `besides`."""

    besides: str | None


@dataclass(frozen=True)
class Hold(ForCaller):
    """Let the caller hear the hold music, softly under what is said, or no longer."""

    on: bool


@dataclass(frozen=True)
class Drain(ForCaller):
    """Report `Drained` once the caller has heard everything queued so far."""


@dataclass(frozen=True)
class FindAgent(Action):
    """Join the waiting line, at its head when the call had an agent already.

    For `unbriefed` seconds nobody is rung: the brief is about to be written.
    """

    ahead: bool
    needs: Needs
    unbriefed: float = 0.0


@dataclass(frozen=True)
class BriefIsThere(Action):
    """Tell the waiting line that agents may be rung for the call."""


@dataclass(frozen=True)
class DraftBrief(Action):
    """Let the agent have a brief of the switchboard's own: no worker has written one in time."""


@dataclass(frozen=True)
class NeedsChanged(Action):
    """Tell the waiting line what the call needs, as far as it is known by now."""

    needs: Needs


@dataclass(frozen=True)
class LookForStaff(Action):
    """Report `NobodyOnDuty` where no agent takes calls."""


@dataclass(frozen=True)
class LeaveQueue(Action):
    """Leave the waiting line."""


@dataclass(frozen=True)
class AgentIs(Action):
    """Note what this call keeps the agent busy with."""

    agent: str
    engagement: Engagement


@dataclass(frozen=True)
class Ring(ForAgent):
    """Offer the call to the agent's desk."""

    agent: str


@dataclass(frozen=True)
class Withdraw(ForAgent):
    """Tell the agent's desk that the offer or the call is over."""

    agent: str
    reason: str


@dataclass(frozen=True)
class BriefAgent(ForAgent):
    """Play the brief to the agent alone, or the prompt where no spoken brief came; then `BriefDone`."""

    agent: str
    otherwise: str | None


@dataclass(frozen=True)
class Bridge(ForAgent):
    """Connect caller and agent, once the caller has heard out what is being said to them."""

    agent: str


@dataclass(frozen=True)
class Unbridge(ForAgent):
    """Part caller and agent."""


@dataclass(frozen=True)
class HearOut(ForAgent):
    """Let nobody be heard by the caller until what is being played to them is over."""


@dataclass(frozen=True)
class PassTo(ForAgent):
    """Make somebody who is on the line already the call's agent."""

    agent: str


@dataclass(frozen=True)
class SendKeys(ForCaller):
    """Play key tones to the caller's line."""

    digits: str


@dataclass(frozen=True)
class TellWorker(Action):
    """Send the worker the call's state, and all that happened so far where another had the call before."""

    cause: str
    history: bool = False


@dataclass(frozen=True)
class TellAgent(ForAgent):
    """Show the agent where their call stands."""

    agent: str
    state: CallState


@dataclass(frozen=True)
class StartTimer(Action):
    """Report the timer's input after `seconds`."""

    timer: Timer
    seconds: float


@dataclass(frozen=True)
class StopTimer(Action):
    """Forget the timer."""

    timer: Timer


@dataclass(frozen=True)
class HangUpCaller(ForCaller):
    """End the caller's call for good."""

    by: Literal["bot", "agent", "switchboard"]
    reason: str


@dataclass(frozen=True)
class LeaveToCarrier(ForCaller):
    """Close the stream only: the carrier's next verb takes the caller to a person."""

    reason: str


@dataclass(frozen=True)
class CallerGone(ForCaller):
    """The caller's line is down already; clear up after it."""

    reason: str


@dataclass(frozen=True)
class Journal(Action):
    """Write an event down."""

    event: AnyEvent
