"""Everything that can happen to a call, as the takeover state machine is told of it."""

import re
from dataclasses import dataclass

from voice.journal.events import Brief, Trigger


@dataclass(frozen=True)
class Input:
    """One thing that happened."""


@dataclass(frozen=True)
class CallerLeft(Input):
    """The caller's line went down."""

    reason: str = "hung up"


@dataclass(frozen=True)
class ZeroPressed(Input):
    """The caller pressed 0: the way to a person that needs no worker."""


@dataclass(frozen=True)
class KeyPressed(Input):
    """The caller pressed any other key."""

    digit: str


def pressed(digit: str) -> Input:
    """Return the input for a key of the caller's telephone."""
    return ZeroPressed() if digit == "0" else KeyPressed(digit)


@dataclass(frozen=True)
class DeadAir(Input):
    """Neither the caller nor anybody for them was heard for `seconds`."""

    seconds: float


@dataclass(frozen=True)
class TakeoverAsked(Input):
    """The worker gives the call to a person."""

    triggers: tuple[Trigger, ...]


@dataclass(frozen=True)
class BriefWritten(Input):
    """The worker wrote the brief; `spoken_s` is None where it cannot be played to the agent."""

    brief: Brief
    spoken_s: float | None


@dataclass(frozen=True)
class BotSaidGoodbye(Input):
    """The bot is done; its last sentence may still be playing."""

    reason: str


@dataclass(frozen=True)
class WorkerJoined(Input):
    """A worker is on the voice link; `resumed` when another had the call before."""

    resumed: bool


@dataclass(frozen=True)
class WorkerLost(Input):
    """The voice link is down, or could not be opened."""

    why: str


@dataclass(frozen=True)
class WorkerTimedOut(Input):
    """No worker came back in time."""


@dataclass(frozen=True)
class AgentFound(Input):
    """The queue has an agent for this call."""

    agent: str


@dataclass(frozen=True)
class FromAgent(Input):
    """Something the desk of `agent` reported; counts only while the call is theirs."""

    agent: str


@dataclass(frozen=True)
class Accepted(FromAgent):
    """The agent takes the call."""


@dataclass(frozen=True)
class Declined(FromAgent):
    """The agent does not."""


@dataclass(frozen=True)
class BriefSkipped(FromAgent):
    """The agent has heard enough of the brief."""


@dataclass(frozen=True)
class AgentHungUp(FromAgent):
    """The agent is done."""


@dataclass(frozen=True)
class AgentLost(FromAgent):
    """The agent's desk is gone without a word."""


@dataclass(frozen=True)
class WrappedUp(FromAgent):
    """The agent's paperwork is done."""

    disposition: str
    summary: str = ""


@dataclass(frozen=True)
class RingTimedOut(Input):
    """The agent did not answer."""


@dataclass(frozen=True)
class BriefDone(Input):
    """The brief was played to the agent, there was none, or its time is over."""


@dataclass(frozen=True)
class ReminderDue(Input):
    """The caller has been on hold long enough to be told that nobody forgot them."""


@dataclass(frozen=True)
class WaitTimedOut(Input):
    """Nobody could be found for the caller in time."""


@dataclass(frozen=True)
class WrapUpTimedOut(Input):
    """The time for paperwork is over."""


@dataclass(frozen=True)
class Drained(Input):
    """The caller has heard everything that was being said to them."""


@dataclass(frozen=True)
class ShuttingDown(Input):
    """This switchboard is going away."""


def name(what: type[Input]) -> str:
    """Return an input's name as the journal writes it, e.g. `zero_pressed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", what.__name__).lower()
