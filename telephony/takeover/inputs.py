"""Everything that can happen to a call, as the takeover state machine is told of it."""

import re
from dataclasses import dataclass
from typing import Literal

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
class Wished(Input):
    """The waiting caller said, as the worker understood it, that they wish to be rung back, or yes, or no."""

    wish: Literal["callback", "yes", "no"]


@dataclass(frozen=True)
class CallbackTalked(Input):
    """The waiting caller took a step towards being rung back, by a key."""

    key: str


@dataclass(frozen=True)
class CallbackSettled(Input):
    """The waiting caller has chosen to be rung back at `number`, `window` seconds from now or soon after."""

    key: str
    number: str
    window: float


@dataclass(frozen=True)
class Rated(Input):
    """The caller answered the survey's question, 1 to 5."""

    score: int


@dataclass(frozen=True)
class LineStalled(Input):
    """Nothing has come from the caller's line for `seconds`, not even silence: their network stalls."""

    seconds: float


@dataclass(frozen=True)
class LineBack(Input):
    """The caller's line carries sound again, after `seconds`."""

    seconds: float


@dataclass(frozen=True)
class LineDead(Input):
    """The caller's line has stalled for so long that nobody is there any more."""

    seconds: float


@dataclass(frozen=True)
class RangBefore(Input):
    """The caller has rung before within a day."""


@dataclass(frozen=True)
class NeedsKnown(Input):
    """What an agent must know and speak to help the caller, and whether it is urgent by the playbook.

    What is empty is as before.
    """

    skill: str
    urgent: bool
    language: str = ""


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
class WorkerFull(Input):
    """The workers are there, and serve as many calls as they can."""


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
    """The agent does not; `why` is in their words, where they gave any."""

    why: str = ""


@dataclass(frozen=True)
class BriefSkipped(FromAgent):
    """The agent has heard enough of the brief."""


@dataclass(frozen=True)
class AgentHungUp(FromAgent):
    """The agent is done."""


@dataclass(frozen=True)
class SurveyDue(FromAgent):
    """The agent is done, and the caller is to be asked how it was."""


@dataclass(frozen=True)
class RungBack(FromAgent):
    """The caller has picked up, being rung back by the agent as they had wished."""


@dataclass(frozen=True)
class AgentLost(FromAgent):
    """The agent's desk is gone without a word."""


@dataclass(frozen=True)
class AgentUnsteady(FromAgent):
    """Nothing has come from the agent's desk for `seconds`, not even silence."""

    seconds: float


@dataclass(frozen=True)
class AgentSteady(FromAgent):
    """The agent's desk can be heard again."""


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
class StaffDue(Input):
    """Time to look whether anybody takes calls at all."""


@dataclass(frozen=True)
class NobodyOnDuty(Input):
    """No agent takes calls, and none has for the whole wait that is allowed without."""


@dataclass(frozen=True)
class SurveyTimedOut(Input):
    """The caller did not answer the survey's question."""


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
