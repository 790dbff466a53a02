"""Several calls, two agents and one waiting line: what holds whatever happens in whatever order."""

from collections import deque
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from telephony.settings import SwitchboardSettings
from telephony.takeover import actions as do
from telephony.takeover import agent_inputs as by
from telephony.takeover import inputs as on
from telephony.takeover.actions import Timer
from telephony.takeover.callback import CallbackTalk
from telephony.takeover.machine import TABLE, step
from telephony.takeover.phases import ENGAGED, HOLD, LIVE, SURVEY, TIMED_OUT, TIMERS, Call, Phase
from telephony.takeover.queue import Engagement, Queue
from voice.journal import events
from voice.journal.events import Brief, Trigger, TriggerKind

P = Phase
LIMITS = SwitchboardSettings().limits
ASKED = Trigger(kind=TriggerKind.ASKED, evidence="said: agent, please", t=4.0)
NAMES, AGENTS = ("a", "b", "c"), ("ann", "bo")
BY_THEMSELVES = [
    on.CallerLeft(), on.ZeroPressed(), on.KeyPressed("1"), on.KeyPressed("2"), on.KeyPressed("9"),
    on.Wished("callback"), on.Wished("yes"), on.DeadAir(15.0), on.LineStalled(3.0), on.LineBack(4.0),
    on.LineDead(30.0), on.TakeoverAsked((ASKED,)), on.BriefWritten(Brief(headline="x", reason="y"), 3.0),
    on.NeedsKnown("fraud", True), on.RangBefore(), on.BotSaidGoodbye("done"), on.WorkerJoined(True),
    on.WorkerLost("closed"), on.WorkerFull(), on.ShuttingDown(), on.BriefDone(), on.Drained(),
]  # fmt: skip
OF_AGENTS: list[Callable[[str], on.Input]] = [
    on.Accepted, on.Declined, on.BriefSkipped, on.AgentHungUp, on.AgentLost,
    lambda agent: on.WrappedUp(agent, "solved"), by.Held, by.Resumed, by.GivenBack,
    lambda agent: by.HandedOn(agent, to_agent="bo"), lambda agent: by.HandedOn(agent, to_skill="fraud"),
    lambda agent: by.KeysPressed(agent, "12#"), lambda agent: by.Promised(agent, "by Friday"),
    lambda agent: on.AgentUnsteady(agent, 1.5), on.AgentSteady,
]  # fmt: skip
TRIGGERS = (on.ZeroPressed, on.TakeoverAsked, on.DeadAir, on.WorkerTimedOut, on.WorkerFull)
REASONS = st.sampled_from(BY_THEMSELVES)


class _Line:
    """One call, and what the machine has asked for as far as the invariants can tell."""

    def __init__(self) -> None:
        self.call = Call(limits=LIMITS, callback=CallbackTalk("+4711111111"), survey=True)
        self.timers: set[Timer] = set()
        self.hold = self.bridged = self.draining = False
        self.line_up = True
        self.said_last = ""
        self.takeovers = self.triggers = self.given_back = 0
        self.inputs: deque[on.Input] = deque()


class Takeovers(RuleBasedStateMachine):
    """The machine of each call and the real waiting line, driven at random."""

    @initialize()
    def begin(self) -> None:
        self.lines = {name: _Line() for name in NAMES}
        self.queue = Queue()
        self.engaged: dict[str, tuple[str, Engagement]] = {}
        self.t = 0.0
        for agent in AGENTS:
            self.queue.joined(agent, 0.0)

    @rule(name=st.sampled_from(NAMES), what=REASONS)
    def happens(self, name: str, what: on.Input) -> None:
        if isinstance(what, on.Drained) and not self.lines[name].draining:
            return
        self.feed(name, what)

    @rule(name=st.sampled_from(NAMES), agent=st.sampled_from(AGENTS), does=st.sampled_from(OF_AGENTS))
    def agent_does(self, name: str, agent: str, does: Callable[[str], on.Input]) -> None:
        self.feed(name, does(agent))

    @rule(name=st.sampled_from(NAMES), agent=st.sampled_from(AGENTS))
    def leaves_it_to_a_colleague(self, name: str, agent: str) -> None:
        colleague = AGENTS[1 - AGENTS.index(agent)]
        if colleague not in self.engaged:
            self.feed(name, by.PassedTo(agent, colleague))

    @rule(name=st.sampled_from(NAMES), agent=st.sampled_from(AGENTS))
    def rings_back(self, name: str, agent: str) -> None:
        if agent not in self.engaged:
            self.engaged[agent] = (name, Engagement.RINGING)
            self.queue.engaged(agent, Engagement.RINGING, self.t)
            self.feed(name, on.RungBack(agent))

    @rule(seconds=st.sampled_from((0.1, 1.0, 70.0)))
    def nothing_happens_for(self, seconds: float) -> None:
        self.t += seconds
        self.match()

    @rule(agent=st.sampled_from(AGENTS), available=st.booleans())
    def says(self, agent: str, available: bool) -> None:
        self.queue.available(agent, available, self.t)
        self.match()

    @rule(name=st.sampled_from(NAMES), place=st.integers(0, 7))
    def time_passes(self, name: str, place: int) -> None:
        if timers := sorted(self.lines[name].timers):
            self.run_out(name, timers[place % len(timers)])

    def run_out(self, name: str, timer: Timer) -> None:
        self.lines[name].timers.discard(timer)
        self.feed(name, TIMED_OUT[timer])

    def feed(self, name: str, what: on.Input) -> None:
        """Answer an input; one that comes up meanwhile waits its turn, as in the running call."""
        line = self.lines[name]
        line.inputs.append(what)
        if len(line.inputs) > 1:
            return
        while line.inputs:
            self.t += 0.1
            line.triggers += isinstance(line.inputs[0], TRIGGERS)
            line.call, actions = step(line.call, line.inputs[0], self.t)
            if isinstance(line.inputs[0], on.AgentFound) and do.Ring(line.inputs[0].agent) in actions:
                assert line.call.briefed or do.DraftBrief() in actions, "rung without a brief"
            for action in actions:
                self.perform(name, line, action)
            line.inputs.popleft()
        if line.call.phase is P.ENDED:
            self.queue.forget(name)

    def match(self) -> None:
        for name, agent in self.queue.match(self.t):
            self.feed(name, on.AgentFound(agent))

    def perform(self, name: str, line: _Line, action: do.Action) -> None:
        match action:
            case do.StartTimer(timer=timer, seconds=seconds):
                assert seconds >= 0
                line.timers.add(timer)
            case do.StopTimer(timer=timer):
                line.timers.discard(timer)
            case do.Hold(on=hold):
                line.hold = hold
            case do.Say(prompt=prompt):
                line.said_last = prompt
            case do.Drain():
                line.draining = True
            case do.Bridge():
                line.bridged = True
            case do.Unbridge():
                line.bridged = False
            case do.FindAgent(ahead=ahead, needs=needs, unbriefed=unbriefed):
                self.queue.wait(name, self.t, needs, ahead=ahead, unbriefed=unbriefed)
                self.match()
            case do.BriefIsThere():
                self.queue.briefed(name, self.t)
                self.match()
            case do.NeedsChanged(needs=needs):
                self.queue.needs(name, needs)
            case do.LeaveQueue():
                self.queue.withdraw(name)
            case do.LookForStaff():
                if not self.queue.staffed():
                    self.feed(name, on.NobodyOnDuty())
            case do.Ring(agent=agent):
                held = self.engaged.get(agent)
                assert held is None or held[0] == name, f"{agent} is offered {name} and has {held}"
            case do.AgentIs(agent=agent, engagement=Engagement.FREE):
                self.engaged.pop(agent, None)
                self.queue.engaged(agent, Engagement.FREE, self.t)
                self.match()
            case do.AgentIs(agent=agent, engagement=engagement):
                self.engaged[agent] = (name, engagement)
                self.queue.engaged(agent, engagement, self.t)
            case do.HangUpCaller() | do.LeaveToCarrier() | do.CallerGone():
                assert line.line_up
                line.line_up = False
            case do.Journal(event=events.GivenBack()):
                line.given_back += 1
            case do.Journal(event=events.TakeoverRequested()):
                line.takeovers += 1
            case _:
                pass

    @invariant()
    def the_caller_always_hears_somebody_or_something(self) -> None:
        for line in self.lines.values():
            phase = line.call.phase
            assert line.hold == (phase in HOLD)
            assert line.bridged == (phase is P.BRIDGED)
            told = {P.NOBODY: "nobody", P.CALLBACK: "callback_promised"}
            if phase in told:
                assert line.said_last == told[phase] and line.draining
            if phase in SURVEY:
                assert line.said_last in ("survey", "survey_thanks")

    @invariant()
    def a_trigger_makes_one_takeover_at_most(self) -> None:
        for line in self.lines.values():
            assert line.takeovers <= line.triggers
            assert line.takeovers or not line.call.triggers
            assert line.call.triggers or line.given_back or not line.takeovers

    @invariant()
    def no_leg_outlives_its_call(self) -> None:
        for name, line in self.lines.items():
            assert line.line_up == (line.call.phase in LIVE)
            if line.call.phase is P.ENDED:
                assert not line.timers
                assert name not in [call for call, _ in self.engaged.values()]
                assert name not in self.queue.waiting

    @invariant()
    def an_agent_has_one_call_and_a_call_one_agent(self) -> None:
        held = {
            line.call.agent: (name, ENGAGED[line.call.phase])
            for name, line in self.lines.items()
            if line.call.phase in ENGAGED
        }
        assert held == self.engaged
        assert len(held) == sum(line.call.phase in ENGAGED for line in self.lines.values())

    @invariant()
    def timers_and_places_are_those_of_the_phase(self) -> None:
        for name, line in self.lines.items():
            assert line.timers == {timer for timer, phases in TIMERS.items() if line.call.phase in phases}
            assert (name in self.queue.waiting) == (line.call.phase is P.WAITING)

    @precondition(lambda self: any(line.call.phase in SURVEY | {P.WRAP_UP} for line in self.lines.values()))
    @rule()
    def wrap_up_ends_by_its_timers(self) -> None:
        for name, line in self.lines.items():
            for _ in range(3):
                if line.call.phase in SURVEY | {P.WRAP_UP}:
                    self.run_out(name, sorted(line.timers)[-1])
            assert line.call.phase not in SURVEY | {P.WRAP_UP}


Takeovers.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
test_whatever_happens_in_whatever_order = Takeovers.TestCase


def test_every_input_there_is_is_driven() -> None:
    driven = {type(one) for one in BY_THEMSELVES} | {type(does("ann")) for does in OF_AGENTS}
    by_rules = {by.PassedTo, on.RungBack, on.AgentFound, on.NobodyOnDuty}
    by_timers = {type(one) for one in TIMED_OUT.values()}
    by_keys_and_words = {on.CallbackTalked, on.CallbackSettled, on.Rated, on.SurveyDue}
    assert driven | by_rules | by_timers | by_keys_and_words == set(TABLE)
