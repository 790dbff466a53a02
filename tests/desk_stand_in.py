"""A switchboard's end for tests of the desk: takes down what desks report and lets tests drive their legs."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from telephony.desk.accounts import Accounts
from telephony.desk.api import routes
from telephony.legs.floor import AgentSeen, CallSeen, Floor
from telephony.legs.leg import AgentLeg
from telephony.legs.requests import AnyRequest
from voice.journal.clock import LoopClock
from voice.journal.events import AnyEvent, Entry
from voice.journal.store import CallSummary

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAME, PASSWORD = "Ada Lind", "correct horse battery"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class StandInSettings:
    """What the desk asks of the settings."""

    data: Path
    public_url: str | None = None


@dataclass
class StandInJournal:
    """A journal in memory."""

    kept: dict[str, list[Entry]] = field(default_factory=dict)

    def write(self, entry: Entry) -> None:
        self.kept.setdefault(entry.call, []).append(entry)

    def flush(self) -> None:
        pass

    def read(self, call: str) -> list[Entry]:
        return list(self.kept.get(call, ()))

    def calls(self, limit: int = 50) -> list[CallSummary]:
        return []

    def calls_without(self, kind: str, other: str, since: datetime) -> list[str]:
        return []

    def calls_of(self, caller: str, since: datetime) -> list[str]:
        return []

    def forget(self, before: datetime) -> list[str]:
        return []

    def close(self) -> None:
        pass


@dataclass
class StandInExchange:
    """Takes down each report as a tuple of its name and arguments; audio apart."""

    reports: list[tuple[str, ...]] = field(default_factory=list)
    legs: dict[str, AgentLeg] = field(default_factory=dict)
    audio: list[bytes] = field(default_factory=list)
    listeners: list[Callable[[tuple[str, ...]], None]] = field(default_factory=list)
    calls: tuple[CallSeen, ...] = ()
    own: str | None = None
    """The call every agent has."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None
    """Raised for what a desk asks and says."""

    def agent_joined(self, leg: AgentLeg) -> None:
        self.legs[leg.agent] = leg
        self._note("joined", leg.agent)

    def agent_available(self, agent: str, available: bool) -> None:
        self._note("available" if available else "unavailable", agent)

    def agent_accepted(self, agent: str, call: str) -> None:
        self._note("accepted", agent, call)

    def agent_declined(self, agent: str, call: str, why: str = "") -> None:
        self._note("declined", agent, call, *filter(None, [why]))

    def agent_skipped_brief(self, agent: str, call: str) -> None:
        self._note("skipped_brief", agent, call)

    def agent_hung_up(self, agent: str, call: str) -> None:
        self._note("hung_up", agent, call)

    def agent_wrapped_up(self, agent: str, call: str, disposition: str, summary: str = "") -> None:
        self._note("wrapped_up", agent, call, disposition, *([summary] if summary else []))

    def agent_asked(self, agent: str, request: AnyRequest) -> None:
        self._fail()
        told = {name: value for name, value in msgspec.to_builtins(request).items() if name != "type"}
        self._note(str(request.__struct_config__.tag), agent, *(str(value) for value in told.values()))

    def floor(self, agent: str) -> Floor:
        colleagues = ("Bo Strand", "Cleo Marsh")
        seen = [AgentSeen(name=name, free=name == colleagues[0], doing="free") for name in colleagues]
        return Floor(agents=tuple(seen), calls=self.calls, own=self.own)

    def agent_unsteady(self, agent: str, seconds: float) -> None:
        self._note("unsteady", agent)

    def agent_steady(self, agent: str) -> None:
        self._note("steady", agent)

    def agent_left(self, agent: str, reason: str) -> None:
        self._note("left", agent, reason)

    def agent_audio(self, agent: str, mulaw: bytes) -> None:
        self._fail()
        self.audio.append(mulaw)
        self.changed.set()

    def agent_marked(self, agent: str, name: str) -> None:
        self._note("marked", agent, name)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _note(self, *report: str) -> None:
        self.reports.append(report)
        self.changed.set()
        for listener in self.listeners:
            listener(report)

    async def reported(self, *report: str, times: int = 1) -> None:
        """Wait until that was reported so many times."""
        await self.until(lambda: self.reports.count(report) >= times)

    async def until(self, happened: Callable[[], bool], limit: float = 20.0) -> None:
        """Wait until a report or audio makes it true."""
        async with asyncio.timeout(limit):
            while not happened():
                self.changed.clear()
                await self.changed.wait()


@dataclass
class Desk:
    """A running server with the desk's routes."""

    url: str
    exchange: StandInExchange
    journal: StandInJournal
    accounts: Accounts


@contextlib.asynccontextmanager
async def serve_desk(data: Path, port: int = 0) -> AsyncIterator[Desk]:
    """Serve the desk to one agent, `NAME`, on a port of this machine."""
    exchange, journal = StandInExchange(), StandInJournal()
    accounts = Accounts(data, CHEAP)
    if NAME not in accounts.names():
        accounts.add(NAME, PASSWORD)
    async with served(routes(StandInSettings(data), exchange, journal, LoopClock(), CHEAP), port) as url:
        yield Desk(url, exchange, journal, accounts)


@contextlib.asynccontextmanager
async def served(routes: Sequence[BaseRoute], port: int = 0) -> AsyncIterator[str]:
    """Serve routes on a port of this machine; yield its address."""
    config = uvicorn.Config(
        Starlette(routes=routes), log_level="warning", ws_per_message_deflate=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", port)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


def entries(call: str, *events: tuple[float, AnyEvent], first: int = 1) -> tuple[Entry, ...]:
    """Return journal entries of a call at those seconds."""
    return tuple(
        Entry(call=call, seq=seq, t=t, at=START, event=event) for seq, (t, event) in enumerate(events, first)
    )
