"""The takeover state machine of one call: values in, values out, time handed in.

    call, actions = step(call, ZeroPressed(), t)

`TABLE` is the machine: a row for each input (`telephony.takeover.inputs`), in it a cell for each phase, and
in the cell where the call goes and what is done besides. What follows from *being* in a phase (timers, hold
tone, bridge, place in the queue, the agent's engagement) is listed in `telephony.takeover.phases`, and `step`
sees to it on the way in and out, so that no transition can forget it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from telephony.takeover import actions as do
from telephony.takeover import agent_effects as agent
from telephony.takeover import agent_inputs as by
from telephony.takeover import effects as fx
from telephony.takeover import effects_parting as parting
from telephony.takeover import effects_waiting as waiting
from telephony.takeover import inputs as on
from telephony.takeover.actions import Action, Journal, Timer
from telephony.takeover.effects import Outcome
from telephony.takeover.meaning import meant
from telephony.takeover.phases import BOT, ENGAGED, HOLD, IN_LINE, LIVE, SURVEY, TALK, TIMERS, Call, Phase
from telephony.takeover.queue import Engagement
from voice.journal import events

FIRST_UPDATE = 6.0
"""Seconds after which a caller who waits is first told for how long; most are not waiting any more then."""
BRIEF_WITHIN = 0.25
"""Seconds a worker has to write the brief before an agent is rung without it; it takes a few milliseconds."""
TAKEN = TALK | {Phase.BRIEFING}
"""An agent has the call; a caller who loses them goes to the head of the line."""
In = TypeVar("In", bound=on.Input)
Effect = Callable[[Call, In, float], Outcome]


@dataclass(frozen=True)
class Cell(Generic[In]):
    """An answer of the machine: where the call goes (None: it stays) and what is done besides."""

    to: Phase | None
    effect: Effect[In]


def _row(
    *cells: tuple[Collection[Phase], Phase | None, Effect[In]], rest: Effect[In] = fx.nothing
) -> Mapping[Phase, Cell[In]]:
    """Lay out one input's answers; a phase that no cell names stays where it is, with the effect `rest`."""
    row = {phase: Cell(None, rest) for phase in Phase}
    for phases, to, effect in cells:
        row.update(dict.fromkeys(phases, Cell(to, effect)))
    return MappingProxyType(row)


P = Phase
# fmt: off
TABLE: Mapping[type[on.Input], Mapping[Phase, Cell[Any]]] = MappingProxyType({
    # the caller
    on.CallerLeft: _row(
        (LIVE - TALK - SURVEY,  P.ENDED,    parting.caller_left),
        (TALK,                  P.WRAP_UP,  parting.caller_left),
        ({P.SURVEY},            P.WRAP_UP,  parting.survey_left),
        ({P.SURVEY_ALONE},      P.ENDED,    parting.survey_left)),
    on.ZeroPressed: _row(
        (BOT,                   P.WAITING,  fx.zero),
        (SURVEY,                P.WAITING,  parting.wanted_again),
        (LIVE - BOT - SURVEY,   None,       fx.note_zero)),
    on.KeyPressed: _row(
        (LIVE,                  None,       waiting.note_key)),
    on.CallbackTalked: _row(
        (IN_LINE,               None,       waiting.callback_talked)),
    on.CallbackSettled: _row(
        (IN_LINE,               P.CALLBACK, waiting.callback_settled)),
    on.Wished: _row(),
    on.Rated: _row(
        (SURVEY,                None,       parting.rated),
        (LIVE - SURVEY,         None,       waiting.note_key)),
    on.RangBefore: _row(
        (LIVE,                  None,       fx.note_rang_before)),
    on.DeadAir: _row(
        ({P.WITH_BOT},          P.WAITING,  fx.dead_air)),
    on.LineStalled: _row(
        (LIVE,                  None,       parting.note_stalled)),
    on.LineBack: _row(
        (LIVE,                  None,       parting.note_back)),
    on.LineDead: _row(
        (LIVE - TALK - {P.SURVEY}, P.ENDED, parting.line_dead),
        (TALK | {P.SURVEY},     P.WRAP_UP,  parting.line_dead)),
    on.Drained: _row(
        ({P.GOODBYE},           P.ENDED,    parting.said_goodbye),
        ({P.NOBODY},            P.ENDED,    waiting.told_nobody),
        ({P.CALLBACK},          P.ENDED,    waiting.told_of_callback),
        ({P.SURVEY},            P.WRAP_UP,  parting.survey_over),
        ({P.SURVEY_ALONE},      P.ENDED,    parting.survey_over)),
    # the worker and its bot
    on.TakeoverAsked: _row(
        (BOT,                   P.WAITING,  fx.asked)),
    on.BriefWritten: _row(
        (LIVE | {P.WRAP_UP},    None,       fx.note_brief)),
    on.NeedsKnown: _row(
        (LIVE,                  None,       fx.note_needs)),
    on.BotSaidGoodbye: _row(
        ({P.WITH_BOT},          P.GOODBYE,  parting.goodbye)),
    on.WorkerJoined: _row(
        ({P.WORKER_AWAITED},    P.WITH_BOT, fx.worker_joined),
        (LIVE - {P.WORKER_AWAITED}, None,   fx.worker_joined)),
    on.WorkerLost: _row(
        ({P.WITH_BOT},          P.WORKER_AWAITED, fx.worker_lost),
        (LIVE - {P.WITH_BOT},   None,       fx.note_worker_lost)),
    on.WorkerFull: _row(
        ({P.WITH_BOT, P.WORKER_AWAITED}, P.WAITING, fx.workers_full)),
    on.WorkerTimedOut: _row(
        ({P.WORKER_AWAITED},    P.WAITING,  fx.worker_given_up)),
    # finding an agent
    on.AgentFound: _row(
        ({P.WAITING},           P.OFFERED,  fx.ring),
        rest=fx.turn_away),
    on.Accepted: _row(
        ({P.OFFERED},           P.BRIEFING, fx.accepted)),
    on.Declined: _row(
        ({P.OFFERED},           P.WAITING,  fx.declined)),
    on.RingTimedOut: _row(
        ({P.OFFERED},           P.WAITING,  fx.no_answer)),
    on.ReminderDue: _row(
        (IN_LINE,               None,       waiting.reminder),
        ({P.HELD},              None,       waiting.reminder_on_hold)),
    on.StaffDue: _row(
        ({P.WAITING},           None,       waiting.look_for_staff)),
    on.NobodyOnDuty: _row(
        ({P.WAITING},           P.NOBODY,   waiting.nobody_came)),
    on.WaitTimedOut: _row(
        ({P.WAITING},           P.NOBODY,   waiting.nobody_came)),
    on.RungBack: _row(
        ({P.WITH_BOT},          P.BRIDGED,  fx.rung_back),
        rest=fx.turn_away),
    # the agent has the call
    on.BriefDone: _row(
        ({P.BRIEFING},          P.BRIDGED,  fx.nothing)),
    on.BriefSkipped: _row(
        ({P.BRIEFING},          P.BRIDGED,  fx.nothing)),
    on.AgentHungUp: _row(
        ({P.OFFERED},           P.WAITING,  fx.declined),
        ({P.BRIEFING},          P.WAITING,  fx.agent_thought_again),
        (TALK,                  P.WRAP_UP,  parting.agent_done)),
    on.SurveyDue: _row(
        (TALK,                  P.SURVEY,   parting.ask_survey)),
    on.AgentLost: _row(
        ({P.OFFERED},           P.WAITING,  fx.lost_while_ringing),
        ({P.BRIEFING},          P.WAITING,  fx.agent_lost),
        (TALK,                  P.WAITING,  fx.agent_lost_in_talk),
        ({P.SURVEY},            P.SURVEY_ALONE, parting.not_wrapped_up_in_survey),
        ({P.WRAP_UP},           P.ENDED,    parting.not_wrapped_up)),
    on.AgentUnsteady: _row(
        ({P.BRIDGED},           None,       agent.unsteady)),
    on.AgentSteady: _row(
        ({P.BRIDGED},           None,       agent.steady)),
    by.Held: _row(
        ({P.BRIDGED},           P.HELD,     fx.nothing)),
    by.Resumed: _row(
        ({P.HELD},              P.BRIDGED,  fx.nothing)),
    by.KeysPressed: _row(
        ({P.BRIDGED},           None,       agent.keys)),
    by.Promised: _row(
        (TALK | {P.SURVEY, P.WRAP_UP}, None, agent.promised)),
    by.GivenBack: _row(
        (TALK,                  P.WITH_BOT, agent.given_back)),
    by.HandedOn: _row(
        (TALK,                  P.WAITING,  agent.handed_on)),
    by.PassedTo: _row(
        (TALK,                  None,       agent.passed)),
    on.WrappedUp: _row(
        ({P.SURVEY},            P.SURVEY_ALONE, parting.wrapped_up_in_survey),
        ({P.WRAP_UP},           P.ENDED,    parting.wrapped_up)),
    on.WrapUpTimedOut: _row(
        ({P.SURVEY},            P.SURVEY_ALONE, parting.not_wrapped_up_in_survey),
        ({P.WRAP_UP},           P.ENDED,    parting.not_wrapped_up)),
    on.SurveyTimedOut: _row(
        ({P.SURVEY},            P.WRAP_UP,  parting.survey_over),
        ({P.SURVEY_ALONE},      P.ENDED,    parting.survey_over)),
    # the switchboard
    on.ShuttingDown: _row(
        (LIVE,                  P.ENDED,    parting.shutting_down),
        ({P.WRAP_UP},           P.ENDED,    parting.not_wrapped_up)),
})
# fmt: on


def step(call: Call, what: on.Input, t: float) -> Outcome:
    """Return the call after `what` happened at second `t` of it, and what is to be done, in order."""
    what = meant(call, what)
    if isinstance(what, on.FromAgent) and not isinstance(what, on.RungBack) and what.agent != call.agent:
        too_late = isinstance(what, on.Accepted)
        return call, (do.Withdraw(what.agent, "taken"),) if too_late else ()
    cell = TABLE[type(what)][call.phase]
    learnt, besides = cell.effect(call, what, t)
    if cell.to is None:
        return learnt, besides
    after = replace(learnt, phase=cell.to, agent=learnt.agent if cell.to in ENGAGED else None)
    return after, (*_leave(call, after), *besides, *_enter(call, after, on.name(type(what)), t))


def _leave(before: Call, after: Call) -> list[Action]:
    out: list[Action] = [
        do.StopTimer(timer)
        for timer, phases in TIMERS.items()
        if before.phase in phases and after.phase not in phases
    ]
    if before.phase is P.WAITING and after.phase is not P.OFFERED:
        out.append(do.LeaveQueue())
    if before.phase is P.BRIDGED:
        out.append(do.Unbridge())
    if before.phase in HOLD and after.phase not in HOLD:
        out.append(do.Hold(False))
    return out


def _enter(before: Call, after: Call, cause: str, t: float) -> list[Action]:
    out: list[Action] = []
    if after.agent is not None and ENGAGED.get(before.phase) is not ENGAGED[after.phase]:
        out.append(do.AgentIs(after.agent, ENGAGED[after.phase]))
    if before.state is not after.state:
        out.append(Journal(events.StateChanged(before=before.state, after=after.state, cause=cause)))
        from_agent = after.phase in (P.WITH_BOT, P.WAITING) and before.phase in TALK
        out.append(do.TellWorker(cause, history=from_agent))
        told = after.agent or (before.agent if after.phase is P.ENDED else None)
        if told is not None:
            out.append(do.TellAgent(told, after.state))
    if after.phase in HOLD and before.phase not in HOLD:
        out.append(do.Hold(True))
    out += [
        do.StartTimer(timer, _seconds(after, timer, t))
        for timer, phases in TIMERS.items()
        if after.phase in phases and before.phase not in phases
    ]
    if after.phase is P.WAITING:
        unbriefed = BRIEF_WITHIN if after.worker and not after.briefed else 0.0
        out.append(do.FindAgent(before.phase in TAKEN, after.needs, unbriefed))
    if after.phase is P.BRIDGED and after.agent is not None:
        out += [] if before.phase is P.HELD else [Journal(events.Bridged(agent=after.agent))]
        out.append(do.Bridge(after.agent))
    if before.agent is not None and after.agent is None:
        # Last of all: who is free may be rung for the next call at once, and is to be done with this one.
        out.append(do.AgentIs(before.agent, Engagement.FREE))
    return out


def _seconds(call: Call, timer: Timer, t: float) -> float:
    waited = t - call.waiting_since
    match timer:
        case Timer.WAIT | Timer.STAFF:
            return max(0.0, call.limits[timer] - waited)
        case Timer.REMINDER if not waited:
            return min(FIRST_UPDATE, call.limits[timer])
        case _:
            return call.limits[timer]
