"""One call as it runs: tells the state machine what happens, and lets the machine's answers be done.

Decisions are in `telephony.takeover.machine`; what they ask for is done in `telephony.calls.performer`. Here
the call's parts are put together, and its inputs taken one after the other. All on the event loop.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telephony.calls.agent_line import AgentLine
from telephony.calls.at_desk import AtDesk
from telephony.calls.caller_line import CallerLine, Sentence
from telephony.calls.dead_air import DeadAirGuard
from telephony.calls.floor import Floor
from telephony.calls.hold_music import Music
from telephony.calls.journal import CallJournal
from telephony.calls.line_watch import LineWatch
from telephony.calls.needs import NeedsInJournal
from telephony.calls.outline import equipment, recorder_of, seen, started
from telephony.calls.performer import By, Performer
from telephony.calls.prompts import Prompts
from telephony.calls.timers import Timers
from telephony.calls.worker_line import WorkerLine
from telephony.legs.floor import CallSeen
from telephony.legs.leg import Arrival, CallerLeg, Offer
from telephony.legs.worker_link import WorkerLink
from telephony.settings import SwitchboardSettings
from telephony.takeover import inputs as on
from telephony.takeover.machine import step
from telephony.takeover.phases import TALK, Call, Phase
from voice.journal import events
from voice.journal.clock import Clock
from voice.journal.link import PastCall

_log = logging.getLogger(__name__)

REFUSALS = 20
"""Malformed messages written down for each leg of a call; more of them tell nothing new."""
TODAY = 24 * 3600.0
"""Seconds within which a second call counts as one of the same day."""


class Session:
    """A running call; `CallerEvents` of its caller's leg.

    Args:
        arrival: the caller, as the carrier described them.
        leg: their leg.
        floor: the exchange.
        journal: the call's.
        settings: the switchboard's.
        prompts: the fixed sentences.
        music: what is heard on hold.
        clock: the loop's.
        earlier: reads the caller's calls before this one, within a moment.
        link_type: the voice link.
    """

    def __init__(
        self,
        arrival: Arrival,
        leg: CallerLeg,
        *,
        floor: Floor,
        journal: CallJournal,
        settings: SwitchboardSettings,
        prompts: Prompts,
        music: Music,
        clock: Clock,
        earlier: Callable[[], Awaitable[tuple[PastCall, ...]]],
        link_type: type[WorkerLink] = WorkerLink,
    ) -> None:
        self._earlier = earlier
        self._started = started(arrival, settings)
        self.call = Call(limits=settings.limits, language=self._started.language)
        self._equipped = equipment(prompts, settings, arrival.caller)
        self.name = journal.call
        self.journal = journal
        self.arrival = arrival
        self._floor = floor
        self._settings = settings
        self._prompts = prompts
        self._clock = clock
        self._inputs: deque[on.Input] = deque()
        self._running = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._refusals: Counter[str] = Counter()
        self._line_up = True
        self._needs = NeedsInJournal(lambda: prompts.routing, lambda: self.call.language, self.feed)
        guard = DeadAirGuard(settings.dead_air, clock.now())
        self._watch = LineWatch(guard, clock, call=lambda: self.call, feed=self.feed)
        self._recorder = recorder_of(journal, settings)
        self._line = CallerLine(
            leg,
            clock,
            music=music,
            guard=guard,
            tape=self._recorder.tape if self._recorder is not None else None,
            said=self._said,
        )
        self._agent = AgentLine(
            self.name,
            floor.desk,
            self._line,
            clock,
            note=self.write,
            briefed=lambda: self.feed(on.BriefDone()),
            offer=self._offer,
            brief=self._brief,
            talking=lambda: self.call.phase in TALK,
            to_worker=lambda mulaw: self._worker.hear(mulaw, "outbound"),
        )
        self._worker = WorkerLine(
            self,
            self._started,
            journal=journal,
            caller=self._line,
            settings=settings,
            clock=clock,
            link_type=link_type,
        )
        self.desks = AtDesk(
            self,
            floor,
            self._agent,
            offer=self._offer,
            ring_seconds=settings.ring,
        )
        self._performer = Performer(
            self.name,
            self,
            leg=leg,
            line=self._line,
            agent=self._agent,
            worker=self._worker,
            floor=floor,
            prompts=prompts,
            timers=Timers(self.feed),
            line_down=self._line_down,
        )

    def begin(self) -> None:
        """Write down that the call has begun; open the voice link and the recording."""
        self.write(self._started)
        self._spawn(self._bring_in_worker())
        if self._recorder is not None:
            self._spawn(self._recorder.run())
        self._watch.begin()

    async def _bring_in_worker(self) -> None:
        self._worker.earlier = earlier = await self._earlier()
        if any(past.ago <= TODAY for past in earlier):
            self.feed(on.RangBefore())
        await self._worker.run()

    def feed(self, what: on.Input) -> None:
        """Let the state machine answer an input; one that comes up meanwhile waits its turn."""
        self._inputs.append(what)
        if self._running:
            return
        self._running = True
        try:
            while self._inputs:
                self.call, actions = step(self._equipped(self.call), self._inputs.popleft(), self.journal.t)
                for action in actions:
                    try:
                        self._performer.perform(action)
                    except Exception:
                        # A leg or a disk that fails must not keep the rest from being done.
                        _log.exception("Call %s: %s failed.", self.name, type(action).__name__)
        finally:
            self._running = False
        self.desks.settle()
        if not self._line_up:
            self._worker.finish()
        self._tell_when_over()

    async def close(self) -> None:
        """Give the caller to the carrier's next verb and wait until everything is written down."""
        self.feed(on.ShuttingDown())
        while self._tasks:
            await asyncio.wait(self._tasks)

    def know(self, brief: events.Brief | None) -> None:
        """Take in what is known of a caller whom we ring back."""
        self._worker.brief = brief

    def write(self, event: events.AnyEvent, t: float | None = None) -> None:
        """Write down what happened now, or at second `t` of the call, and show it to the call's agent."""
        self.report(event, t)

    def report(self, event: events.AnyEvent, t: float | None = None) -> int:
        """Do the same, and return the entry's place in the journal."""
        entry = self.journal.write(event, t)
        self._agent.show(entry)
        self._needs.take(event)
        return entry.seq

    def refuse(self, leg: str, why: str) -> None:
        """Write down that something malformed came from `leg` and was not acted on."""
        self._refusals[leg] += 1
        if self._refusals[leg] <= REFUSALS:
            self.write(events.Refused(leg=leg, why=why))

    # What the caller's leg reports.

    def audio(self, mulaw: bytes) -> None:
        """Take one frame of the caller's voice."""
        if not self._line_up:
            return
        self._agent.from_caller(mulaw)
        self._worker.hear(mulaw, "inbound")
        self._watch.frame(mulaw)
        if self._recorder is not None:
            self._recorder.tape.caller(mulaw, self.journal.t)

    def digit(self, digit: str) -> None:
        """Take a key."""
        self._worker.digit(digit)
        self.feed(on.pressed(digit))

    def marked(self, name: str) -> None:
        """Take a mark that came back."""
        if not self._line.marked(name):
            self._worker.mark(name)

    def left(self, reason: str) -> None:
        """Take note that the caller is gone."""
        self.feed(on.CallerLeft(reason))

    def refused(self, why: str) -> None:
        """Write down what the carrier sent in vain."""
        self.refuse(self.arrival.carrier, why)

    # What the agent's leg reports, by way of the exchange.

    def agent_audio(self, agent: str, mulaw: bytes) -> None:
        """Take one frame of an agent's voice."""
        self._agent.from_agent(agent, mulaw)

    def agent_marked(self, name: str) -> None:
        """Take a mark that the agent has heard."""
        self._agent.marked(name)

    def seen(self) -> CallSeen:
        """Return what a supervisor sees of the call."""
        return seen(self.call, self._started, self.journal, self._worker.brief)

    def _brief(self, otherwise: str | None) -> bytes:
        prompt = self._prompts[otherwise] if otherwise is not None else None
        return self._worker.brief_audio or (prompt.audio if prompt else b"")

    def _offer(self) -> Offer:
        return Offer(
            call=self.name,
            caller=self.arrival.caller,
            line=self._started.line,
            ring_seconds=self._settings.ring,
            brief=self._worker.brief,
            history=self.journal.history,
            called=self.arrival.called,
        )

    def _line_down(self, by: By, reason: str, parting: Coroutine[Any, Any, None]) -> None:
        self._spawn(parting)
        self._line_up = False
        self._line.close()
        self._agent.close()
        self._watch.end()
        recording = None
        if self._recorder is not None:
            self._recorder.finish()
            recording = str(self._recorder.path)
        self.write(
            events.CallEnded(by=by, reason=reason, seconds=round(self.journal.t, 3), recording=recording)
        )

    def _said(self, sentence: Sentence, heard: float) -> None:
        self.write(sentence.said(heard, since=self.journal.t - self._clock.now()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("Call %s: a part of it failed.", self.name, exc_info=error)
        self._tell_when_over()

    def _tell_when_over(self) -> None:
        if self.call.phase is Phase.ENDED and not self._tasks:
            self._floor.over(self.name)
