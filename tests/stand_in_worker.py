"""A voice worker that does what a test tells it to, on a real socket."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from benchmarks.prompt_sounds import CALLBACK_PROMPTS, PROMPTS, prompts_answer, wave
from voice.journal.events import AnyEvent, Brief, Trigger
from voice.journal.link import FULL, REFUSAL, HangUpMessage, JournalMessage, TakeoverMessage, encode

TOKEN = "link-secret"
SPOKEN = (*PROMPTS, *CALLBACK_PROMPTS)
MORE = (
    "survey",
    "survey_thanks",
    "place_1",
    "place_2",
    "wait_under_1",
    "wait_1_to_3",
    "wait_2_to_5",
    "wait_2_to_6",
    "digit_1",
)
"""Further prompts, where a test wants them."""
PROMPT_SECONDS = 1.0


def tone(seconds: float, code: int = 0x20) -> bytes:
    """Return a loud square wave in mu-law, told apart from others by its code."""
    return wave(seconds, code)


def wave_of(prompt: str) -> bytes:
    """Return the byte by which a prompt is told from all others."""
    return bytes([0x30 + (*SPOKEN, *MORE).index(prompt)])


def prompt_answer(*more: str) -> bytes:
    """Return what `/prompts` answers: each prompt a second of a wave of its own, `more` of them if wanted."""
    sounds = {name: tone(PROMPT_SECONDS, wave_of(name)[0]) for name in (*SPOKEN, *more)}
    return prompts_answer(sounds).encode()


class Link:
    """One call's link as the worker sees it."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.received: list[dict[str, Any]] = []
        self.start: dict[str, Any] = {}
        self.began = asyncio.Event()
        self.over = asyncio.Event()
        self.finishes = True
        """Close the link on `stop`; else it is the test's to close."""

    @property
    def stream(self) -> str:
        return str(self.start["streamSid"])

    def of(self, event: str) -> list[dict[str, Any]]:
        """Return what came in of this kind."""
        return [message for message in self.received if message["event"] == event]

    @property
    def states(self) -> list[str]:
        """The states the worker was told, in order."""
        return [message["state"] for message in self.of("state")]

    def voices(self, track: str) -> int:
        """Return how many frames of a track came in."""
        return sum(message["media"]["track"] == track for message in self.of("media"))

    async def say(self, mulaw: bytes, mark: str | None = None) -> None:
        await self._send(event="media", media={"payload": base64.b64encode(mulaw).decode()})
        if mark is not None:
            await self._send(event="mark", mark={"name": mark})

    async def clear(self) -> None:
        await self._send(event="clear")

    async def journal(self, event: AnyEvent, t: float) -> None:
        await self.socket.send(encode(JournalMessage(stream_sid=self.stream, t=t, entry=event)))

    async def take_over(self, *triggers: Trigger, brief: Brief | None = None, audio: bytes = b"") -> None:
        message = TakeoverMessage(
            stream_sid=self.stream, triggers=triggers, brief=brief, audio=base64.b64encode(audio).decode()
        )
        await self.socket.send(encode(message))

    async def hang_up(self) -> None:
        await self.socket.send(encode(HangUpMessage(stream_sid=self.stream, reason="done")))

    async def send_raw(self, text: str | bytes) -> None:
        await self.socket.send(text)

    def die(self) -> None:
        """Drop the connection without a word, as a killed process does."""
        self.socket.transport.abort()

    def freeze(self) -> None:
        """Read nothing any more, pings included."""
        self.socket.transport.pause_reading()

    async def _send(self, **message: object) -> None:
        await self.socket.send(json.dumps({"streamSid": self.stream, **message}))

    async def run(self) -> None:
        try:
            async for text in self.socket:
                message = json.loads(text)
                self.received.append(message)
                if message["event"] == "start":
                    self.start = message
                    self.began.set()
                if message["event"] == "stop" and self.finishes:
                    await self.socket.close()
        except ConnectionClosed:
            pass
        finally:
            self.over.set()


class StandInWorker:
    """Listens where a worker would; `links` are the calls it was given, in order."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.refuses = False
        self.full = False
        self.ready = True
        self.tokens: list[str] = []
        self._arrived = asyncio.Condition()
        self._server: Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def link(self, number: int = 0) -> Link:
        """Wait for a link by its number and for its start message."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.links) > number)
        link = self.links[number]
        await link.began.wait()
        return link

    async def start(self) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self.port,
            process_request=self._answer,
            compression=None,
            ping_interval=None,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Be gone: no calls, and nobody listens."""
        if self._server is not None:
            for link in self.links:
                if not link.over.is_set():
                    link.die()
            self._server.close(close_connections=False)
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, socket: ServerConnection) -> None:
        link = Link(socket)
        async with self._arrived:
            self.links.append(link)
            self._arrived.notify_all()
        await link.run()

    def _answer(self, _: ServerConnection, request: Request) -> Response | None:
        self.tokens.append(request.headers.get("Authorization", ""))
        path = request.path.partition("?")[0]
        if path == "/link" and self.full:
            refusal = self._response(HTTPStatus.SERVICE_UNAVAILABLE)
            refusal.headers[REFUSAL] = FULL
            return refusal
        if path == "/link":
            return self._response(HTTPStatus.SERVICE_UNAVAILABLE) if self.refuses else None
        if not self.ready:
            return self._response(HTTPStatus.SERVICE_UNAVAILABLE)
        return self._response(HTTPStatus.OK, prompt_answer() if path == "/prompts" else b"{}")

    def _response(self, status: HTTPStatus, body: bytes = b"") -> Response:
        headers = Headers([("Content-Length", str(len(body))), ("Connection", "close")])
        return Response(status.value, status.phrase, headers, body)


@asynccontextmanager
async def stand_in_worker() -> AsyncIterator[StandInWorker]:
    """Run a worker for the time of a test."""
    worker = StandInWorker()
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


def kinds(entries: Sequence[Any]) -> list[str]:
    """Return the kinds of journal entries, in order."""
    return [str(entry.event.__struct_config__.tag) for entry in entries]
