"""The peer of everything that crosses sockets: a raw WebSocket echo in another process of this machine."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from telephony.legs.leg import FRAME_BYTES
from voice.journal.clock import LoopClock

_PAYLOAD = base64.b64encode(bytes(FRAME_BYTES)).decode()
MEDIA = json.dumps({
    "event": "media",
    "sequenceNumber": "1",
    "media": {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": _PAYLOAD},
    "streamSid": "MZ" + "0" * 32,
})  # fmt: skip
"""One 20 ms frame as a carrier sends it."""


async def round_trips(count: int) -> list[float]:
    """Return how many seconds each of `count` frames took there and back, 20 ms apart as in a call."""
    clock = LoopClock()
    times: list[float] = []
    async with _echo() as port, connect(f"ws://127.0.0.1:{port}", compression=None, proxy=None) as socket:
        for _ in range(count):
            began = clock.now()
            await socket.send(MEDIA)
            await socket.recv()
            times.append(clock.now() - began)
            await asyncio.sleep(0.02)
    return times


@asynccontextmanager
async def _echo() -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.loopback", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


async def _answer(socket: ServerConnection) -> None:
    with suppress(ConnectionClosed):
        async for message in socket:
            await socket.send(message)


async def _serve() -> None:
    async with serve(_answer, "127.0.0.1", 0, compression=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(_serve())
