"""The takeover state machine: its table, and what each answer brings about."""

from dataclasses import replace

import pytest

from telephony.settings import SwitchboardSettings
from telephony.takeover import actions as do
from telephony.takeover import agent_inputs as by
from telephony.takeover import inputs as on
from telephony.takeover.actions import Timer
from telephony.takeover.callback import CallbackTalk
from telephony.takeover.machine import FIRST_UPDATE, TABLE, step
from telephony.takeover.phases import ENGAGED, LIVE, STATE, SURVEY, Call, Phase
from telephony.takeover.priority import AGAIN_TODAY, ANGRY, URGENT
from telephony.takeover.queue import Engagement, Needs
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
        on.WorkerJoined(False), on.WorkerLost("closed"), on.WorkerTimedOut(), on.WorkerFull(),
        on.AgentFound("ann"), on.Accepted("ann"),
        on.Declined("ann"), on.RingTimedOut(), on.ReminderDue(), on.WaitTimedOut(),
        on.BriefDone(), on.BriefSkipped("ann"), on.AgentHungUp("ann"), on.AgentLost("ann"),
        on.WrappedUp("ann", "solved"), on.WrapUpTimedOut(), on.ShuttingDown(), on.Wished("callback"),
        on.CallbackTalked("1"), on.CallbackSettled("1", "+4711111111", 0.0), on.Rated(4), on.RangBefore(),
        on.LineStalled(3.0), on.LineBack(5.0), on.LineDead(30.0), on.NeedsKnown("fraud", True),
        on.StaffDue(), on.NobodyOnDuty(), on.RungBack("ann"), on.SurveyDue("ann"), on.SurveyTimedOut(),
        by.Held("ann"), by.Resumed("ann"), by.KeysPressed("ann", "12#"), by.Promised("ann", "Friday."),
        by.GivenBack("ann", "take the address"), by.HandedOn("ann", to_skill="refunds"),
        by.PassedTo("ann", "bo"), on.AgentUnsteady("ann", 1.5), on.AgentSteady("ann"),
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
    (P.WITH_BOT, on.WorkerFull(), P.WAITING),
    (P.WORKER_AWAITED, on.WorkerFull(), P.WAITING),
    (P.WAITING, on.WorkerFull(), P.WAITING),
    (P.GOODBYE, on.WorkerFull(), P.GOODBYE),
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


@pytest.mark.parametrize("phase", sorted(LIVE - SURVEY))
def test_shutting_down_leaves_every_caller_to_their_carrier(phase: Phase) -> None:
    after, actions = step(call_in(phase), on.ShuttingDown(), 30.0)
    assert after.phase is P.ENDED
    assert any(isinstance(action, do.LeaveToCarrier) for action in actions)


@pytest.mark.parametrize("phase", sorted(SURVEY))
def test_shutting_down_thanks_nobody_and_rings_nobody(phase: Phase) -> None:
    after, actions = step(call_in(phase), on.ShuttingDown(), 30.0)
    assert after.phase is P.ENDED
    assert any(isinstance(action, do.HangUpCaller) for action in actions)


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
    assert do.FindAgent(ahead=True, needs=call.needs) in actions
    assert do.StartTimer(Timer.WAIT, LIMITS[Timer.WAIT]) in actions
    assert call.agent is None


def test_the_wait_is_counted_across_agents_who_do_not_answer() -> None:
    call, _ = step(call_in(P.WITH_BOT), on.ZeroPressed(), 10.0)
    call, _ = step(call, on.AgentFound("ann"), 20.0)
    _, actions = step(call, on.RingTimedOut(), 40.0)
    assert do.StartTimer(Timer.WAIT, LIMITS[Timer.WAIT] - 30.0) in actions


def test_the_worker_that_briefs_the_next_agent_is_told_what_the_last_one_did() -> None:
    for what in (by.HandedOn("ann", note="the shop says no"), on.AgentLost("ann")):
        _, actions = step(call_in(P.BRIDGED), what, 50.0)
        assert any(isinstance(action, do.TellWorker) and action.history for action in actions)


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


def test_a_caller_who_was_helped_is_asked_how_it_was_and_may_answer_or_not() -> None:
    talking = replace(call_in(P.BRIDGED), survey=True)
    asked, actions = step(talking, on.AgentHungUp("ann"), 60.0)
    assert asked.phase is P.SURVEY
    assert do.Say("survey") in actions
    answered, actions = step(asked, on.KeyPressed("4"), 65.0)
    assert events.Rated(score=4) in journalled(actions)
    assert do.Say("survey_thanks", 0.0) in actions
    again, actions = step(answered, on.KeyPressed("1"), 65.5)
    assert not any(isinstance(event, events.Rated) for event in journalled(actions))
    thanked, actions = step(again, on.Drained(), 66.0)
    assert thanked.phase is P.WRAP_UP
    assert any(isinstance(action, do.HangUpCaller) for action in actions)
    unwilling, actions = step(asked, on.KeyPressed("*"), 65.0)
    assert unwilling.phase is P.WRAP_UP
    assert any(isinstance(action, do.HangUpCaller) for action in actions)
    wants_more, actions = step(asked, on.ZeroPressed(), 65.0)
    assert wants_more.phase is P.WAITING
    assert do.AgentIs("ann", Engagement.FREE) in actions


def test_an_agent_who_has_written_is_free_while_the_caller_still_answers() -> None:
    asked = replace(call_in(P.SURVEY), survey=True)
    alone, actions = step(asked, on.WrappedUp("ann", "solved"), 65.0)
    assert alone.phase is P.SURVEY_ALONE
    assert do.AgentIs("ann", Engagement.FREE) in actions
    assert do.TellAgent("ann", CallState.ENDED) in actions
    over, actions = step(alone, on.SurveyTimedOut(), 75.0)
    assert over.phase is P.ENDED
    assert any(isinstance(action, do.HangUpCaller) for action in actions)


def keys(call: Call, *pressed: str) -> tuple[Call, tuple[do.Action, ...]]:
    """Press keys one after the other; return where that leads and everything it brings about."""
    done: list[do.Action] = []
    for digit in pressed:
        call, actions = step(call, on.pressed(digit), 40.0)
        done += actions
    return call, tuple(done)


def waiting(number: str = "+47501") -> Call:
    return replace(call_in(P.WAITING), callback=CallbackTalk(number))


def test_a_waiting_caller_has_their_number_read_back_and_chooses_when_to_be_rung() -> None:
    call, actions = keys(waiting(), "1")
    spelt = tuple(f"digit_{digit}" for digit in "47501")
    assert do.Spell(("callback_number", *spelt, "callback_right")) in actions
    call, actions = keys(call, "1", "2")
    assert call.phase is P.CALLBACK
    assert do.LeaveQueue() in actions
    assert events.CallbackAsked(number="+47501", after=7200.0, before=14400.0) in journalled(actions)
    call, actions = step(call, on.Drained(), 50.0)
    assert call.phase is P.ENDED
    assert any(isinstance(action, do.HangUpCaller) for action in actions)


def test_another_number_can_be_keyed_in_with_a_nought_in_it() -> None:
    _, actions = keys(waiting(), "1", "2", "0", "4", "0", "9", "9", "#", "1", "1")
    assert events.CallbackAsked(number="04099", after=0.0, before=7200.0) in journalled(actions)
    withheld, actions = keys(waiting("anonymous"), "1")
    assert do.Spell(("callback_key_in",)) in actions
    short, actions = keys(withheld, "1", "2", "#")
    assert actions[-3] == do.Spell(("callback_key_in",))
    assert short.phase is P.WAITING


def test_being_rung_back_can_be_asked_for_in_words_and_given_up() -> None:
    call = waiting()
    for wish in ("callback", "yes", "yes"):
        call, actions = step(call, on.Wished(wish), 40.0)
    assert call.phase is P.CALLBACK
    untouched, actions = step(waiting(), on.Wished("yes"), 40.0)
    assert (untouched, actions) == (waiting(), ())
    begun, _ = keys(waiting(), "1")
    dropped, actions = keys(begun, "*")
    assert dropped == waiting()
    forgotten, actions = step(begun, on.ReminderDue(), 60.0)
    assert forgotten == waiting()
    assert actions[0] == do.Spell(("callback_dropped",))


def test_an_agent_being_rung_is_let_go_when_the_caller_chooses_to_be_rung_back() -> None:
    offered = replace(waiting(), phase=P.OFFERED, agent="ann")
    call, actions = keys(offered, "1", "1", "1")
    assert call.phase is P.CALLBACK
    assert do.Withdraw("ann", "callback") in actions
    assert do.AgentIs("ann", Engagement.FREE) in actions


def test_a_line_without_call_backs_only_notes_the_key() -> None:
    call, actions = keys(call_in(P.WAITING), "1")
    assert call == call_in(P.WAITING)
    assert actions == (do.Journal(events.Pressed(digit="1")),)


def test_the_wait_is_told_soon_and_again_and_a_call_back_is_offered_at_times() -> None:
    call, actions = step(replace(call_in(P.WITH_BOT), callback=CallbackTalk()), on.ZeroPressed(), 10.0)
    assert do.StartTimer(Timer.REMINDER, FIRST_UPDATE) in actions
    told = []
    for _ in range(4):
        call, actions = step(call, on.ReminderDue(), 20.0)
        told += [action.besides for action in actions if isinstance(action, do.TellPlace)]
        assert do.StartTimer(Timer.REMINDER, LIMITS[Timer.REMINDER]) in actions
    assert told == ["callback_offer", None, None, "callback_offer"]


def test_what_is_learnt_of_a_caller_in_line_moves_them_ahead() -> None:
    call, _ = step(call_in(P.WITH_BOT), on.RangBefore(), 1.0)
    call, actions = step(call, on.TakeoverAsked((ASKED,)), 5.0)
    assert do.FindAgent(ahead=False, needs=Needs(head_start=AGAIN_TODAY)) in actions
    call, actions = step(call, on.BriefWritten(replace_brief(0.9), None), 6.0)
    assert do.NeedsChanged(Needs(head_start=AGAIN_TODAY + ANGRY)) in actions
    call, actions = step(call, on.NeedsKnown("fraud", True), 7.0)
    assert actions == (do.NeedsChanged(Needs("fraud", head_start=AGAIN_TODAY + ANGRY + URGENT)),)
    _, actions = step(call, on.NeedsKnown("fraud", True), 8.0)
    assert actions == ()


def replace_brief(anger: float) -> Brief:
    return Brief(headline="Wants a refund", reason="asked", anger=anger)


def test_who_is_rung_back_is_with_the_agent_at_once() -> None:
    call, actions = step(call_in(P.WITH_BOT), on.RungBack("ann"), 2.0)
    assert (call.phase, call.agent) == (P.BRIDGED, "ann")
    assert do.Bridge("ann") in actions
    assert do.AgentIs("ann", Engagement.ON_CALL) in actions


def test_phases_cover_the_journal_s_states() -> None:
    assert set(STATE) == set(Phase)
    assert set(STATE.values()) == set(CallState)
