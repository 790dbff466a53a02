"""Does what a call's state machine asks for: on the legs, the timers, the waiting line and the journal."""

from collections.abc import Callable, Coroutine
from math import isfinite
from typing import Any, Literal

from telephony.calls.agent_line import AgentLine
from telephony.calls.caller_line import CallerLine
from telephony.calls.floor import Floor
from telephony.calls.prompts import Prompts
from telephony.calls.timers import Timers
from telephony.calls.updates import Wait, update
from telephony.calls.worker_line import Running, WorkerLine
from telephony.legs.dtmf import tones
from telephony.legs.leg import CallerLeg
from telephony.takeover import actions as do
from telephony.takeover import inputs as on
from telephony.takeover.actions import Action
from telephony.takeover.queue import Engagement
from voice.journal import events

By = Literal["caller", "bot", "agent", "switchboard"]
Parting = Coroutine[Any, Any, None]


class Performer:
    """The hands of one call.

    Args:
        name: the call's.
        running: the call, which takes inputs and writes events down.
        leg: the caller's.
        line: the caller's ear.
        agent: the agent's desk.
        worker: the worker's place on the call.
        floor: the exchange.
        prompts: the fixed sentences.
        timers: the call's.
        line_down: told that the caller's line is down: by whom, why, and what is left to do on the leg.
    """

    def __init__(
        self,
        name: str,
        running: Running,
        *,
        leg: CallerLeg,
        line: CallerLine,
        agent: AgentLine,
        worker: WorkerLine,
        floor: Floor,
        prompts: Prompts,
        timers: Timers,
        line_down: Callable[[By, str, Parting], None],
    ) -> None:
        self._name = name
        self._running = running
        self._leg = leg
        self._line = line
        self._agent = agent
        self._worker = worker
        self._floor = floor
        self._prompts = prompts
        self._timers = timers
        self._line_down = line_down

    def perform(self, action: Action) -> None:
        """Do it; whatever a leg or a disk that fails raises is the caller's to note."""
        match action:
            case do.ForCaller():
                self._do_for_caller(action)
            case do.ForAgent():
                self._agent.do(action)
            case do.Journal(event=event):
                self._running.report(event)
            case do.TellWorker(cause=cause, history=history):
                self._worker.tell(cause, history=history)
            case do.DraftBrief():
                self._worker.draft_brief()
            case do.StartTimer(timer=timer, seconds=seconds):
                self._timers.start(timer, seconds)
            case do.StopTimer(timer=timer):
                self._timers.stop(timer)
            case _:
                self._do_on_floor(action)

    def _do_on_floor(self, action: Action) -> None:
        match action:
            case do.FindAgent(ahead=ahead, needs=needs, unbriefed=unbriefed):
                self._floor.line.find(self._name, needs, ahead=ahead, unbriefed=unbriefed)
            case do.BriefIsThere():
                self._floor.line.briefed(self._name)
            case do.NeedsChanged(needs=needs):
                self._floor.line.needs(self._name, needs)
            case do.LeaveQueue():
                self._floor.line.withdraw(self._name)
            case do.LookForStaff():
                if not self._floor.line.staffed:
                    self._running.feed(on.NobodyOnDuty())
            case do.AgentIs(agent=agent, engagement=engagement):
                if engagement is Engagement.FREE:
                    self._agent.forget(agent)
                self._floor.line.engaged(self._name, agent, engagement)

    def _do_for_caller(self, action: do.ForCaller) -> None:
        match action:
            case do.Say(prompt=name, patience=patience):
                self._say((name,), patience)
            case do.Spell(prompts=names):
                self._say(names)
            case do.TellPlace(besides=besides):
                self._tell_place(besides)
            case do.Hold(on=holding):
                self._line.hold(holding)
            case do.SendKeys(digits=digits):
                self._line.keys(tones(digits))
            case do.Drain():
                self._line.when_heard(lambda: self._running.feed(on.Drained()))
            case do.HangUpCaller(by=by, reason=reason):
                self._line_down(by, reason, self._leg.hang_up())
            case do.LeaveToCarrier(reason=reason):
                self._line_down("switchboard", reason, self._leg.close(reason))
            case do.CallerGone(reason=reason):
                self._line_down("caller", reason, self._leg.close(reason))

    def _say(self, names: tuple[str, ...], patience: float = 10.0) -> None:
        if (prompt := self._prompts.joined(names)) is not None:
            self._line.say(prompt, patience)

    def _tell_place(self, besides: str | None) -> None:
        wait = self._floor.line.wait(self._name)
        told = tuple(name for name in update(wait) if name in self._prompts)
        if wait.place is not None and told:
            self._running.report(_wait_told(wait.place, wait))
        self._say((*(told or ("still_waiting",)), *((besides,) if besides else ())))


def _wait_told(place: int, wait: Wait) -> events.WaitTold:
    seconds = round(wait.seconds, 1) if wait.seconds is not None else None
    if wait.span is None:
        return events.WaitTold(place=place, seconds=seconds)
    high = wait.span.high if isfinite(wait.span.high) else None
    return events.WaitTold(place=place, seconds=seconds, low=wait.span.low, high=high)
