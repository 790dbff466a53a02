"""A voice worker without a voice: joins calls, asks for a person when told to, and notes what it is told.

Speech models would only add their own noise to what the switchboard is measured for.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from benchmarks.prompt_sounds import PROMPTS, prompts_answer
from telephony.legs.mulaw import silence
from voice.journal import link
from voice.journal.clock import Clock
from voice.journal.events import Brief, CallState, Trigger, TriggerKind
from voice.journal.link import StateMessage, TakeoverMessage

PROMPT_SECONDS = 0.2


class _Start(msgspec.Struct, frozen=True, rename="camel"):
    stream_sid: str


class Joined:
    """One call the worker is on."""

    def __init__(self, socket: ServerConnection, clock: Clock, stream: str) -> None:
        self._socket = socket
        self._clock = clock
        self._told: asyncio.Queue[tuple[float, CallState]] = asyncio.Queue(100)
        self.stream = stream

    def tell(self, message: StateMessage) -> None:
        """Note where the call stands."""
        self._told.put_nowait((self._clock.now(), message.state))

    async def stands(self, state: CallState) -> float:
        """Return the clock's reading when the worker was told that the call is in `state`."""
        while True:
            told, what = await self._told.get()
            if what is state:
                return told

    async def take_over(self) -> float:
        """Ask for a person; return the clock's reading just before."""
        trigger = Trigger(kind=TriggerKind.ANGER, evidence="a benchmark", t=0.0, score=1.0, threshold=0.5)
        brief = Brief(headline="A benchmark wants nothing.", reason="It measures.")
        message = TakeoverMessage(stream_sid=self.stream, triggers=(trigger,), brief=brief)
        began = self._clock.now()
        await self._socket.send(link.encode(message))
        return began

    def drop(self) -> None:
        """Lose the link without a word."""
        self._socket.transport.abort()


class StandInWorker:
    """Listens for voice links. `url` is where; `calls` gives each call as it comes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.url = ""
        self.calls: asyncio.Queue[Joined] = asyncio.Queue(100)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["StandInWorker"]:
        """Listen on a free port while the context lasts."""
        async with serve(self._join, "127.0.0.1", 0, process_request=_answer, compression=None) as server:
            self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            yield self

    async def _join(self, socket: ServerConnection) -> None:
        call: Joined | None = None
        with suppress(ConnectionClosed):
            async for text in socket:
                match json.loads(text)["event"]:
                    case "start":
                        start = msgspec.json.decode(text, type=_Start)
                        call = Joined(socket, self._clock, start.stream_sid)
                        self.calls.put_nowait(call)
                    case "state" if call is not None:
                        call.tell(link.to_worker.decode(text))
                    case "stop":
                        return


def _answer(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == "/ready":
        return connection.respond(HTTPStatus.OK, "{}")
    if request.path.startswith("/prompts"):
        quiet = dict.fromkeys(PROMPTS, silence(PROMPT_SECONDS))
        return connection.respond(HTTPStatus.OK, prompts_answer(quiet))
    return None
