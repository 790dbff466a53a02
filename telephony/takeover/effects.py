"""What the takeover state machine does besides moving a call on: one function for each kind of answer.

Each is handed the call, the input and the second of the call, and returns the call with what it has learnt
and the actions, in order. None changes the phase: that stands in the table of `telephony.takeover.machine`.
Here are the ways to a person and the agents; waiting is in `effects_waiting`, parting in `effects_parting`.
The first line of each docstring is what the documentation's table says.
"""

from dataclasses import replace

from telephony.takeover import actions as do
from telephony.takeover import callback
from telephony.takeover import inputs as on
from telephony.takeover.actions import Action, Journal, Timer
from telephony.takeover.phases import IN_LINE, Call, Phase
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


def _take_over(call: Call, t: float, patience: float, *triggers: Trigger, say: str = "connecting") -> Outcome:
    known = replace(call, triggers=triggers, waiting_since=t, updates=0)
    requested = Journal(events.TakeoverRequested(triggers=triggers))
    return known, (requested, do.Say(say, patience))


def _own_trigger(
    call: Call, t: float, patience: float, kind: TriggerKind, evidence: str, *, say: str = "connecting"
) -> Outcome:
    trigger = Trigger(kind=kind, evidence=evidence, t=t)
    known, actions = _take_over(call, t, patience, trigger, say=say)
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


def workers_full(call: Call, what: on.WorkerFull, t: float) -> Outcome:
    """Hand over because the bot has no time for this caller, who is told so instead of waiting for it."""
    evidence = "Every voice worker serves as many calls as it can."
    return _own_trigger(call, t, 10.0, TriggerKind.WORKER_LOST, evidence, say="all_busy")


def note_zero(call: Call, what: on.ZeroPressed, t: float) -> Outcome:
    """Write the key down; a person is on the way already."""
    return call, (Journal(events.Pressed(digit="0")),)


def note_brief(call: Call, what: on.BriefWritten, t: float) -> Outcome:
    """Write the brief down; the newest counts."""
    spoken = call.spoken_brief or what.spoken_s is not None
    known = replace(call, briefed=True, spoken_brief=spoken, anger=what.brief.anger)
    written = Journal(events.Briefed(brief=what.brief, spoken_s=what.spoken_s))
    awaited = (do.BriefIsThere(),) if call.phase is Phase.WAITING and not call.briefed else ()
    return known, (written, *needs_changed(call, known), *awaited)


def note_needs(call: Call, what: on.NeedsKnown, t: float) -> Outcome:
    """Note which agents can help, and whether it is urgent."""
    known = replace(
        call,
        skill=what.skill or call.skill,
        urgent=what.urgent or call.urgent,
        language=what.language or call.language,
    )
    return known, needs_changed(call, known)


def note_rang_before(call: Call, what: on.RangBefore, t: float) -> Outcome:
    """Note that the caller rang before today, which puts them ahead of others."""
    known = replace(call, again_today=True)
    return known, needs_changed(call, known)


def needs_changed(before: Call, after: Call) -> tuple[Action, ...]:
    """Tell the waiting line where the call needs something else than before."""
    if before.phase not in IN_LINE or before.needs == after.needs:
        return ()
    return (do.NeedsChanged(after.needs),)


def note_worker_lost(call: Call, what: on.WorkerLost, t: float) -> Outcome:
    """Write it down; the caller hears something else than the bot now."""
    return replace(call, worker=False), (Journal(events.WorkerLost(why=what.why)),)


def worker_lost(call: Call, what: on.WorkerLost, t: float) -> Outcome:
    """Tell the caller that the line is not dead."""
    known, noted = note_worker_lost(call, what, t)
    return known, (*noted, do.Say("one_moment", CUT_SHORT))


def worker_joined(call: Call, what: on.WorkerJoined, t: float) -> Outcome:
    """Tell the worker where the call stands."""
    return replace(call, worker=True), (
        Journal(events.WorkerJoined(resumed=what.resumed)),
        do.TellWorker(on.name(type(what)), history=what.resumed),
    )


def ring(call: Call, what: on.AgentFound, t: float) -> Outcome:
    """Ring the agent."""
    own_brief = () if call.briefed else (do.DraftBrief(),)
    return replace(call, agent=what.agent, briefed=True), (
        *own_brief,
        Journal(events.Offered(agent=what.agent)),
        do.Ring(what.agent),
    )


def turn_away(call: Call, what: on.AgentFound | on.RungBack, t: float) -> Outcome:
    """Let an agent go who was found too late."""
    return call, (do.AgentIs(what.agent, Engagement.FREE),) if what.agent != call.agent else ()


def accepted(call: Call, what: on.Accepted, t: float) -> Outcome:
    """Brief the agent, with a word to a caller who has waited long."""
    call = replace(call, callback=callback.given_up(call.callback))
    word: tuple[Action, ...] = ()
    if call.spoken_brief and t - call.waiting_since > WORTH_A_WORD:
        word = (do.Say("connecting"),)
    by_key = any(trigger.kind is TriggerKind.KEY for trigger in call.triggers)
    brief = do.BriefAgent(what.agent, "key_brief" if by_key else None)
    return call, (Journal(events.Accepted(agent=what.agent)), *word, brief)


def declined(call: Call, what: on.FromAgent, t: float) -> Outcome:
    """Ask the next agent; the reason is written down."""
    why = what.why if isinstance(what, on.Declined) else ""
    return call, (Journal(events.Declined(agent=what.agent, reason="declined", why=why)),)


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
    known, actions = agent_lost(replace(call, waiting_since=t, briefed=False), what, t)
    return known, (*actions, do.Say("agent_lost"))


def agent_thought_again(call: Call, what: on.AgentHungUp, t: float) -> Outcome:
    """Write down that the agent hung up before talking."""
    return call, (Journal(events.AgentLeft(agent=what.agent, reason="hung_up")),)


def rung_back(call: Call, what: on.RungBack, t: float) -> Outcome:
    """Connect the caller, who has picked up, with the agent who rings them back."""
    known = replace(call, agent=what.agent, waiting_since=t)
    return known, (do.Ring(what.agent), Journal(events.Accepted(agent=what.agent)))
