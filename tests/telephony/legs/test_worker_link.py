import asyncio
import json
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from telephony.legs.leg import FRAME_BYTES
from telephony.legs.worker_link import WorkerLink
from voice.journal import link
from voice.journal.clock import LoopClock

PARAMETERS = {"call": "c1", "caller": "+4740000000"}


class Told:
    """Takes note of nothing but joining."""

    def __init__(self) -> None:
        self.joined = asyncio.Event()
        self.full = self.lost = 0

    def worker_joined(self, resumed: bool) -> None:
        self.joined.set()

    def worker_lost(self, why: str) -> None:
        self.lost += 1

    def worker_full(self) -> None:
        self.full += 1

    def worker_audio(self, mulaw: bytes) -> None: ...
    def worker_mark(self, name: str) -> None: ...
    def worker_clear(self) -> None: ...
    def worker_message(self, message: link.FromWorker) -> None: ...
    def worker_refused(self, why: str) -> None: ...


async def test_a_worker_hears_what_was_said_while_the_link_was_being_opened() -> None:
    messages: list[dict[str, Any]] = []

    async def work(socket: ServerConnection) -> None:
        async for text in socket:
            messages.append(json.loads(text))
            if messages[-1]["event"] == "stop":
                return

    async with serve(work, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        told = Told()
        caller_link = WorkerLink(
            [f"ws://127.0.0.1:{port}/link"], "", parameters=PARAMETERS, events=told, clock=LoopClock()
        )
        caller_link.audio(bytes([1]) * FRAME_BYTES)
        caller_link.audio(bytes([9]) * FRAME_BYTES, "outbound")
        caller_link.audio(bytes([2]) * FRAME_BYTES)
        running = asyncio.create_task(caller_link.run())
        await told.joined.wait()
        caller_link.audio(bytes([3]) * FRAME_BYTES)
        caller_link.finish()
        await running
    events = [message["event"] for message in messages]
    assert events == ["connected", "start", "media", "media", "media", "stop"]
    assert float(messages[1]["start"]["customParameters"]["t0"]) < 0.01
    chunks = [message["media"] for message in messages if message["event"] == "media"]
    assert [chunk["payload"][:4] for chunk in chunks] == ["AQEB", "AgIC", "AwMD"]
    times = [int(chunk["timestamp"]) for chunk in chunks]
    assert times == sorted(times)


def refuse(connection: ServerConnection, request: Request) -> Response:
    response = connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
    response.headers[link.REFUSAL] = link.FULL
    return response


async def idle(socket: ServerConnection) -> None:
    await socket.wait_closed()


def port_of(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


async def test_a_worker_without_room_is_reported_as_full_once_and_not_as_lost() -> None:
    told = Told()
    async with serve(idle, "127.0.0.1", 0, process_request=refuse) as server:
        url = f"ws://127.0.0.1:{port_of(server)}"
        voice = WorkerLink([url, url], "t", parameters=PARAMETERS, events=told, clock=LoopClock())
        running = asyncio.create_task(voice.run())
        await asyncio.sleep(1.2)  # two attempts
        voice.finish()
        await running
    assert (told.full, told.lost) == (1, 0)


async def test_where_one_worker_has_no_room_and_one_is_gone_the_third_takes_the_call() -> None:
    told = Told()
    async with (
        serve(idle, "127.0.0.1", 0, process_request=refuse) as full,
        serve(idle, "127.0.0.1", 0) as free,
    ):
        ports = [port_of(full), 9, port_of(free)]
        for first in range(3):
            told.joined.clear()
            urls = [f"ws://127.0.0.1:{port}" for port in (*ports[first:], *ports[:first])]
            voice = WorkerLink(urls, "t", parameters=PARAMETERS, events=told, clock=LoopClock())
            running = asyncio.create_task(voice.run())
            async with asyncio.timeout(5):
                await told.joined.wait()
            voice.finish()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    assert (told.full, told.lost) == (0, 0)
