"""What the takeover state machine does when somebody leaves the line; see `telephony.takeover.effects`."""

from dataclasses import replace

from telephony.takeover import actions as do
from telephony.takeover import inputs as on
from telephony.takeover.actions import Action, Journal
from telephony.takeover.effects import Outcome, zero
from telephony.takeover.phases import SURVEY, Call, Phase
from voice.journal import events
from voice.journal.events import CallState

SHUTTING_DOWN = "The switchboard is shutting down."
"""Why calls end that the switchboard gives to their carrier itself."""


def goodbye(call: Call, what: on.BotSaidGoodbye, t: float) -> Outcome:
    """Wait until the bot's goodbye has been heard."""
    return call, (do.Drain(),)


def said_goodbye(call: Call, what: on.Drained, t: float) -> Outcome:
    """End the call."""
    return call, (do.HangUpCaller("bot", "The bot said goodbye."),)


def agent_done(call: Call, what: on.AgentHungUp, t: float) -> Outcome:
    """End the caller's call."""
    return call, (
        Journal(events.AgentLeft(agent=what.agent, reason="hung_up")),
        do.HangUpCaller("agent", "The agent hung up."),
    )


def ask_survey(call: Call, what: on.SurveyDue, t: float) -> Outcome:
    """Ask the caller how it was, while the agent writes."""
    return call, (Journal(events.AgentLeft(agent=what.agent, reason="hung_up")), do.Say("survey"))


def rated(call: Call, what: on.Rated, t: float) -> Outcome:
    """Write the answer down, and thank for it; the first one counts."""
    pressed = Journal(events.Pressed(digit=str(what.score)))
    if call.rated:
        return call, (pressed,)
    thanks = (Journal(events.Rated(score=what.score)), do.Say("survey_thanks", 0.0), do.Drain())
    return replace(call, rated=True), (pressed, *thanks)


def survey_over(call: Call, what: on.Input, t: float) -> Outcome:
    """End the caller's call."""
    return call, (do.HangUpCaller("agent", "The agent hung up."),)


def survey_left(call: Call, what: on.CallerLeft, t: float) -> Outcome:
    """Clear up after the caller, who did not wish to answer."""
    return call, (do.CallerGone(what.reason),)


def wanted_again(call: Call, what: on.ZeroPressed, t: float) -> Outcome:
    """Put the caller through to a person again, at once."""
    known, actions = zero(replace(call, rated=False, briefed=False), what, t)
    return known, (*_paperwork_undone(call), *actions)


def wrapped_up(call: Call, what: on.WrappedUp, t: float) -> Outcome:
    """Write down how the agent closed the call."""
    closed = events.WrappedUp(agent=what.agent, disposition=what.disposition, summary=what.summary)
    return call, (Journal(closed),)


def not_wrapped_up(call: Call, what: on.Input, t: float) -> Outcome:
    """Close the call without the agent's word on it."""
    return call, (Journal(events.WrappedUp(agent=call.agent or "", disposition="")),)


def wrapped_up_in_survey(call: Call, what: on.WrappedUp, t: float) -> Outcome:
    """Write down how the agent closed the call, and let them go."""
    known, actions = wrapped_up(call, what, t)
    return known, (*actions, do.TellAgent(what.agent, CallState.ENDED))


def not_wrapped_up_in_survey(call: Call, what: on.Input, t: float) -> Outcome:
    """Let the agent go, whose time for the paperwork is over."""
    return call, _paperwork_undone(call)


def _tell_agent_caller_left(call: Call) -> tuple[Action, ...]:
    if call.agent is None or call.phase in SURVEY:
        return ()
    event: events.AnyEvent = (
        events.Declined(agent=call.agent, reason="caller_left")
        if call.phase is Phase.OFFERED
        else events.AgentLeft(agent=call.agent, reason="caller_left")
    )
    return Journal(event), do.Withdraw(call.agent, "caller_left")


def caller_left(call: Call, what: on.CallerLeft, t: float) -> Outcome:
    """Clear up after the caller, and leave no agent in an empty room."""
    return call, (do.CallerGone(what.reason), *_tell_agent_caller_left(call))


def shutting_down(call: Call, what: on.ShuttingDown, t: float) -> Outcome:
    """Give the caller to the carrier's next verb, a person."""
    if call.phase in SURVEY:
        undone = _paperwork_undone(call)[:1]
        return call, (do.HangUpCaller("switchboard", SHUTTING_DOWN), *undone)
    withdrawn = (do.Withdraw(call.agent, "shutting_down"),) if call.agent else ()
    return call, (do.LeaveToCarrier(SHUTTING_DOWN), *withdrawn)


def line_dead(call: Call, what: on.LineDead, t: float) -> Outcome:
    """Give the line to the carrier's next verb: nothing has come from it for too long."""
    return call, (do.LeaveToCarrier("The caller's line has stalled."), *_tell_agent_caller_left(call))


def note_stalled(call: Call, what: on.LineStalled, t: float) -> Outcome:
    """Write down that the caller's network stalls; who is on the line sees it."""
    return call, (Journal(events.LineStalled(seconds=round(what.seconds, 1))),)


def note_back(call: Call, what: on.LineBack, t: float) -> Outcome:
    """Write down that the caller can be heard again."""
    return call, (Journal(events.LineBack(seconds=round(what.seconds, 1))),)


def _paperwork_undone(call: Call) -> tuple[Action, ...]:
    if call.agent is None:
        return ()
    undone = Journal(events.WrappedUp(agent=call.agent, disposition=""))
    return undone, do.TellAgent(call.agent, CallState.ENDED)
