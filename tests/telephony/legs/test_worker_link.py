import asyncio
import json
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from telephony.legs.leg import FRAME_BYTES
from telephony.legs.worker_link import WorkerLink
from voice.journal import link
from voice.journal.clock import LoopClock

PARAMETERS = {"call": "c1", "caller": "+4740000000"}


class Told:
    """Takes note of nothing but joining."""

    def __init__(self) -> None:
        self.joined = asyncio.Event()

    def worker_joined(self, resumed: bool) -> None:
        self.joined.set()

    def worker_lost(self, why: str) -> None: ...
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
            f"ws://127.0.0.1:{port}/link", "", parameters=PARAMETERS, events=told, clock=LoopClock()
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
