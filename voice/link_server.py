"""The worker's doors: the voice link, readiness, and the switchboard's fixed sentences. No model in here."""

import asyncio
import base64
import contextlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
from loguru import logger
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from voice.hearing.listening import VERDICT
from voice.journal.link import FULL, REFUSAL
from voice.link_serializer import LinkError
from voice.pipeline import CLOSING, CallPipeline, OverloadedError
from voice.speaking.voice import VoiceError

START = 10.0
"""Longest wait in seconds for a link's start message."""
HEAD = 5
"""Messages that may come up to and with it."""
OUTBOX = 2_000
"""Messages waiting for the switchboard; when full, the pipeline waits."""
STALL = 5.0
"""Seconds it waits before the link is given up."""

LATE = VERDICT + 1.0
"""Seconds of a call's audio waiting to be heard from which this worker takes no further call: more than a
pause may take to be judged."""

NORMAL, REFUSED, RESTARTING, TRY_LATER = 1000, 1008, 1012, 1013


class UnknownPlaybookError(LookupError):
    """No playbook of that name; the message is one sentence."""


class Equipment(Protocol):
    """What the doors lead to."""

    @property
    def ready(self) -> bool:
        """Whether every model is warm."""

    def pipeline(self, playbook: str, send: Callable[[str], Awaitable[None]]) -> CallPipeline:
        """Return a pipeline for one call.

        Raises:
            UnknownPlaybookError: there is no such playbook.
        """

    def routing(self, playbook: str) -> dict[str, tuple[str, bool]]:
        """Return the skill an agent needs, and whether it is urgent, for what wants either, by name."""

    async def switchboard_prompts(
        self, playbook: str, language: str
    ) -> tuple[str, dict[str, "RenderedPrompt"]]:
        """Return the voice's name, and the switchboard's fixed sentences by name, in a language.

        Raises:
            UnknownPlaybookError: there is no such playbook.
        """


class RenderedPrompt(msgspec.Struct, frozen=True):
    """One fixed sentence; `audio` is 8 kHz mu-law."""

    text: str
    language: str
    audio: bytes


class _Parameters(msgspec.Struct, rename="camel"):
    custom_parameters: dict[str, str] = {}


class _Head(msgspec.Struct):
    event: str
    start: _Parameters | None = None


class LinkServer:
    """Serves any number of calls, each on a WebSocket of its own.

    Args:
        equipment: what all calls share.
        token: the secret a switchboard must show.
        capacity: calls served at once; one more is refused before its link is opened.
    """

    def __init__(self, equipment: Equipment, token: str, capacity: int) -> None:
        self._equipment = equipment
        self._token = token
        self._capacity = capacity
        self._open = 0
        """Links accepted and not closed, those whose start has not come yet included."""
        self._calls: dict[CallPipeline, asyncio.Task[object] | None] = {}
        self._draining = False
        self.app = Starlette(
            routes=[
                Route("/ready", self._ready),
                Route("/prompts", self._prompts),
                WebSocketRoute("/link", self._link),
            ]
        )

    async def drain(self) -> None:
        """Take no new call, and let those there are finish their last words."""
        self._draining = True
        serving = [task for task in self._calls.values() if task is not None]
        for pipeline in list(self._calls):
            await pipeline.close()
        if serving:
            await asyncio.wait(serving, timeout=CLOSING + STALL)

    async def _ready(self, _request: Request) -> JSONResponse:
        ready = self._equipment.ready and not self._draining
        why = "" if ready else "draining" if self._draining else "warming up"
        return JSONResponse(
            {"ready": ready, "why": why, "calls": len(self._calls), "capacity": self._capacity},
            status_code=200 if ready else 503,
        )

    async def _prompts(self, request: Request) -> JSONResponse:
        if not self._equipment.ready:
            return JSONResponse({"why": "warming up"}, status_code=503)
        try:
            query = request.query_params
            playbook = query.get("playbook", "")
            voice, prompts = await self._equipment.switchboard_prompts(playbook, query.get("language", ""))
            routing = self._equipment.routing(playbook)
        except UnknownPlaybookError as error:
            return JSONResponse({"why": str(error)}, status_code=404)
        except VoiceError as error:
            return JSONResponse({"why": str(error)}, status_code=503)
        rendered = {
            name: {
                "text": prompt.text,
                "language": prompt.language,
                "audio": base64.b64encode(prompt.audio).decode(),
            }
            for name, prompt in prompts.items()
        }
        needs = {name: {"skill": skill, "urgent": urgent} for name, (skill, urgent) in routing.items()}
        return JSONResponse({"voice": voice, "prompts": rendered, "routing": needs})

    async def _link(self, socket: WebSocket) -> None:
        shown = socket.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {self._token}".encode()):
            logger.warning("A voice link without the right HOOKFLASH_LINK_TOKEN was refused.")
            await socket.close(REFUSED)
            return
        if not self._equipment.ready or self._draining:
            await socket.close(TRY_LATER)
            return
        if why := self._no_room():
            logger.warning("A call was refused: {}", why)
            answer = JSONResponse({"why": why}, status_code=503, headers={REFUSAL: FULL})
            await socket.send_denial_response(answer)
            return
        self._open += 1
        try:
            await socket.accept()
            code, reason = await self._serve(socket)
        finally:
            self._open -= 1
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it may be closed already
            await socket.close(code, reason)

    def _no_room(self) -> str:
        """Return why one call more would not be served well; empty where it would."""
        if self._open >= self._capacity:
            return f"all {self._capacity} calls are taken; HOOKFLASH_CALLS would let this worker take more"
        behind = max((pipeline.behind for pipeline in self._calls), default=0.0)
        return f"the calls there are run {behind:.1f} s late" if behind > LATE else ""

    async def _serve(self, socket: WebSocket) -> tuple[int, str]:
        """Serve one call to its end; return the code and reason to close its link with."""
        try:
            async with asyncio.timeout(START):
                head, playbook = await _until_start(socket)
            link = _Link(socket)
            pipeline = self._equipment.pipeline(playbook, link.send)
        except TimeoutError:
            return REFUSED, "no start message came"
        except WebSocketDisconnect:
            return NORMAL, ""
        except (LinkError, UnknownPlaybookError) as error:
            logger.warning("A voice link was refused: {}", error)
            return REFUSED, str(error)[:120]
        self._calls[pipeline] = asyncio.current_task()
        try:
            code, reason = await link.serve(pipeline, head)
        finally:
            del self._calls[pipeline]
        return (RESTARTING, "the worker is being restarted") if self._draining else (code, reason)


class _Link:
    """One call's WebSocket: a reader, a writer, and what lies between them."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[str] = asyncio.Queue(OUTBOX)
        self._pipeline: CallPipeline | None = None
        self._gone = False
        self._end = (NORMAL, "")

    async def send(self, message: str) -> None:
        """Queue a message; once nobody takes them any more, drop it."""
        if self._gone:
            return
        try:
            async with asyncio.timeout(STALL):
                await self._outbox.put(message)
        except TimeoutError:
            logger.warning("The switchboard takes no more messages; the link is given up.")
            self._gone = True
            if self._pipeline is not None:
                await self._pipeline.close()

    async def serve(self, pipeline: CallPipeline, head: list[str]) -> tuple[int, str]:
        self._pipeline = pipeline
        reading = asyncio.create_task(self._read(pipeline, head))
        writing = asyncio.create_task(self._write())
        try:
            await pipeline.run()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STALL):
                    await self._outbox.join()
        finally:
            reading.cancel()
            writing.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)
        return self._end

    async def _read(self, pipeline: CallPipeline, head: list[str]) -> None:
        try:
            for message in head:
                await pipeline.receive(message)
            while True:
                await pipeline.receive(await self._socket.receive_text())
        except (WebSocketDisconnect, KeyError):  # starlette: binary messages have no text
            self._gone = True
        except LinkError as error:
            logger.warning("A voice link is closed: {}", error)
            self._end = (REFUSED, str(error)[:120])
        except OverloadedError as error:
            logger.error("A call is given up: {}", error)
            self._end = (TRY_LATER, str(error)[:120])
        finally:
            await pipeline.close()

    async def _write(self) -> None:
        while True:
            message = await self._outbox.get()
            try:
                if not self._gone:
                    await self._socket.send_text(message)
            except (WebSocketDisconnect, RuntimeError):
                self._gone = True
            finally:
                self._outbox.task_done()


async def _until_start(socket: WebSocket) -> tuple[list[str], str]:
    """Return the messages up to the start message, and the playbook it names."""
    messages: list[str] = []
    while len(messages) < HEAD:
        try:
            messages.append(await socket.receive_text())
            head = msgspec.json.decode(messages[-1], type=_Head)
        except (msgspec.MsgspecError, KeyError):
            raise LinkError("The link began with something that is no media-stream message.") from None
        if head.event == "start" and head.start is not None:
            return messages, head.start.custom_parameters.get("playbook", "")
    raise LinkError(f"No start message among the first {HEAD}.")
