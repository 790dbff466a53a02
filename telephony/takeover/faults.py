"""What goes wrong on a call, and what becomes of it: told by asking the state machine itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from telephony.takeover import actions as do
from telephony.takeover import inputs as on
from telephony.takeover.actions import Timer
from telephony.takeover.callback import CallbackTalk
from telephony.takeover.machine import step
from telephony.takeover.phases import ENGAGED, IN_LINE, LIVE, Call, Phase
from voice.journal.events import AgentUnsteady, LineStalled, WorkerLost

AGENT = "ann"
SECOND = 60.0
"""The second of the call at which it goes wrong."""


class Fault(StrEnum):
    """What may go wrong, in words."""

    CALLER_LEAVES = "the caller hangs up"
    CALLER_STALLS = "the caller's network stalls"
    CALLER_DEAD = "the caller's network stays away"
    WORKER_DIES = "the voice worker dies or freezes"
    NO_WORKER = "no worker comes back"
    WORKERS_FULL = "every worker is full"
    DEAD_AIR = "nobody answers the caller"
    AGENT_UNSTEADY = "nothing comes from the agent's desk for a moment"
    AGENT_LOST = "the agent's desk closes, freezes or loses the network"
    AGENT_DECLINES = "the agent declines"
    NO_ANSWER = "the agent lets it ring"
    NOBODY = "no agent takes calls"
    WAIT_OVER = "the wait is over its limit"
    NOT_WRITTEN = "the agent does not write how it went"
    STOPPED = "the switchboard stops"


INPUTS: Mapping[Fault, on.Input] = MappingProxyType(
    {
        Fault.CALLER_LEAVES: on.CallerLeft(),
        Fault.CALLER_STALLS: on.LineStalled(3.0),
        Fault.CALLER_DEAD: on.LineDead(30.0),
        Fault.WORKER_DIES: on.WorkerLost("killed"),
        Fault.NO_WORKER: on.WorkerTimedOut(),
        Fault.WORKERS_FULL: on.WorkerFull(),
        Fault.DEAD_AIR: on.DeadAir(4.0),
        Fault.AGENT_UNSTEADY: on.AgentUnsteady(AGENT, 1.5),
        Fault.AGENT_LOST: on.AgentLost(AGENT),
        Fault.AGENT_DECLINES: on.Declined(AGENT),
        Fault.NO_ANSWER: on.RingTimedOut(),
        Fault.NOBODY: on.NobodyOnDuty(),
        Fault.WAIT_OVER: on.WaitTimedOut(),
        Fault.NOT_WRITTEN: on.WrapUpTimedOut(),
        Fault.STOPPED: on.ShuttingDown(),
    }
)


_ANY = frozenset(Phase) - {Phase.ENDED}
WHERE: Mapping[Fault, frozenset[Phase]] = MappingProxyType(
    {
        Fault.CALLER_LEAVES: LIVE,
        Fault.CALLER_STALLS: LIVE,
        Fault.CALLER_DEAD: LIVE,
        Fault.WORKER_DIES: LIVE - {Phase.WORKER_AWAITED},
        Fault.NO_WORKER: frozenset({Phase.WORKER_AWAITED}),
        Fault.WORKERS_FULL: frozenset({Phase.WITH_BOT, Phase.WORKER_AWAITED}),
        Fault.DEAD_AIR: frozenset({Phase.WITH_BOT}),
        Fault.AGENT_UNSTEADY: frozenset({Phase.BRIDGED}),
        Fault.AGENT_LOST: frozenset(ENGAGED),
        Fault.AGENT_DECLINES: frozenset({Phase.OFFERED}),
        Fault.NO_ANSWER: frozenset({Phase.OFFERED}),
        Fault.NOBODY: frozenset({Phase.WAITING}),
        Fault.WAIT_OVER: frozenset({Phase.WAITING}),
        Fault.NOT_WRITTEN: frozenset({Phase.SURVEY, Phase.WRAP_UP}),
        Fault.STOPPED: _ANY,
    }
)
"""Where each can happen."""
CELLS = tuple((phase, fault) for fault in Fault for phase in Phase if phase in WHERE[fault])


class Line(StrEnum):
    """What becomes of the caller's line."""

    STAYS = "stays"
    GONE = "is down already"
    HUNG_UP = "is hung up"
    TO_CARRIER = "goes to the carrier's next verb, a person"


@dataclass(frozen=True)
class Outcome:
    """What becomes of a call: where it stands then, the caller's line and ear, and the agent's desk.

    Attributes:
        phase: where the call stands.
        line: what becomes of the caller's line.
        said: the prompts the caller hears at once.
        told: what the agent's desk is told: why the call is theirs no more, and where it stands.
        freed: the agent may have another call.
        queued: the caller waits for the next agent, `ahead` of others where an agent was lost.
        noted: what is put on the agent's screen of it.
    """

    phase: Phase
    line: Line
    said: tuple[str, ...]
    told: tuple[str, ...]
    freed: bool
    queued: bool
    ahead: bool
    noted: tuple[str, ...]


def call_in(phase: Phase) -> Call:
    """Return a call that stands there."""
    agent = AGENT if phase in ENGAGED else None
    talk = CallbackTalk(number="+4790000000") if phase in IN_LINE else None
    return Call(limits=dict.fromkeys(Timer, SECOND), phase=phase, agent=agent, survey=True, callback=talk)


def outcome(phase: Phase, what: on.Input) -> Outcome:
    """Return what becomes of a call that stands there when that happens."""
    after, actions = step(call_in(phase), what, SECOND)
    line = Line.STAYS
    said: list[str] = []
    told: list[str] = []
    noted: list[str] = []
    queued = ahead = False
    for action in actions:
        match action:
            case do.Say(prompt=prompt):
                said.append(prompt)
            case do.Withdraw(reason=reason):
                told.append(reason)
            case do.TellAgent(state=state):
                told.append(state.value)
            case do.Journal(event=LineStalled() | WorkerLost() | AgentUnsteady()) if phase in ENGAGED:
                noted.append(str(action.event.__struct_config__.tag))
            case do.CallerGone():
                line = Line.GONE
            case do.HangUpCaller():
                line = Line.HUNG_UP
            case do.LeaveToCarrier():
                line = Line.TO_CARRIER
            case do.FindAgent(ahead=first):
                queued, ahead = True, first
            case _:
                pass
    freed = phase in ENGAGED and after.agent is None
    return Outcome(after.phase, line, tuple(said), tuple(told), freed, queued, ahead, tuple(noted))
