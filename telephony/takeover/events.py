"""What happens on a call without anything going wrong, and where the state machine answers it. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from telephony.takeover import agent_inputs as by
from telephony.takeover import effects as fx
from telephony.takeover import inputs as on
from telephony.takeover.callback import BEGIN
from telephony.takeover.faults import AGENT
from telephony.takeover.machine import TABLE
from telephony.takeover.phases import Phase
from voice.journal.events import Brief, Trigger, TriggerKind

_ASKED = Trigger(kind=TriggerKind.ASKED, evidence="a person, please", t=1.0)
EVENTS: Mapping[type[on.Input], on.Input] = MappingProxyType(
    {
        type(one): one
        for one in (
            on.ZeroPressed(),
            on.KeyPressed("7"),
            on.CallbackTalked(BEGIN),
            on.CallbackSettled("1", "+4790000000", 0.0),
            on.Wished("callback"),
            on.Rated(5),
            on.RangBefore(),
            on.LineBack(4.0),
            on.Drained(),
            on.TakeoverAsked((_ASKED,)),
            on.BriefWritten(Brief(headline="Wants a refund", reason="They asked."), None),
            on.NeedsKnown("", False),
            on.BotSaidGoodbye("done"),
            on.WorkerJoined(True),
            on.AgentFound(AGENT),
            on.Accepted(AGENT),
            on.ReminderDue(),
            on.StaffDue(),
            on.RungBack(AGENT),
            on.BriefDone(),
            on.BriefSkipped(AGENT),
            on.AgentHungUp(AGENT),
            on.AgentSteady(AGENT),
            on.SurveyDue(AGENT),
            on.SurveyTimedOut(),
            on.WrappedUp(AGENT, "resolved", ""),
            by.Held(AGENT),
            by.Resumed(AGENT),
            by.KeysPressed(AGENT, "1"),
            by.Promised(AGENT, "a letter"),
            by.GivenBack(AGENT),
            by.HandedOn(AGENT),
            by.PassedTo(AGENT, "bo"),
        )
    }
)
"""One of each kind."""


def answered(phase: Phase, kind: type[on.Input]) -> bool:
    """Return whether the machine does anything of its own about it there."""
    cell = TABLE[kind][phase]
    return cell.to is not None or cell.effect not in (fx.nothing, fx.turn_away)


EVENT_CELLS = tuple((phase, kind) for kind in EVENTS for phase in Phase if answered(phase, kind))
