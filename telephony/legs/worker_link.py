"""The voice link of one call: a WebSocket to a worker, opened again for as long as the call lasts.

To the worker the switchboard is a media-streams carrier, plus the messages of `voice.journal.link`. A worker
that closes, refuses, or gives no sign of life for two seconds is lost; the next attempt follows half a second
later, and asks every worker there is.
"""

import asyncio
import contextlib
import logging
import zlib
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from telephony.carriers.media_messages import Clear, Other, OutboundMark, OutboundMedia, StreamFacts, Track
from telephony.carriers.media_streams import ClientStream, ProtocolError
from telephony.legs.outbox import Outbox
from telephony.legs.worker_dialling import MAX_MESSAGE, UNREACHABLE, dial, why_not
from voice.journal import link
from voice.journal.clock import Clock
from voice.journal.link import FULL, StateMessage

_log = logging.getLogger(__name__)

LAST_WORDS_SECONDS = 10.0
"""How long a worker may still report what it heard once the call is over."""
RETRY_SECONDS = 0.5
RETRY_LATER_SECONDS = 3.0
"""Pause between attempts, soon after a worker was lost and from `RETRY_SOON` attempts on."""
RETRY_SOON = 40
AUDIO_WAITING = 250
"""Frames that wait for a worker that stalls, five seconds of both sides' voices; then the oldest go."""
FRAMES_BEFORE_JOINING = 100
"""Frames of the caller's voice kept for the first worker while the link is being opened, two seconds."""
MESSAGES_WAITING = 1_000
"""Other messages that wait; a worker that lets more of them pile up is lost."""
OURS = frozenset({"journal", "takeover", "hangup", "wish", "aside"})


class LinkEvents(Protocol):
    """What a link reports; implemented by the call's session. All return at once."""

    def worker_joined(self, resumed: bool) -> None:
        """A worker is on the link, ready to be told the call's state."""

    def worker_lost(self, why: str) -> None:
        """The worker is gone. Told once, until another has joined."""

    def worker_full(self) -> None:
        """Workers are there and have no room for the call. Told once, until one has joined."""

    def worker_audio(self, mulaw: bytes) -> None:
        """The bot says something, as fast as it is made."""

    def worker_mark(self, name: str) -> None:
        """Asks for this mark back when the audio before it has been heard."""

    def worker_clear(self) -> None:
        """The bot takes back what has not been heard."""

    def worker_message(self, message: link.FromWorker) -> None:
        """One of our own messages."""

    def worker_refused(self, why: str) -> None:
        """Something malformed came and was not acted on."""


class _Connection:
    """One worker's turn on the link."""

    def __init__(self, stream: ClientStream, opened: float) -> None:
        self.stream = stream
        self.opened = opened
        self.outbox = Outbox(AUDIO_WAITING, MESSAGES_WAITING)
        self.stalled = asyncio.Event()


class WorkerLink:
    """Keeps a call in touch with a worker.

    Args:
        urls: where workers listen, `ws://...`; where one has no room or is gone the next is asked.
        token: the secret they ask for.
        parameters: what `start` tells of the call: `call`, its name, by which the stream goes too, and more;
            `t0`, the second of the call at which the stream starts, is added.
        events: whom to tell.
        clock: the loop's.
    """

    def __init__(
        self,
        urls: Sequence[str],
        token: str,
        *,
        parameters: Mapping[str, str],
        events: LinkEvents,
        clock: Clock,
    ) -> None:
        first = zlib.crc32(parameters["call"].encode()) % len(urls)  # calls are spread over the workers
        self._urls = (*urls[first:], *urls[:first])
        self._headers = {"Authorization": f"Bearer {token}"}
        self._call = parameters["call"]
        self._parameters = parameters
        self._events = events
        self._clock = clock
        self._began = clock.now()
        self._connection: _Connection | None = None
        self._joins = 0
        self._before_joining: deque[tuple[float, bytes]] = deque(maxlen=FRAMES_BEFORE_JOINING)
        self._told_lost = self._told_full = False
        self._over = asyncio.Event()

    def audio(self, mulaw: bytes, track: Track = "inbound") -> None:
        """Pass on a frame of the caller's voice, or of the agent's (`outbound`)."""
        if (now_on := self._connection) is not None:
            at = self._clock.now() - now_on.opened
            now_on.outbox.put_audio(now_on.stream.media(mulaw, at, track).encode())
        elif track == "inbound" and not self._joins:
            self._before_joining.append((self._clock.now(), mulaw))

    def mark(self, name: str) -> None:
        """Give a mark back."""
        if self._connection is not None:
            self._put(self._connection.stream.mark(name))

    def digit(self, digit: str) -> None:
        """Tell of a key."""
        if self._connection is not None:
            with contextlib.suppress(ProtocolError):
                self._put(self._connection.stream.dtmf(digit))

    def state(self, message: StateMessage) -> None:
        """Tell where the call stands; the stream's name is filled in."""
        if self._connection is not None and not self._over.is_set():
            stream = self._connection.stream.stream_sid
            self._put(link.encode(msgspec.structs.replace(message, stream_sid=stream)))

    def finish(self) -> None:
        """The call is over: send `stop`, let the worker report its last words, and end `run`."""
        if self._connection is not None and not self._over.is_set():
            self._put(self._connection.stream.stop())
        self._over.set()

    async def run(self) -> None:
        """Keep the link up until the call is over."""
        attempts = 0
        while not self._over.is_set():
            if await self._served_by_any():
                attempts = 0
            attempts += 1
            await self._pause(RETRY_SECONDS if attempts < RETRY_SOON else RETRY_LATER_SECONDS)

    async def _served_by_any(self) -> bool:
        """Ask the workers in turn; return, once the link is down again, whether one had taken the call."""
        refusals: list[str] = []
        for url in self._urls:
            joined = self._joins
            why = await self._attempt(url)
            if self._joins > joined:
                self._lost(why)
                return True
            refusals.append(why)
        others = [why for why in refusals if why != FULL]
        if others:
            self._lost(others[0])
        else:
            self._full()
        return False

    async def _attempt(self, url: str) -> str:
        """Be served by one worker; return why no more, `FULL` where it has no room."""
        try:
            async with dial(url, self._headers) as socket:
                return "The call is over." if self._over.is_set() else await self._serve(socket)
        except UNREACHABLE as error:
            return why_not(error)

    async def _serve(self, socket: ClientConnection) -> str:
        """Be on the link until one side ends it; returns why."""
        began = self._before_joining[0][0] if self._before_joining else self._clock.now()
        parameters = {**self._parameters, "t0": f"{began - self._began:.3f}"}
        facts = StreamFacts(
            account_sid="hookflash",
            call_sid=self._call,
            stream_sid=self._call,
            tracks=("inbound", "outbound"),
            custom_parameters=parameters,
        )
        stream = ClientStream(facts, max_message=MAX_MESSAGE, others=OURS)
        self._connection = connection = _Connection(stream, began)
        self._put(stream.connected())
        self._put(stream.start())
        # A worker hears the call from its first frame: the same words at the same seconds every time.
        for at, mulaw in self._before_joining:
            connection.outbox.put_audio(stream.media(mulaw, at - began, "inbound").encode())
        self._before_joining.clear()
        self._events.worker_joined(self._joins > 0)
        self._joins += 1
        self._told_lost = self._told_full = False
        parts = (
            self._receive(socket, stream),
            self._send(socket, connection.outbox),
            self._last_words(),
            _stalled(connection),
        )
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            self._connection = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self, socket: ClientConnection, stream: ClientStream) -> str:
        try:
            async for text in socket:
                try:
                    self._take(text, stream)
                except (ProtocolError, msgspec.DecodeError) as error:
                    self._events.worker_refused(str(error))
        except ConnectionClosed as error:
            return why_not(error)
        return "The worker closed the link."

    async def _send(self, socket: ClientConnection, outbox: Outbox) -> str:
        try:
            while True:
                await socket.send(await outbox.take(), text=True)
        except ConnectionClosed as error:
            return why_not(error)

    async def _last_words(self) -> str:
        await self._over.wait()
        await asyncio.sleep(LAST_WORDS_SECONDS)
        return "The call is over."

    def _take(self, text: str | bytes, stream: ClientStream) -> None:
        if isinstance(text, bytes):
            raise ProtocolError("A worker sent a binary message; the voice link is JSON text.")
        match stream.receive(text):
            case OutboundMedia(media=media):
                self._events.worker_audio(media.payload)
            case OutboundMark(mark=mark):
                self._events.worker_mark(mark.name)
            case Clear():
                self._events.worker_clear()
            case Other(text=ours):
                message = link.from_worker.decode(ours)
                if message.stream_sid != stream.stream_sid:
                    raise ProtocolError(f"A worker's message is for stream {message.stream_sid[:40]!r}.")
                self._events.worker_message(message)

    def _put(self, text: str) -> None:
        if self._connection is not None and not self._connection.outbox.put_message(text):
            self._connection.stalled.set()

    def _lost(self, why: str) -> None:
        if not self._told_lost and not self._over.is_set():
            self._told_lost = True
            self._events.worker_lost(why)

    def _full(self) -> None:
        if not self._told_full and not self._over.is_set():
            self._told_full = True
            self._events.worker_full()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()


async def _stalled(connection: _Connection) -> str:
    await connection.stalled.wait()
    return "The worker stopped reading."
