"""The desk's WebSocket on its way out: messages and audio in one order, and the parting word."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from starlette.websockets import WebSocketDisconnect

from telephony.desk.protocol import CloseCode
from telephony.legs.outbox import Outbox

SEND_SECONDS = 5.0
"""A message that cannot be sent for so long: the desk has stopped reading."""
CLOSING_SECONDS = 1.0

_GONE = (WebSocketDisconnect, RuntimeError, OSError)
"""What Starlette's `WebSocket` raises when the other side is no longer there."""
_log = logging.getLogger(__name__)
_CLOSE_CODES = {
    "replaced": CloseCode.REPLACED,
    "signed_out": CloseCode.SIGNED_OUT,
    "misbehaved": CloseCode.MISBEHAVED,
    "silent": CloseCode.LOST,
    "not_reading": CloseCode.LOST,
}


class Socket(Protocol):
    """The part of Starlette's `WebSocket` a leg needs, accepted already."""

    async def receive(self) -> Mapping[str, Any]:
        """Return the next ASGI message."""

    async def send_text(self, data: str) -> None:
        """Send a text message."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the connection."""


class Sender:
    """Sends what the desk is told, one thing after the other.

    Args:
        socket: the desk's.
        agent: who sits there, for the log.
        end: told why nothing can be sent any more.
    """

    def __init__(self, socket: Socket, agent: str, end: Callable[[str], None]) -> None:
        self._socket = socket
        self._agent = agent
        self._end = end
        self._outbox = Outbox()

    def message(self, text: str) -> None:
        """Send a message when those before it are sent."""
        if not self._outbox.put_message(text):
            self._end("not_reading")

    def audio(self, mulaw: bytes) -> None:
        """Send a frame likewise; where too many wait, the oldest is dropped."""
        self._outbox.put_audio(mulaw)

    def drop_audio(self) -> None:
        """Forget the audio that waits."""
        self._outbox.drop_audio()

    async def run(self) -> None:
        """Send until nothing can be sent any more."""
        while True:
            one = await self._outbox.take()
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._send(one)
            except TimeoutError:
                self._end("not_reading")
                return
            except _GONE:
                self._end("lost")
                return

    async def say_goodbye(self, reason: str) -> None:
        """Send the messages still waiting and close, unless the desk is past listening."""
        if reason in ("closed", "lost"):
            return
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                for text in self._outbox.take_messages():
                    await self._send(text)
                await self._socket.close(_CLOSE_CODES.get(reason, CloseCode.GOING_AWAY), reason)
        except (TimeoutError, *_GONE):
            _log.info("The desk of %s was gone before it could be told: %s.", self._agent, reason)

    async def _send(self, one: str | bytes) -> None:
        if isinstance(one, bytes):
            await self._socket.send_bytes(one)
        else:
            await self._socket.send_text(one)
