"""An exchange, legs that keep time and a stand-in worker: whole calls without carriers or browsers."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count, pairwise
from pathlib import Path

from pydantic import SecretStr

from telephony.calls.callbacks import Callback
from telephony.calls.prompts import Prompts
from telephony.calls.session import Session
from telephony.exchange import Exchange
from telephony.legs.leg import FRAME_SECONDS, AgentEvents, Arrival, CallerEvents, Offer
from telephony.legs.mulaw import silence
from telephony.legs.pacing import Pacer
from telephony.settings import SwitchboardSettings
from telephony.takeover.machine import BRIEF_WITHIN
from telephony.takeover.queue import Profile
from tests.stand_in_worker import TOKEN, StandInWorker, prompt_answer, stand_in_worker, tone
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import AnyEvent, CallStarted, CallState, Entry
from voice.journal.store import CallSummary

FRAME = tone(FRAME_SECONDS)
AGENT_FRAME = tone(FRAME_SECONDS, 0x10)
SILENCE = silence(FRAME_SECONDS)
MUSIC = 0x28


class _EarLeg(ABC):
    """Plays in real time to an ear that remembers when it heard what."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pacer = Pacer(self, clock, lead=FRAME_SECONDS)
        self._task = asyncio.get_running_loop().create_task(self._pacer.run())
        self.heard: list[tuple[float, bytes]] = []
        self.live: list[tuple[float, bytes]] = []
        self.closed: str | None = None

    def play(self, mulaw: bytes) -> None:
        self._pacer.play(mulaw)

    def mark(self, name: str) -> None:
        self._pacer.mark(name)

    def clear(self) -> None:
        for name in self._pacer.clear():
            self.tell_marked(name)

    def send(self, mulaw: bytes) -> None:
        self.live.append((self._clock.now(), mulaw))

    def ready(self) -> bool:
        return True

    def send_frame(self, mulaw: bytes) -> None:
        self.heard.append((self._clock.now(), mulaw))

    def send_mark(self, name: str) -> None:
        asyncio.get_running_loop().call_later(self._pacer.heard_in(), self.tell_marked, name)

    @abstractmethod
    def tell_marked(self, name: str) -> None:
        """Tell that a mark was heard."""

    async def close(self, reason: str) -> None:
        self.closed = self.closed or reason
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class Caller(_EarLeg):
    """A `CallerLeg`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.events: CallerEvents | None = None
        self.hung_up = False

    def tell_marked(self, name: str) -> None:
        if self.events is not None:
            self.events.marked(name)

    async def hang_up(self) -> None:
        self.hung_up = True
        await self.close("hung up by the switchboard")
        assert self.events is not None
        self.events.left("hung up by the switchboard")

    async def talk(self, seconds: float, frame: bytes = FRAME) -> None:
        """Say something, frame by frame."""
        assert self.events is not None
        for _ in range(round(seconds / FRAME_SECONDS)):
            self.events.audio(frame)
            await asyncio.sleep(FRAME_SECONDS)

    def silent_between(self, start: float, end: float) -> float:
        """Return the longest silence the caller heard between two of the clock's times, in seconds."""
        times = [start, *(t for t, _ in self.heard + self.live if start <= t <= end), end]
        times.sort()
        return max(after - before for before, after in pairwise(times))


class PlainMusic:
    """`Music` of one note, not heard under a sentence, so that sentences are known by their bytes."""

    def at(self, start: float, seconds: float) -> bytes:
        return tone(seconds, MUSIC)

    def under(self, speech: bytes, start: float) -> bytes:
        return speech


class Desk(_EarLeg):
    """An `AgentLeg` that notes what it is told."""

    def __init__(self, clock: Clock, events: AgentEvents, agent: str, profile: Profile | None = None) -> None:
        self.profile = profile or Profile()
        super().__init__(clock)
        self._events = events
        self._agent = agent
        self.offers: list[Offer] = []
        self.withdrawn: list[tuple[str, str]] = []
        self.shown: list[Entry] = []
        self.states: list[CallState] = []
        self.problems: list[str] = []
        self.to_ring_back: list[Callback] = []
        self.supervisor = False

    @property
    def agent(self) -> str:
        return self._agent

    def offer(self, offer: Offer) -> None:
        self.offers.append(offer)

    def withdraw(self, call: str, reason: str) -> None:
        self.withdrawn.append((call, reason))

    def show(self, entry: Entry) -> None:
        self.shown.append(entry)

    def state(self, call: str, state: CallState) -> None:
        self.states.append(state)

    def callbacks(self, callbacks: Sequence[Callback]) -> None:
        self.to_ring_back = list(callbacks)

    def problem(self, why: str) -> None:
        self.problems.append(why)

    def tell_marked(self, name: str) -> None:
        self._events.agent_marked(self._agent, name)


class MemoryJournal:
    """A `JournalStore` in memory."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)

    def flush(self) -> None:
        return

    def read(self, call: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.call == call]

    def calls(self, limit: int = 50) -> list[CallSummary]:
        return [
            CallSummary(call=entry.call, at=entry.at, caller=entry.event.caller, line=entry.event.line)
            for entry in reversed(self.entries)
            if isinstance(entry.event, CallStarted)
        ][:limit]

    def calls_of(self, caller: str, since: datetime) -> list[str]:
        return [
            entry.call
            for entry in reversed(self.entries)
            if isinstance(entry.event, CallStarted) and entry.event.caller == caller and entry.at >= since
        ]

    def calls_without(self, kind: str, other: str, since: datetime) -> list[str]:
        kinds = {entry.call: set[str]() for entry in self.entries}
        for entry in self.entries:
            kinds[entry.call].add(str(entry.event.__struct_config__.tag))
        return [call for call, its in kinds.items() if kind in its and other not in its]

    def forget(self, before: datetime) -> list[str]:
        old = {entry.call for entry in self.entries} - {e.call for e in self.entries if e.at >= before}
        self.entries = [entry for entry in self.entries if entry.call not in old]
        return sorted(old)

    def close(self) -> None:
        return


class Hall:
    """Everything a test of whole calls needs."""

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        journal: MemoryJournal,
        worker: StandInWorker,
        *,
        settings: SwitchboardSettings,
        prompts: Prompts,
    ) -> None:
        self.settings = settings
        self.prompts = prompts
        self.exchange = exchange
        self.clock = clock
        self.journal = journal
        self.worker = worker

    def ring(self) -> tuple[Caller, Session]:
        """Let a caller arrive."""
        caller = Caller(self.clock)
        arrival = Arrival(
            carrier="twilio", carrier_call="CA1", stream="MZ1", caller="+4711111111", called="+4722222222"
        )
        session = self.exchange.call_arrived(arrival, caller)
        assert isinstance(session, Session)
        caller.events = session
        return caller, session

    async def press_zero(self, session: Session) -> None:
        """Let a caller press 0, and the worker have its time to write the brief: whoever is free is rung."""
        session.digit("0")
        await asyncio.sleep(BRIEF_WITHIN + FRAME_SECONDS)

    def seat(self, agent: str, *, available: bool = True, profile: Profile | None = None) -> Desk:
        """Let an agent sign in."""
        desk = Desk(self.clock, self.exchange, agent, profile)
        self.exchange.agent_joined(desk)
        self.exchange.agent_available(agent, available)
        return desk

    def events(self, session: Session) -> list[AnyEvent]:
        """Return what was written of a call."""
        return [entry.event for entry in self.journal.read(session.name)]

    async def until(self, true: Callable[[], bool], limit: float = 60.0) -> float:
        """Wait until something is true; returns the seconds it took."""
        began = self.clock.now()
        async with asyncio.timeout(limit):
            while not true():  # noqa: ASYNC110  (what is waited for is anything the test can see)
                await asyncio.sleep(FRAME_SECONDS)
        return self.clock.now() - began


@asynccontextmanager
async def hall(
    folder: Path, more: Sequence[str] = (), others: Sequence[str] = (), **settings: object
) -> AsyncIterator[Hall]:
    """Open a hall.

    Args:
        folder: for what calls leave behind.
        more: prompts besides the usual.
        others: more workers' addresses.
        settings: the switchboard's that are not the default.
    """
    async with stand_in_worker() as worker:
        chosen = SwitchboardSettings.model_validate(
            {
                "data": folder,
                "worker_url": ",".join((*others, worker.url)),
                "link_token": SecretStr(TOKEN),
                "record": False,
                **settings,
            }
        )
        clock = LoopClock()
        journal = MemoryJournal()
        prompts = Prompts(chosen.workers_http, TOKEN, chosen.playbook, chosen.language, folder / "prompts")
        (folder / "prompts").mkdir(parents=True, exist_ok=True)
        kept = folder / "prompts" / f"{chosen.playbook}-{chosen.language}.json"
        kept.write_bytes(prompt_answer(*more))
        prompts.load()
        names = count(1)
        exchange = Exchange(chosen, journal, clock, prompts, lambda: f"call{next(names)}", music=PlainMusic())
        try:
            yield Hall(exchange, clock, journal, worker, settings=chosen, prompts=prompts)
        finally:
            await exchange.close()
