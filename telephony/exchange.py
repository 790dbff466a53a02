"""All calls and all agents of one switchboard: brings callers and desks together.

Carriers hand their callers to `call_arrived`; desks report to the `AgentEvents` methods; whoever wants to see
what happens subscribes to the journal. Everything takes place on the event loop.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from telephony.calls.hold_music import HoldMusic, Music
from telephony.calls.journal import CallJournal, new_name
from telephony.calls.journal_feed import JournalFeed, Listener
from telephony.calls.prompts import Prompts
from telephony.calls.restoring import lost_place, restore
from telephony.calls.ringing_back import RUNG_BACK, Dialler, RingingBack
from telephony.calls.session import Session
from telephony.calls.summary import draft
from telephony.calls.waiting_line import WaitingLine
from telephony.legs import requests as ask
from telephony.legs.floor import Floor
from telephony.legs.leg import AgentLeg, Arrival, CallerEvents, CallerLeg
from telephony.legs.worker_link import WorkerLink
from telephony.settings import SwitchboardSettings
from telephony.takeover import inputs as on
from telephony.takeover.queue import Engagement
from telephony.takeover.waiting_time import HandlingTimes
from voice.journal.clock import Clock
from voice.journal.earlier import earlier_calls
from voice.journal.events import Entry
from voice.journal.store import JournalStore

_log = logging.getLogger(__name__)

CLOSING_SECONDS = 15.0
"""How long `close` waits for calls to be written down; workers may report last words for ten seconds."""


class Exchange:
    """`AgentEvents` for desks, `call_arrived` for carriers, `Floor` for its sessions.

    Args:
        settings: the switchboard's.
        journal: where entries are kept.
        clock: the loop's.
        prompts: the fixed sentences.
        new_name: makes a name for each call; never the same twice.
        music: what callers hear on hold; our own where none is given.
        link_type: the voice link; simulations have one without sockets.
        handling: how long calls take, where it is known beforehand.
    """

    def __init__(
        self,
        settings: SwitchboardSettings,
        journal: JournalStore,
        clock: Clock,
        prompts: Prompts,
        new_name: Callable[[], str] = new_name,
        *,
        music: Music | None = None,
        link_type: type[WorkerLink] = WorkerLink,
        handling: HandlingTimes | None = None,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._clock = clock
        self._prompts = prompts
        self._new_name = new_name
        self._music = music or HoldMusic()
        self._link_type = link_type
        self.line = WaitingLine(clock, lambda call, agent: self._feed(call, on.AgentFound(agent)), handling)
        self._entries = JournalFeed(journal)
        self._back = RingingBack(self, clock, write=self._keep, spawn=self._spawn)
        self._sessions: dict[str, Session] = {}
        self._desks: dict[str, AgentLeg] = {}
        self._cut_off: Mapping[str, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def sessions(self) -> Mapping[str, Session]:
        """The running calls by name, calls in wrap-up and calls being written down included."""
        return MappingProxyType(self._sessions)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The calls waiting for an agent, the next one first."""
        return self.line.waiting

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Let `listener` have every entry of every call from now on; returns what ends that."""
        return self._entries.subscribe(listener)

    async def restore(self) -> None:
        """Take up from the journal what a switchboard before this one has left."""
        found = await asyncio.to_thread(restore, self._journal, self._clock.utc())
        self._cut_off = found.cut_off
        self.line.remember(found.handling)
        for entry in found.entries:
            self._back.list.take(entry)
        for entry in found.ends:
            self._keep(entry)

    # For carriers.

    def dial_with(self, dialler: Dialler) -> None:
        """Let callers be rung back by this carrier."""
        self._back.dialler = dialler

    def call_arrived(self, arrival: Arrival, leg: CallerLeg) -> CallerEvents:
        """Take a caller; returns what their leg reports to. While closing, the carrier keeps them."""
        journal = CallJournal(self._new_name(), self._clock, self._keep)
        session = Session(
            arrival,
            leg,
            floor=self,
            journal=journal,
            settings=self._settings,
            prompts=self._prompts,
            music=self._music,
            clock=self._clock,
            earlier=lambda: earlier_calls(self._journal, arrival.caller, self._clock.utc(), journal.call),
            link_type=self._link_type,
        )
        self._sessions[session.name] = session
        session.begin()
        if self._closing:
            session.feed(on.ShuttingDown())
        elif (asked_on := arrival.parameters.get(RUNG_BACK)) is not None:
            self._back.connect(session, asked_on)
        elif lost_place(self._cut_off, arrival.caller, self._clock.utc()):
            session.feed(on.NeedsKnown("", urgent=True))
        return session

    def dialling_failed(self, asked_on: str, why: str) -> None:
        """Take note that a call we have made was not taken."""
        self._back.failed(asked_on, why)

    async def close(self) -> None:
        """Give every caller to their carrier's next verb, write down what is left, and close the desks."""
        self._closing = True
        self.line.close()
        self._back.close()
        ends = [session.close() for session in self._sessions.values()]
        desks = [desk.close("shutting_down") for desk in self._desks.values()]
        tasks = [asyncio.ensure_future(end) for end in (*ends, *desks)]
        if tasks or self._tasks:
            _, late = await asyncio.wait({*tasks, *self._tasks}, timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # For desks.

    def agent_joined(self, leg: AgentLeg) -> None:
        """Seat an agent. A desk they had before is closed, and a call they had there is given to the next."""
        agent = leg.agent
        if (replaced := self._desks.get(agent)) is not None:
            self.agent_left(agent, "replaced")
            self._spawn(replaced.close("replaced"))
        self._desks[agent] = leg
        self.line.joined(agent, leg.profile)
        leg.callbacks(self._back.list.listed)

    def agent_available(self, agent: str, available: bool) -> None:
        """Let the agent be rung, or not."""
        self.line.available(agent, available)

    def agent_accepted(self, agent: str, call: str) -> None:
        """Connect them, if the call is still theirs to take."""
        session = self._sessions.get(call)
        if session is not None:
            session.desks.take(on.Accepted(agent))
        elif (desk := self._desks.get(agent)) is not None:
            desk.withdraw(call, "over")

    def agent_declined(self, agent: str, call: str, why: str = "") -> None:
        """Ask the next agent."""
        self._feed(call, on.Declined(agent, why))

    def agent_skipped_brief(self, agent: str, call: str) -> None:
        """Connect them now."""
        self._feed(call, on.BriefSkipped(agent))

    def agent_hung_up(self, agent: str, call: str) -> None:
        """End the conversation."""
        self._feed(call, on.AgentHungUp(agent))

    def agent_wrapped_up(self, agent: str, call: str, disposition: str, summary: str = "") -> None:
        """Close the call's paperwork."""
        self._feed(call, on.WrappedUp(agent, disposition, summary))

    def agent_asked(self, agent: str, request: ask.AnyRequest) -> None:
        """Do what the agent asks for with a call, or tell them why not."""
        desk = self._desks.get(agent)
        if desk is None:
            return
        match request:
            case ask.RingBack(call=call):
                why = self._back.ring(agent, call)
            case ask.DropCallback(call=call):
                why = self._back.drop(agent, call)
            case _ if (session := self._sessions.get(request.call)) is not None:
                session.desks.asked(agent, request, supervisor=desk.supervisor)
                why = ""
            case _:
                why = "That call is over."
        if why:
            desk.problem(why)

    def draft(self, call: str) -> str:
        """Return what can be told of a running call without its agent."""
        session = self._sessions.get(call)
        return draft(session.journal.history) if session is not None else ""

    def agent_unsteady(self, agent: str, seconds: float) -> None:
        """Tell the caller who listens to them that the line is unsteady."""
        self._feed_call_of(agent, on.AgentUnsteady(agent, seconds))

    def agent_steady(self, agent: str) -> None:
        """Let the agent be heard again."""
        self._feed_call_of(agent, on.AgentSteady(agent))

    def agent_left(self, agent: str, reason: str) -> None:
        """Take the agent's seat away; a caller talking to them gets the next agent."""
        if self._desks.pop(agent, None) is None:
            return
        _log.info("Agent %s left: %s.", agent, reason)
        self.line.left(agent)
        self._back.agent_left(agent)
        self._feed_call_of(agent, on.AgentLost(agent))

    def agent_audio(self, agent: str, mulaw: bytes) -> None:
        """Pass on a frame of the agent's voice to the call they have."""
        if (session := self._session_of(agent)) is not None:
            session.agent_audio(agent, mulaw)

    def agent_marked(self, agent: str, name: str) -> None:
        """Pass on a mark of the agent's leg to the call they have."""
        if (session := self._session_of(agent)) is not None:
            session.agent_marked(name)

    def floor(self, agent: str) -> Floor:
        """Return who is there, and for supervisors the calls under way."""
        desk = self._desks.get(agent)
        shown = self._sessions.values() if desk is not None and desk.supervisor else ()
        calls = tuple(session.seen() for session in shown)
        return Floor(agents=self.line.agents(), calls=calls, own=self.line.call_of(agent))

    # For sessions, and for ringing back.

    def desk(self, agent: str) -> AgentLeg | None:
        """Return the agent's leg; None when the agent is gone."""
        return self._desks.get(agent)

    def over(self, call: str) -> None:
        """Forget a call that has ended."""
        self.line.forget(call)
        self._back.list.forget(call)
        self._sessions.pop(call, None)

    def reserve(self, agent: str, call: str) -> bool:
        """Keep an agent free of other calls, for one that is to be made; False where they are not free."""
        return self.line.take_agent(call, agent, available=False)

    def release(self, agent: str, call: str) -> None:
        """Let them have calls again."""
        self.line.engaged(call, agent, Engagement.FREE)

    def tell(self, agent: str, why: str) -> None:
        """Tell an agent why something came to nothing."""
        if (desk := self._desks.get(agent)) is not None:
            desk.problem(why)

    def _feed(self, call: str, what: on.Input) -> None:
        if (session := self._sessions.get(call)) is None:
            return
        if isinstance(what, on.FromAgent):
            session.desks.take(what)
        else:
            session.feed(what)

    def _feed_call_of(self, agent: str, what: on.FromAgent) -> None:
        self._feed(self.line.call_of(agent) or "", what)

    def _session_of(self, agent: str) -> Session | None:
        return self._sessions.get(self.line.call_of(agent) or "")

    def _keep(self, entry: Entry) -> None:
        self._entries.keep(entry)
        if self._back.list.take(entry):
            for desk in self._desks.values():
                desk.callbacks(self._back.list.listed)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
