"""A media stream from the carrier's side: the caller's mouth and ear, in steps of 20 ms."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from telephony.carriers.media_messages import Clear, OutboundMark, OutboundMedia, StreamFacts
from telephony.carriers.media_streams import ClientStream, ProtocolError
from telephony.carriers.recorded_caller import KeyPress, RecordedCaller
from telephony.legs.leg import FRAME_BYTES, FRAME_SECONDS
from telephony.legs.mulaw import SILENCE_BYTE
from telephony.legs.playout import Playout
from voice.journal.clock import Clock

WRITE_SECONDS: Final = 10.0
"""How long the server may leave what it is sent unread."""
_SILENCE = bytes([SILENCE_BYTE]) * FRAME_BYTES
_CLOSE_SECONDS = 2.0

Listener = Callable[[float, bytes, bytes], None]
"""Told every 20 ms: seconds of the stream, the caller's frame, the frame they hear (empty: nothing plays)."""


class Over(StrEnum):
    """Why a stream is over."""

    CALLER_HUNG_UP = "the caller hung up"
    COMPLETED = "the call was completed over the API"
    SERVER_CLOSED = "the server closed the stream"


class Heard(msgspec.Struct, frozen=True):
    """Audio the caller heard at second `t` of the stream."""

    t: float
    mulaw: bytes


class Returned(msgspec.Struct, frozen=True):
    """A mark given back at second `t` of the stream."""

    t: float
    name: str


class EmulatedStream:
    """Plays a caller to a server and hears what it plays, until one of them is done.

    What the server sends waits in a playback buffer and is heard in real time. A mark is returned when the
    last frame before it has been heard; `clear` empties the buffer, the partly played chunk included, and
    returns its marks at once.

    Args:
        facts: what `start` tells.
        caller: who speaks.
        clock: the loop's.
        patience: seconds a caller without a time to hang up stays after their recording.
        listener: told of every step.
    """

    def __init__(
        self,
        facts: StreamFacts,
        caller: RecordedCaller,
        clock: Clock,
        *,
        patience: float,
        listener: Listener | None = None,
    ) -> None:
        self._protocol = ClientStream(facts)
        self._clock = clock
        self._listener = listener
        self._speech = Playout()
        self._speech.add(caller.audio)
        self._keys = deque(sorted(caller.keys, key=lambda key: key.at))
        self._hang_up_at = caller.seconds + patience if caller.hang_up_at is None else caller.hang_up_at
        self._playback = Playout()
        self._played: tuple[str, ...] = ()
        self._over: Over | None = None
        self._began = 0.0
        self._stalled_until = 0.0
        self.heard: list[Heard] = []
        self.spoken = bytearray()
        self.marks: list[Returned] = []
        self.errors: list[str] = []

    @property
    def seconds(self) -> float:
        """How long the stream has lasted by what the caller said, silence included."""
        return len(self.spoken) / FRAME_BYTES * FRAME_SECONDS

    def say(self, mulaw: bytes) -> None:
        """Let the caller say something more, behind what they are saying."""
        self._speech.add(mulaw)

    def press(self, digit: str) -> None:
        """Press a key now."""
        self._keys.appendleft(KeyPress(at=0.0, digit=digit))

    def stall(self, seconds: float) -> None:
        """Let the network stand still for so long: nothing is sent, and nothing is read."""
        self._stalled_until = self._clock.now() + seconds

    def end(self, why: Over) -> None:
        """End the stream with the next step."""
        self._over = self._over or why

    async def run(self, socket: ClientConnection) -> Over:
        """Stream until it is over; the socket is closed then."""
        reader = asyncio.create_task(self._read(socket))
        try:
            await self._send(socket, self._protocol.connected())
            await self._send(socket, self._protocol.start())
            await self._step_until_over(socket)
            await self._send(socket, self._protocol.stop())
        except (ConnectionClosed, TimeoutError):
            self.end(Over.SERVER_CLOSED)
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await socket.close()
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
        return self._over or Over.SERVER_CLOSED

    async def _step_until_over(self, socket: ClientConnection) -> None:
        self._began = self._clock.now()
        step = 0
        while self._over is None:
            at = step * FRAME_SECONDS
            if self._stalled_until > self._clock.now():
                await self._stand_still(socket)
            if at >= self._hang_up_at:
                self.end(Over.CALLER_HUNG_UP)
                break
            await self._step(socket, at)
            step += 1
            await asyncio.sleep(max(self._began + step * FRAME_SECONDS - self._clock.now(), 0.0))

    async def _stand_still(self, socket: ClientConnection) -> None:
        socket.transport.pause_reading()
        while self._stalled_until > self._clock.now() and self._over is None:  # noqa: ASYNC110
            await asyncio.sleep(FRAME_SECONDS)
        with contextlib.suppress(RuntimeError):  # the connection is gone meanwhile
            socket.transport.resume_reading()

    async def _step(self, socket: ClientConnection, at: float) -> None:
        for mark in self._played:
            await self._return_mark(socket, mark)
        frame = self._playback.take(FRAME_BYTES)
        self._played = frame.marks
        if frame.audio:
            self.heard.append(Heard(at, frame.audio))
        speech = self._speech.take(FRAME_BYTES).audio.ljust(FRAME_BYTES, _SILENCE[:1])
        self.spoken += speech
        await self._send(socket, self._protocol.media(speech, at))
        while self._keys and self._keys[0].at <= at:
            await self._send(socket, self._protocol.dtmf(self._keys.popleft().digit))
        if self._listener is not None:
            self._listener(at, speech, frame.audio)

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            try:
                await self._take(socket, text)
            except ProtocolError as error:
                self.errors.append(str(error))
        self.end(Over.SERVER_CLOSED)

    async def _take(self, socket: ClientConnection, text: str | bytes) -> None:
        match self._protocol.receive(text):
            case OutboundMedia(media=media):
                if self._playback.add(media.payload):
                    raise ProtocolError("The playback buffer is full: audio was dropped.")
            case OutboundMark(mark=mark):
                if not self._playback.mark(mark.name):
                    raise ProtocolError("Too many marks are waiting: one was dropped.")
            case Clear():
                cleared = (*self._played, *self._playback.clear())
                self._played = ()
                for name in cleared:
                    await self._return_mark(socket, name)

    async def _return_mark(self, socket: ClientConnection, name: str) -> None:
        self.marks.append(Returned(self._clock.now() - self._began, name))
        await self._send(socket, self._protocol.mark(name))

    async def _send(self, socket: ClientConnection, text: str) -> None:
        async with asyncio.timeout(WRITE_SECONDS):
            await socket.send(text)
