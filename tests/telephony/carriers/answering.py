"""A switchboard reduced to its door: Twilio's routes on a real server, and calls that remember."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from telephony.calls.ringing_back import Dialler
from telephony.carriers import twilio
from telephony.legs.leg import Arrival, CallerLeg
from telephony.settings import SwitchboardSettings
from voice.journal.clock import LoopClock

TOKEN = "a token for tests only"


class RememberingCall:
    """Remembers what its leg told it."""

    def __init__(self, arrival: Arrival, leg: CallerLeg) -> None:
        self.arrival = arrival
        self.leg = leg
        self.heard: list[bytes] = []
        self.digits: list[str] = []
        self.marks: list[str] = []
        self.lefts: list[str] = []
        self.refusals: list[str] = []
        self.gone = asyncio.Event()
        self.echo = False

    def audio(self, mulaw: bytes) -> None:
        self.heard.append(mulaw)
        if self.echo:
            self.leg.send(mulaw)

    def digit(self, digit: str) -> None:
        self.digits.append(digit)

    def marked(self, name: str) -> None:
        self.marks.append(name)

    def left(self, reason: str) -> None:
        self.lefts.append(reason)
        self.gone.set()

    def refused(self, why: str) -> None:
        self.refusals.append(why)


class RememberingExchange:
    """Takes every call; `on_arrival` is what a call does first."""

    def __init__(self, on_arrival: Callable[[RememberingCall], None] = lambda _: None) -> None:
        self.calls: list[RememberingCall] = []
        self._arrivals: asyncio.Queue[RememberingCall] = asyncio.Queue()
        self._on_arrival = on_arrival
        self.dialler: Dialler | None = None
        self.failures: list[tuple[str, str]] = []
        self.failed = asyncio.Event()

    def dial_with(self, dialler: Dialler) -> None:
        self.dialler = dialler

    def dialling_failed(self, asked_on: str, why: str) -> None:
        self.failures.append((asked_on, why))
        self.failed.set()

    def call_arrived(self, arrival: Arrival, leg: CallerLeg) -> RememberingCall:
        call = RememberingCall(arrival, leg)
        self.calls.append(call)
        self._arrivals.put_nowait(call)
        self._on_arrival(call)
        return call

    async def next_call(self) -> RememberingCall:
        async with asyncio.timeout(10):
            return await self._arrivals.get()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(make: Callable[[str], list[BaseRoute]]) -> AsyncIterator[str]:
    """Serve the routes that `make` returns for the server's address on a free port."""
    sock = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    server = _Server(uvicorn.Config(Starlette(routes=make(url)), log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield url
    finally:
        server.should_exit = True
        await task
        sock.close()


@contextlib.asynccontextmanager
async def answering(
    exchange: RememberingExchange,
    *,
    token: str | None = TOKEN,
    public: bool = True,
    fallback: str | None = None,
    api_url: str = "http://127.0.0.1:9",
    account: str | None = None,
) -> AsyncIterator[str]:
    """Serve Twilio's routes; gives the server's address."""

    def make(url: str) -> list[BaseRoute]:
        settings = SwitchboardSettings(
            public_url=url if public else None,
            twilio_auth_token=SecretStr(token) if token else None,
            twilio_account_sid=account,
            twilio_api_url=api_url,
            fallback_number=fallback,
        )
        return twilio.routes(settings, exchange, LoopClock())

    async with listening(make) as url:
        yield url
