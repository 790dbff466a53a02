"""What the takeover state machine does besides moving a call on: one function for each kind of answer.

Each is handed the call, the input and the second of the call, and returns the call with what it has learnt
and the actions, in order. None changes the phase: that stands in the table of `telephony.takeover.machine`.
"""

from dataclasses import replace

from telephony.takeover import actions as do
from telephony.takeover import inputs as on
from telephony.takeover.actions import Action, Journal, Timer
from telephony.takeover.phases import Call, Phase
from telephony.takeover.queue import Engagement
from voice.journal import events
from voice.journal.events import Trigger, TriggerKind

Outcome = tuple[Call, tuple[Action, ...]]

CUT_SHORT = 1.5
"""Seconds of a dead bot's last words that may still be played: the fixed sentence must come within 3 s."""
WORTH_A_WORD = 10.0
"""Seconds on hold after which a caller is told that somebody is coming, while the agent is briefed."""


def nothing(call: Call, what: on.Input, t: float) -> Outcome:
    """Leave everything as it is."""
    return call, ()


def _take_over(call: Call, t: float, patience: float, *triggers: Trigger) -> Outcome:
    known = replace(call, triggers=triggers, waiting_since=t)
    requested = Journal(events.TakeoverRequested(triggers=triggers))
    return known, (requested, do.Say("connecting", patience))


def _own_trigger(call: Call, t: float, patience: float, kind: TriggerKind, evidence: str) -> Outcome:
    trigger = Trigger(kind=kind, evidence=evidence, t=t)
    known, actions = _take_over(call, t, patience, trigger)
    return known, (Journal(events.Triggered(trigger=trigger)), *actions)


def asked(call: Call, what: on.TakeoverAsked, t: float) -> Outcome:
    """Hand over on the worker's own reasons, once the bot's sentence has been heard out."""
    return _take_over(call, t, 10.0, *what.triggers)


def zero(call: Call, what: on.ZeroPressed, t: float) -> Outcome:
    """Hand over because of the key, at once: who presses it wants the bot to stop."""
    known, actions = _own_trigger(call, t, 0.0, TriggerKind.KEY, "The caller pressed 0.")
    return known, (Journal(events.Pressed(digit="0")), *actions)


def dead_air(call: Call, what: on.DeadAir, t: float) -> Outcome:
    """Hand over because nobody can be heard."""
    evidence = f"Nobody was heard on the line for {what.seconds:.0f} s."
    return _own_trigger(call, t, 0.0, TriggerKind.DEAD_AIR, evidence)


def worker_given_up(call: Call, what: on.WorkerTimedOut, t: float) -> Outcome:
    """Hand over because no worker came back."""
    evidence = f"No voice worker came back within {call.limits[Timer.WORKER_BACK]:.0f} s."
    return _own_trigger(call, t, 10.0, TriggerKind.WORKER_LOST, evidence)


def note_zero(call: Call, what: on.ZeroPressed, t: float) -> Outcome:
    """Write the key down; a person is on the way already."""
    return call, (Journal(events.Pressed(digit="0")),)


def note_key(call: Call, what: on.KeyPressed, t: float) -> Outcome:
    """Write the key down."""
    return call, (Journal(events.Pressed(digit=what.digit)),)


def note_brief(call: Call, what: on.BriefWritten, t: float) -> Outcome:
    """Write the brief down; the newest counts."""
    known = replace(call, spoken_brief=call.spoken_brief or what.spoken_s is not None)
    return known, (Journal(events.Briefed(brief=what.brief, spoken_s=what.spoken_s)),)


def note_worker_lost(call: Call, what: on.WorkerLost, t: float) -> Outcome:
    """Write it down; the caller hears something else than the bot now."""
    return call, (Journal(events.WorkerLost(why=what.why)),)


def worker_lost(call: Call, what: on.WorkerLost, t: float) -> Outcome:
    """Tell the caller that the line is not dead."""
    return call, (Journal(events.WorkerLost(why=what.why)), do.Say("one_moment", CUT_SHORT))


def worker_joined(call: Call, what: on.WorkerJoined, t: float) -> Outcome:
    """Tell the worker where the call stands."""
    return call, (
        Journal(events.WorkerJoined(resumed=what.resumed)),
        do.TellWorker(on.name(type(what)), history=what.resumed),
    )


def goodbye(call: Call, what: on.BotSaidGoodbye, t: float) -> Outcome:
    """Wait until the bot's goodbye has been heard."""
    return call, (do.Drain(),)


def said_goodbye(call: Call, what: on.Drained, t: float) -> Outcome:
    """End the call."""
    return call, (do.HangUpCaller("bot", "The bot said goodbye."),)


def ring(call: Call, what: on.AgentFound, t: float) -> Outcome:
    """Ring the agent."""
    return replace(call, agent=what.agent), (
        Journal(events.Offered(agent=what.agent)),
        do.Ring(what.agent),
    )


def turn_away(call: Call, what: on.AgentFound, t: float) -> Outcome:
    """Let an agent go who was found too late."""
    return call, (do.AgentIs(what.agent, Engagement.FREE),) if what.agent != call.agent else ()


def accepted(call: Call, what: on.Accepted, t: float) -> Outcome:
    """Brief the agent, with a word to a caller who has waited long."""
    word: tuple[Action, ...] = ()
    if call.spoken_brief and t - call.waiting_since > WORTH_A_WORD:
        word = (do.Say("connecting"),)
    by_key = any(trigger.kind is TriggerKind.KEY for trigger in call.triggers)
    brief = do.BriefAgent(what.agent, "key_brief" if by_key else None)
    return call, (Journal(events.Accepted(agent=what.agent)), *word, brief)


def declined(call: Call, what: on.FromAgent, t: float) -> Outcome:
    """Write down that the agent does not want the call."""
    return call, (Journal(events.Declined(agent=what.agent, reason="declined")),)


def no_answer(call: Call, what: on.RingTimedOut, t: float) -> Outcome:
    """Stop ringing."""
    agent = call.agent or ""
    return call, (
        Journal(events.Declined(agent=agent, reason="no_answer")),
        do.Withdraw(agent, "no_answer"),
    )


def lost_while_ringing(call: Call, what: on.AgentLost, t: float) -> Outcome:
    """Write down that the agent went while being rung."""
    return call, (Journal(events.Declined(agent=what.agent, reason="left")),)


def agent_lost(call: Call, what: on.AgentLost, t: float) -> Outcome:
    """Write down that the agent's desk is gone."""
    return call, (Journal(events.AgentLeft(agent=what.agent, reason="lost")),)


def agent_lost_in_talk(call: Call, what: on.AgentLost, t: float) -> Outcome:
    """Tell the caller, whose wait begins anew."""
    known, actions = agent_lost(replace(call, waiting_since=t), what, t)
    return known, (*actions, do.Say("agent_lost"))


def agent_thought_again(call: Call, what: on.AgentHungUp, t: float) -> Outcome:
    """Write down that the agent hung up before talking."""
    return call, (Journal(events.AgentLeft(agent=what.agent, reason="hung_up")),)


def agent_done(call: Call, what: on.AgentHungUp, t: float) -> Outcome:
    """End the caller's call."""
    return call, (
        Journal(events.AgentLeft(agent=what.agent, reason="hung_up")),
        do.HangUpCaller("agent", "The agent hung up."),
    )


def wrapped_up(call: Call, what: on.WrappedUp, t: float) -> Outcome:
    """Write down how the agent closed the call."""
    closed = events.WrappedUp(agent=what.agent, disposition=what.disposition, summary=what.summary)
    return call, (Journal(closed),)


def not_wrapped_up(call: Call, what: on.Input, t: float) -> Outcome:
    """Close the call without the agent's word on it."""
    return call, (Journal(events.WrappedUp(agent=call.agent or "", disposition="")),)


def reminder(call: Call, what: on.ReminderDue, t: float) -> Outcome:
    """Tell the caller that nobody forgot them, now and again later."""
    return call, (
        do.Say("still_waiting"),
        do.StartTimer(Timer.REMINDER, call.limits[Timer.REMINDER]),
    )


def nobody_came(call: Call, what: on.WaitTimedOut, t: float) -> Outcome:
    """Tell the caller where they go now."""
    return call, (do.Say("nobody"), do.Drain())


def told_nobody(call: Call, what: on.Drained, t: float) -> Outcome:
    """Give the caller to the carrier's next verb, a person."""
    return call, (do.LeaveToCarrier("No agent could be reached."),)


def _tell_agent_caller_left(call: Call) -> tuple[Action, ...]:
    if call.agent is None:
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
    withdrawn = (do.Withdraw(call.agent, "shutting_down"),) if call.agent else ()
    return call, (do.LeaveToCarrier("The switchboard is shutting down."), *withdrawn)
