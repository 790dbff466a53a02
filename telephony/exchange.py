"""All calls and all agents of one switchboard: brings callers and desks together.

Carriers hand their callers to `call_arrived`; desks report to the `AgentEvents` methods; whoever wants to see
what happens subscribes to the journal. Everything takes place on the event loop.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType

from telephony.calls.earlier import earlier_calls
from telephony.calls.hold_tone import hold_tone
from telephony.calls.journal import CallJournal
from telephony.calls.prompts import Prompts
from telephony.calls.session import Session
from telephony.legs.floor import AgentSeen, Floor
from telephony.legs.leg import AgentLeg, Arrival, CallerEvents, CallerLeg
from telephony.legs.requests import AnyRequest
from telephony.settings import SwitchboardSettings
from telephony.takeover import inputs as on
from telephony.takeover.queue import Engagement, Queue
from voice.journal.clock import Clock
from voice.journal.events import Entry
from voice.journal.store import JournalStore

_log = logging.getLogger(__name__)

CLOSING_SECONDS = 15.0
"""How long `close` waits for calls to be written down; workers may report last words for ten seconds."""
Listener = Callable[[Entry], None]


def _new_name() -> str:
    return uuid.uuid4().hex[:16]


class Exchange:
    """`AgentEvents` for desks, `call_arrived` for carriers, `Floor` for its sessions.

    Args:
        settings: the switchboard's.
        journal: where entries are kept.
        clock: the loop's.
        prompts: the fixed sentences.
        new_name: makes a name for each call; never the same twice.
    """

    def __init__(
        self,
        settings: SwitchboardSettings,
        journal: JournalStore,
        clock: Clock,
        prompts: Prompts,
        new_name: Callable[[], str] = _new_name,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._clock = clock
        self._prompts = prompts
        self._new_name = new_name
        self._tone = hold_tone()
        self._queue = Queue()
        self._sessions: dict[str, Session] = {}
        self._desks: dict[str, AgentLeg] = {}
        self._calls_of: dict[str, str] = {}
        self._listeners: list[Listener] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._journal_failed = False

    @property
    def sessions(self) -> Mapping[str, Session]:
        """The running calls by name, calls in wrap-up and calls being written down included."""
        return MappingProxyType(self._sessions)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The calls waiting for an agent, the next one first."""
        return self._queue.waiting

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Let `listener` have every entry of every call from now on; returns what ends that.

        It is called on the event loop in the journal's order and must return at once.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # For carriers.

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
            tone=self._tone,
            clock=self._clock,
            earlier=lambda: earlier_calls(self._journal, arrival.caller, self._clock.utc(), journal.call),
        )
        self._sessions[session.name] = session
        session.begin()
        if self._closing:
            session.feed(on.ShuttingDown())
        return session

    async def close(self) -> None:
        """Give every caller to their carrier's next verb, write down what is left, and close the desks."""
        self._closing = True
        ends = [session.close() for session in self._sessions.values()]
        desks = [desk.close("shutting_down") for desk in self._desks.values()]
        tasks = [asyncio.ensure_future(end) for end in (*ends, *desks)]
        if tasks:
            _, late = await asyncio.wait({*tasks, *self._tasks}, timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # For desks.

    def agent_joined(self, leg: AgentLeg) -> None:
        """Seat an agent. A desk they had before is closed, and a call they had there is given to the next."""
        agent = leg.agent
        replaced = self._desks.get(agent)
        if replaced is not None:
            self.agent_left(agent, "replaced")
            self._spawn(replaced, "replaced")
        self._desks[agent] = leg
        self._queue.joined(agent, self._clock.now())

    def agent_available(self, agent: str, available: bool) -> None:
        """Let the agent be rung, or not."""
        self._queue.available(agent, available, self._clock.now())
        self._match()

    def agent_accepted(self, agent: str, call: str) -> None:
        """Connect them, if the call is still theirs to take."""
        session = self._sessions.get(call)
        if session is not None:
            session.desks.take(on.Accepted(agent))
        elif (desk := self._desks.get(agent)) is not None:
            desk.withdraw(call, "over")

    def agent_declined(self, agent: str, call: str) -> None:
        """Ask the next agent."""
        self._feed(call, on.Declined(agent))

    def agent_skipped_brief(self, agent: str, call: str) -> None:
        """Connect them now."""
        self._feed(call, on.BriefSkipped(agent))

    def agent_hung_up(self, agent: str, call: str) -> None:
        """End the conversation."""
        self._feed(call, on.AgentHungUp(agent))

    def agent_wrapped_up(self, agent: str, call: str, disposition: str, summary: str = "") -> None:
        """Close the call's paperwork."""
        self._feed(call, on.WrappedUp(agent, disposition, summary))

    def agent_asked(self, agent: str, request: AnyRequest) -> None:
        """Do what the agent asks for with a call, or tell them why not."""
        desk = self._desks.get(agent)
        if desk is None:
            return
        if (session := self._sessions.get(request.call)) is not None:
            session.desks.asked(agent, request, supervisor=desk.supervisor)
        else:
            desk.problem("That call is over.")

    def agent_left(self, agent: str, reason: str) -> None:
        """Take the agent's seat away; a caller talking to them gets the next agent."""
        if self._desks.pop(agent, None) is None:
            return
        _log.info("Agent %s left: %s.", agent, reason)
        self._queue.left(agent)
        if (call := self._calls_of.get(agent)) is not None:
            self._feed(call, on.AgentLost(agent))

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
        seats = [(name, self._queue.seat(name)) for name in sorted(self._desks)]
        agents = tuple(
            AgentSeen(
                name=name,
                free=seat.available and seat.engagement is Engagement.FREE,
                doing=seat.engagement.value,
            )
            for name, seat in seats
            if seat is not None
        )
        desk = self._desks.get(agent)
        calls = [session.seen() for session in self._sessions.values()] if desk and desk.supervisor else []
        return Floor(agents=agents, calls=tuple(calls))

    # For sessions.

    def desk(self, agent: str) -> AgentLeg | None:
        """Return the agent's leg; None when the agent is gone."""
        return self._desks.get(agent)

    def find_agent(self, call: str, *, ahead: bool) -> None:
        """Put the call in line; `AgentFound` follows."""
        self._queue.wait(call, ahead=ahead)
        self._match()

    def leave_queue(self, call: str) -> None:
        """Take the call out of line."""
        self._queue.withdraw(call)

    def engaged(self, call: str, agent: str, engagement: Engagement) -> None:
        """Note what the call keeps the agent busy with; who becomes free may be rung for the next call."""
        if engagement is Engagement.FREE:
            self._calls_of.pop(agent, None)
        else:
            self._calls_of[agent] = call
        self._queue.engaged(agent, engagement, self._clock.now())
        if engagement is Engagement.FREE:
            self._match()

    def take_agent(self, call: str, agent: str, *, available: bool) -> bool:
        """Let the call ring an agent who is free, and where asked for also `available`; False if not."""
        seat = self._queue.seat(agent)
        if seat is None or seat.engagement is not Engagement.FREE or (available and not seat.available):
            return False
        self.engaged(call, agent, Engagement.RINGING)
        return True

    def over(self, call: str) -> None:
        """Forget a call that has ended."""
        self._queue.forget(call)
        self._sessions.pop(call, None)

    def _match(self) -> None:
        for call, agent in self._queue.match():
            self._feed(call, on.AgentFound(agent))

    def _feed(self, call: str, what: on.Input) -> None:
        if (session := self._sessions.get(call)) is None:
            return
        if isinstance(what, on.FromAgent):
            session.desks.take(what)
        else:
            session.feed(what)

    def _session_of(self, agent: str) -> Session | None:
        call = self._calls_of.get(agent)
        return self._sessions.get(call) if call is not None else None

    def _keep(self, entry: Entry) -> None:
        try:
            self._journal.write(entry)
        except OSError as error:
            if not self._journal_failed:
                _log.critical("Calls go on, but are no longer written down: %s", error)
            self._journal_failed = True
        for listener in list(self._listeners):
            try:
                listener(entry)
            except Exception:
                _log.exception("A subscriber failed on entry %d of call %s.", entry.seq, entry.call)

    def _spawn(self, desk: AgentLeg, reason: str) -> None:
        task = asyncio.get_running_loop().create_task(desk.close(reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
