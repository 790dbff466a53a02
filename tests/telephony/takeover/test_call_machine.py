"""The takeover state machine: its table, and what holds whatever happens in whatever order."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.settings import SwitchboardSettings
from telephony.takeover import actions as do
from telephony.takeover import agent_inputs as by
from telephony.takeover import inputs as on
from telephony.takeover.actions import Timer
from telephony.takeover.machine import TABLE, step
from telephony.takeover.phases import ENGAGED, HOLD, LIVE, STATE, TIMED_OUT, TIMERS, Call, Phase
from telephony.takeover.queue import Engagement
from voice.journal import events
from voice.journal.events import Brief, CallState, Trigger, TriggerKind

P = Phase
LIMITS = SwitchboardSettings().limits
ASKED = Trigger(kind=TriggerKind.ASKED, evidence="said: agent, please", t=4.0)
BRIEF = Brief(headline="Wants a refund", reason="asked")

EXAMPLES: dict[type[on.Input], on.Input] = {
    type(what): what
    for what in (
        on.CallerLeft(), on.ZeroPressed(), on.KeyPressed("5"), on.DeadAir(15.0), on.Drained(),
        on.TakeoverAsked((ASKED,)), on.BriefWritten(BRIEF, 3.0), on.BotSaidGoodbye("done"),
        on.WorkerJoined(False), on.WorkerLost("closed"), on.WorkerTimedOut(), on.AgentFound("ann"),
        on.Accepted("ann"), on.Declined("ann"), on.RingTimedOut(), on.ReminderDue(), on.WaitTimedOut(),
        on.BriefDone(), on.BriefSkipped("ann"), on.AgentHungUp("ann"), on.AgentLost("ann"),
        on.WrappedUp("ann", "solved"), on.WrapUpTimedOut(), on.ShuttingDown(),
        by.Held("ann"), by.Resumed("ann"), by.KeysPressed("ann", "12#"), by.Promised("ann", "Friday."),
        by.GivenBack("ann", "take the address"), by.HandedOn("ann", to_skill="refunds"),
        by.PassedTo("ann", "bo"),
    )
}  # fmt: skip


def call_in(phase: Phase) -> Call:
    return Call(limits=LIMITS, phase=phase, agent="ann" if phase in ENGAGED else None)


def journalled(actions: tuple[do.Action, ...]) -> list[events.AnyEvent]:
    return [action.event for action in actions if isinstance(action, do.Journal)]


def test_every_phase_answers_every_input() -> None:
    assert set(TABLE) == set(EXAMPLES)
    for row in TABLE.values():
        assert set(row) == set(Phase)


TRANSITIONS = [
    (P.WITH_BOT, on.ZeroPressed(), P.WAITING),
    (P.WITH_BOT, on.TakeoverAsked((ASKED,)), P.WAITING),
    (P.WITH_BOT, on.DeadAir(15.0), P.WAITING),
    (P.WITH_BOT, on.WorkerLost("closed"), P.WORKER_AWAITED),
    (P.WITH_BOT, on.BotSaidGoodbye("done"), P.GOODBYE),
    (P.WITH_BOT, on.CallerLeft(), P.ENDED),
    (P.WITH_BOT, on.KeyPressed("5"), P.WITH_BOT),
    (P.WORKER_AWAITED, on.WorkerJoined(True), P.WITH_BOT),
    (P.WORKER_AWAITED, on.WorkerTimedOut(), P.WAITING),
    (P.WORKER_AWAITED, on.ZeroPressed(), P.WAITING),
    (P.WORKER_AWAITED, on.CallerLeft(), P.ENDED),
    (P.GOODBYE, on.Drained(), P.ENDED),
    (P.GOODBYE, on.ZeroPressed(), P.WAITING),
    (P.GOODBYE, on.WorkerLost("closed"), P.GOODBYE),
    (P.WAITING, on.AgentFound("ann"), P.OFFERED),
    (P.WAITING, on.WaitTimedOut(), P.NOBODY),
    (P.WAITING, on.WorkerLost("closed"), P.WAITING),
    (P.WAITING, on.CallerLeft(), P.ENDED),
    (P.NOBODY, on.Drained(), P.ENDED),
    (P.NOBODY, on.CallerLeft(), P.ENDED),
    (P.NOBODY, on.AgentFound("bo"), P.NOBODY),
    (P.OFFERED, on.Accepted("ann"), P.BRIEFING),
    (P.OFFERED, on.Declined("ann"), P.WAITING),
    (P.OFFERED, on.RingTimedOut(), P.WAITING),
    (P.OFFERED, on.AgentLost("ann"), P.WAITING),
    (P.OFFERED, on.AgentHungUp("ann"), P.WAITING),
    (P.OFFERED, on.CallerLeft(), P.ENDED),
    (P.OFFERED, on.WorkerLost("closed"), P.OFFERED),
    (P.OFFERED, on.Accepted("bo"), P.OFFERED),
    (P.BRIEFING, on.BriefDone(), P.BRIDGED),
    (P.BRIEFING, on.BriefSkipped("ann"), P.BRIDGED),
    (P.BRIEFING, on.BriefSkipped("bo"), P.BRIEFING),
    (P.BRIEFING, on.AgentLost("ann"), P.WAITING),
    (P.BRIEFING, on.AgentHungUp("ann"), P.WAITING),
    (P.BRIEFING, on.CallerLeft(), P.ENDED),
    (P.BRIDGED, on.AgentLost("ann"), P.WAITING),
    (P.BRIDGED, on.AgentHungUp("ann"), P.WRAP_UP),
    (P.BRIDGED, on.AgentHungUp("bo"), P.BRIDGED),
    (P.BRIDGED, on.CallerLeft(), P.WRAP_UP),
    (P.BRIDGED, on.WorkerLost("closed"), P.BRIDGED),
    (P.BRIDGED, on.TakeoverAsked((ASKED,)), P.BRIDGED),
    (P.BRIDGED, on.ZeroPressed(), P.BRIDGED),
    (P.BRIDGED, by.Held("ann"), P.HELD),
    (P.BRIDGED, by.Held("bo"), P.BRIDGED),
    (P.BRIDGED, by.GivenBack("ann"), P.WITH_BOT),
    (P.BRIDGED, by.HandedOn("ann"), P.WAITING),
    (P.BRIDGED, by.PassedTo("ann", "bo"), P.BRIDGED),
    (P.HELD, by.Resumed("ann"), P.BRIDGED),
    (P.HELD, by.GivenBack("ann"), P.WITH_BOT),
    (P.HELD, by.HandedOn("ann"), P.WAITING),
    (P.HELD, by.PassedTo("ann", "bo"), P.HELD),
    (P.HELD, on.AgentLost("ann"), P.WAITING),
    (P.HELD, on.AgentHungUp("ann"), P.WRAP_UP),
    (P.HELD, on.CallerLeft(), P.WRAP_UP),
    (P.HELD, on.ZeroPressed(), P.HELD),
    (P.HELD, on.WorkerLost("closed"), P.HELD),
    (P.WITH_BOT, by.GivenBack("ann"), P.WITH_BOT),
    (P.WRAP_UP, on.WrappedUp("ann", "solved"), P.ENDED),
    (P.WRAP_UP, on.WrapUpTimedOut(), P.ENDED),
    (P.WRAP_UP, on.AgentLost("ann"), P.ENDED),
    (P.WRAP_UP, on.CallerLeft(), P.WRAP_UP),
]


@pytest.mark.parametrize(("before", "what", "after"), TRANSITIONS, ids=lambda one: str(one)[:40])
def test_where_a_call_goes(before: Phase, what: on.Input, after: Phase) -> None:
    assert step(call_in(before), what, 30.0)[0].phase is after


@pytest.mark.parametrize("phase", sorted(LIVE))
def test_shutting_down_leaves_every_caller_to_their_carrier(phase: Phase) -> None:
    after, actions = step(call_in(phase), on.ShuttingDown(), 30.0)
    assert after.phase is P.ENDED
    assert any(isinstance(action, do.LeaveToCarrier) for action in actions)


@pytest.mark.parametrize("what", EXAMPLES.values(), ids=lambda what: type(what).__name__)
def test_nothing_wakes_a_call_that_has_ended(what: on.Input) -> None:
    ended = call_in(P.ENDED)
    after, actions = step(ended, what, 30.0)
    assert after == ended
    assert all(isinstance(action, do.AgentIs | do.Withdraw) for action in actions)


def test_zero_stops_the_bot_at_once_but_a_takeover_of_its_own_lets_it_finish() -> None:
    _, by_key = step(call_in(P.WITH_BOT), on.ZeroPressed(), 3.0)
    _, by_bot = step(call_in(P.WITH_BOT), on.TakeoverAsked((ASKED,)), 3.0)
    assert do.Say("connecting", patience=0.0) in by_key
    assert do.Say("connecting", patience=10.0) in by_bot


def test_a_takeover_is_requested_once_however_many_reasons_follow() -> None:
    call, actions = step(call_in(P.WITH_BOT), on.ZeroPressed(), 3.0)
    requests = journalled(actions)
    for what in (on.TakeoverAsked((ASKED,)), on.ZeroPressed(), on.DeadAir(15.0), on.TakeoverAsked((ASKED,))):
        call, actions = step(call, what, 4.0)
        requests += journalled(actions)
    assert sum(isinstance(event, events.TakeoverRequested) for event in requests) == 1
    assert [trigger.kind for trigger in call.triggers] == [TriggerKind.KEY]


def test_an_acceptance_that_comes_too_late_is_told_so() -> None:
    call, _ = step(call_in(P.OFFERED), on.RingTimedOut(), 20.0)
    same, actions = step(call, on.Accepted("ann"), 20.1)
    assert same == call
    assert actions == (do.Withdraw("ann", "taken"),)


def test_of_two_agents_who_accept_one_gets_the_call() -> None:
    call, _ = step(call_in(P.OFFERED), on.Accepted("ann"), 20.0)
    same, actions = step(call, on.Accepted("bo"), 20.1)
    assert same.agent == "ann"
    assert actions == (do.Withdraw("bo", "taken"),)


def test_an_agent_found_for_a_caller_who_just_left_is_let_go() -> None:
    call, _ = step(call_in(P.WAITING), on.CallerLeft(), 20.0)
    _, actions = step(call, on.AgentFound("ann"), 20.0)
    assert actions == (do.AgentIs("ann", Engagement.FREE),)


def test_a_caller_who_leaves_while_an_agent_is_rung_leaves_nobody_in_an_empty_room() -> None:
    _, actions = step(call_in(P.OFFERED), on.CallerLeft("hung up"), 20.0)
    assert do.Withdraw("ann", "caller_left") in actions
    assert do.AgentIs("ann", Engagement.FREE) in actions
    assert events.Declined(agent="ann", reason="caller_left") in journalled(actions)


def test_a_lost_agent_puts_the_caller_at_the_head_of_the_line_with_a_word() -> None:
    call, actions = step(call_in(P.BRIDGED), on.AgentLost("ann"), 50.0)
    names = [type(action).__name__ for action in actions]
    assert names.index("Unbridge") < names.index("Say") < names.index("Hold") < names.index("FindAgent")
    assert do.FindAgent(ahead=True) in actions
    assert do.StartTimer(Timer.WAIT, LIMITS[Timer.WAIT]) in actions
    assert call.agent is None


def test_the_wait_is_counted_across_agents_who_do_not_answer() -> None:
    call, _ = step(call_in(P.WITH_BOT), on.ZeroPressed(), 10.0)
    call, _ = step(call, on.AgentFound("ann"), 20.0)
    _, actions = step(call, on.RingTimedOut(), 40.0)
    assert do.StartTimer(Timer.WAIT, LIMITS[Timer.WAIT] - 30.0) in actions


def test_the_bot_that_gets_a_call_back_is_told_all_that_happened() -> None:
    call, actions = step(call_in(P.BRIDGED), by.GivenBack("ann", "take the new address", True), 50.0)
    assert do.TellWorker("given_back", history=True) in actions
    assert do.Say("bot_back") in actions
    assert do.AgentIs("ann", Engagement.FREE) in actions
    given = events.GivenBack(agent="ann", instruction="take the new address", verified=True)
    assert journalled(actions)[0] == given
    assert (call.triggers, call.agent) == ((), None)


def test_a_caller_who_waited_long_gets_a_word_while_the_agent_is_briefed() -> None:
    waited = Call(limits=LIMITS, phase=P.OFFERED, agent="ann", waiting_since=5.0, spoken_brief=True)
    _, late = step(waited, on.Accepted("ann"), 30.0)
    _, soon = step(waited, on.Accepted("ann"), 7.0)
    assert do.Say("connecting") in late
    assert not any(isinstance(action, do.Say) for action in soon)


def test_the_brief_is_told_in_a_sentence_where_the_key_was_pressed_without_one() -> None:
    call, _ = step(call_in(P.WITH_BOT), on.ZeroPressed(), 10.0)
    call, _ = step(call, on.AgentFound("ann"), 10.0)
    _, actions = step(call, on.Accepted("ann"), 12.0)
    assert do.BriefAgent("ann", "key_brief") in actions


AGENTS = ("ann", "bo")
OF_NOBODY = [what for what in EXAMPLES.values() if not isinstance(what, on.FromAgent | on.AgentFound)]
inputs = st.one_of(
    st.sampled_from(OF_NOBODY),
    st.sampled_from(AGENTS).flatmap(
        lambda agent: st.sampled_from([
            on.AgentFound(agent), on.Accepted(agent), on.Declined(agent), on.BriefSkipped(agent),
            on.AgentHungUp(agent), on.AgentLost(agent), on.WrappedUp(agent, ""),
            by.Held(agent), by.Resumed(agent), by.Promised(agent, "p"), by.GivenBack(agent),
            by.HandedOn(agent), by.PassedTo(agent, "bo" if agent == "ann" else "ann"),
        ])
    ),
    st.sampled_from([on.Accepted("ann"), on.AgentFound("ann"), on.BriefDone(), on.ZeroPressed()]),
)  # fmt: skip


class _World:
    """Does what the machine asks for as far as the invariants can tell."""

    def __init__(self) -> None:
        self.call = Call(limits=LIMITS)
        self.timers: set[Timer] = set()
        self.hold = self.bridged = self.queued = False
        self.line_up = True
        self.engaged: dict[str, Engagement] = {}
        self.count: Counter[str] = Counter()
        self.t = 0.0

    def feed(self, what: on.Input) -> tuple[do.Action, ...]:
        self.t += 1.0
        if isinstance(what, on.AgentFound) and self.call.phase is P.WAITING:
            self.queued = False
        self.call, actions = step(self.call, what, self.t)
        for action in actions:
            self._do(action)
        return actions

    def _do(self, action: do.Action) -> None:
        self.count[type(action).__name__] += 1
        match action:
            case do.StartTimer(timer=timer, seconds=seconds):
                assert seconds >= 0
                self.timers.add(timer)
            case do.StopTimer(timer=timer):
                self.timers.discard(timer)
            case do.Hold(on=hold):
                self.hold = hold
            case do.Bridge():
                self.bridged = True
            case do.Unbridge():
                self.bridged = False
            case do.FindAgent():
                assert not self.queued
                self.queued = True
            case do.LeaveQueue():
                self.queued = False
            case do.AgentIs(agent=agent, engagement=engagement):
                self.engaged[agent] = engagement
            case do.Ring():
                assert not any(state is Engagement.RINGING for state in self.engaged.values())
            case do.HangUpCaller() | do.LeaveToCarrier() | do.CallerGone():
                assert self.line_up
                self.line_up = False
            case do.Journal(event=events.GivenBack()):
                self.count["given back"] += 1
            case do.Journal(event=events.TakeoverRequested()):
                self.count["takeovers"] += 1
            case _:
                pass


@given(st.lists(inputs, max_size=60))
def test_whatever_happens_in_whatever_order(sequence: list[on.Input]) -> None:
    world = _World()
    for what in sequence:
        world.feed(what)
        phase = world.call.phase
        assert world.timers == {timer for timer, phases in TIMERS.items() if phase in phases}
        assert world.hold == (phase in HOLD)
        assert world.bridged == (phase is P.BRIDGED)
        assert world.queued == (phase is P.WAITING)
        assert world.line_up == (phase in LIVE)
        assert world.count["takeovers"] <= 1 + world.count["given back"]
        busy = {agent: state for agent, state in world.engaged.items() if state is not Engagement.FREE}
        assert busy == ({world.call.agent: ENGAGED[phase]} if phase in ENGAGED else {})


@given(st.lists(inputs, max_size=40))
def test_a_call_that_nothing_happens_to_any_more_ends_by_its_timers(sequence: list[on.Input]) -> None:
    """Unless the bot or an agent has the caller, whose silence the dead-air guard and the desk watch."""
    world = _World()
    for what in sequence:
        world.feed(what)
    for _ in range(10):
        if not world.timers - {Timer.REMINDER}:
            break
        timer = sorted(world.timers - {Timer.REMINDER})[0]
        world.timers.discard(timer)
        world.feed(TIMED_OUT[timer])
        if world.call.phase is P.NOBODY:
            world.feed(on.Drained())
    assert world.call.phase in (P.WITH_BOT, P.GOODBYE, P.NOBODY, P.BRIDGED, P.HELD, P.ENDED)


def test_phases_cover_the_journal_s_states() -> None:
    assert set(STATE) == set(Phase)
    assert set(STATE.values()) == set(CallState)
