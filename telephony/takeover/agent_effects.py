"""What the takeover state machine does when the call's agent acts: as `telephony.takeover.effects`."""

from dataclasses import replace

from telephony.takeover import actions as do
from telephony.takeover import agent_inputs as by
from telephony.takeover import inputs as on
from telephony.takeover.actions import Journal
from telephony.takeover.effects import Outcome
from telephony.takeover.phases import Call
from telephony.takeover.queue import Engagement
from voice.journal import events


def unsteady(call: Call, what: on.AgentUnsteady, t: float) -> Outcome:
    """Tell the caller that the agent's line is unsteady, and keep the agent."""
    noted = Journal(events.AgentUnsteady(agent=what.agent, seconds=round(what.seconds, 1)))
    return call, (noted, do.Say("agent_unsteady"), do.HearOut())


def steady(call: Call, what: on.AgentSteady, t: float) -> Outcome:
    """Write down that the agent can be heard again."""
    return call, (Journal(events.AgentSteady(agent=what.agent)),)


def keys(call: Call, what: by.KeysPressed, t: float) -> Outcome:
    """Send the tones."""
    sent = Journal(events.KeysSent(agent=what.agent, digits=what.digits))
    return call, (sent, do.SendKeys(what.digits), do.HearOut())


def promised(call: Call, what: by.Promised, t: float) -> Outcome:
    """Write the promise down, for the bot and for whoever has the caller next."""
    return call, (Journal(events.Promised(text=what.text, agent=what.agent)),)


def given_back(call: Call, what: by.GivenBack, t: float) -> Outcome:
    """Tell the caller who answers now; the bot is told what to do."""
    given = events.GivenBack(agent=what.agent, instruction=what.instruction, verified=what.verified)
    again = replace(call, triggers=(), briefed=False, spoken_brief=False)
    return again, (Journal(given), do.Withdraw(what.agent, "given_back"), do.Say("bot_back"))


def handed_on(call: Call, what: by.HandedOn, t: float) -> Outcome:
    """Find the next agent, at the head of the line; the caller's wait begins anew."""
    handed = events.HandedOn(agent=what.agent, to_agent=what.to_agent, to_skill=what.to_skill, note=what.note)
    skill = what.to_skill or call.skill
    anew = replace(call, waiting_since=t, briefed=False, spoken_brief=False, updates=0)
    known = replace(anew, skill=skill, wanted=what.to_agent)
    return known, (Journal(handed), do.Withdraw(what.agent, "handed_on"), do.Say("connecting"))


def passed(call: Call, what: by.PassedTo, t: float) -> Outcome:
    """Make the colleague on the line the call's agent; the caller notices nothing."""
    left: tuple[do.Action, ...] = (
        (Journal(events.AgentLeft(agent=what.agent, reason="lost")),)
        if what.lost
        else (
            Journal(events.HandedOn(agent=what.agent, to_agent=what.colleague)),
            do.Withdraw(what.agent, "handed_on"),
        )
    )
    return replace(call, agent=what.colleague), (
        *left,
        do.AgentIs(what.colleague, Engagement.ON_CALL),
        Journal(events.Bridged(agent=what.colleague)),
        do.PassTo(what.colleague),
        # Last of all, as ever: the next call is looked for then, and is not to find the colleague.
        do.AgentIs(what.agent, Engagement.FREE),
    )
