"""The caller's leg: a carrier's media stream over a WebSocket.

Three tasks live as long as the leg: one reads the socket, one writes it, one keeps time (`Pacer`). What is to
be written waits in a short outbox, so that nothing that drives the leg ever waits for the network.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from telephony.carriers.media_messages import Dtmf, Mark, Media, Stop
from telephony.carriers.media_streams import ProtocolError, ServerStream
from telephony.legs.leg import FRAME_BYTES, CallerEvents
from telephony.legs.outbox import Outbox
from telephony.legs.pacing import Pacer
from telephony.legs.playout import MARK_LIMIT
from voice.journal.clock import Clock

OUTBOX_FRAMES: Final = 10
"""Frames waiting for the socket at most (200 ms): then paced audio stays queued, and old live audio goes."""
MARK_GRACE_SECONDS: Final = 2.0
"""How long after its audio must have been heard a mark may be missing before the leg returns it by itself."""
WRITE_SECONDS: Final = 5.0
"""How long one message may take to be written."""
QUIET_SECONDS: Final = 15.0
"""How long a carrier, which sends fifty messages a second, may send none."""
REFUSALS: Final = 20
"""Bad messages from one carrier before its stream is closed, which takes the caller to a person."""

FAULTS: Final = 50
"""Messages in a row that fail here, a second of audio, before the same is done."""

HUNG_UP: Final = "hung up"
"""Why a leg is over whose party has hung up."""
CARRIER_SAYS: Final = "the carrier reports the call as over"
"""The same, told by the carrier apart from the stream."""

_CLOSE_SECONDS = 1.5
_REASON_BYTES = 123
_KEYS = frozenset("0123456789*#")
_NORMAL, _POLICY, _INTERNAL = 1000, 1008, 1011

logger = logging.getLogger(__name__)


def close_reason(sentence: str) -> str:
    """Return as much of a sentence as a WebSocket's close frame carries (RFC 6455: 123 bytes)."""
    return sentence.encode()[:_REASON_BYTES].decode(errors="ignore")


class MediaStreamCaller:
    """A `CallerLeg` on a socket whose stream has started; `run` is its life.

    Args:
        socket: accepted, with the carrier's `start` read from it.
        stream: the protocol, which has read it.
        clock: the loop's.
        complete: ends the call at the carrier for good; raises `OSError` when that cannot be done.
    """

    def __init__(
        self, socket: WebSocket, stream: ServerStream, clock: Clock, complete: Callable[[], Awaitable[None]]
    ) -> None:
        self._socket = socket
        self._stream = stream
        self._complete = complete
        self._pacer = Pacer(self, clock)
        self._outbox = Outbox(audio=OUTBOX_FRAMES)
        self._marks: dict[str, tuple[str, asyncio.TimerHandle]] = {}
        self._mark_count = 0
        self._partial = b""
        self._events: CallerEvents | None = None
        self._ending: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
        self._over = asyncio.Event()
        self._hung_up = False

    def play(self, mulaw: bytes) -> None:
        """Queue audio; what exceeds ten minutes is dropped and told as refused."""
        if dropped := self._pacer.play(mulaw):
            self._refuse(f"{dropped} bytes of speech were dropped: ten minutes are queued already.")

    def mark(self, name: str) -> None:
        """Ask to be told when all audio queued so far has been heard."""
        if not self._pacer.mark(name):
            self._tell_marked(name)

    def clear(self) -> None:
        """Drop what has not been heard, here and at the carrier; its marks are told next."""
        queued = self._pacer.clear()
        waiting = [name for name, _ in self._marks.values()]
        self._forget_marks()
        self._outbox.take_messages()
        self._put(self._stream.clear())
        for name in (*waiting, *queued):
            self._tell_marked(name)

    def send(self, mulaw: bytes) -> None:
        """Pass live audio on at once; behind a slow network the oldest of it is dropped."""
        self.send_frame(mulaw)
        self._pacer.passed(mulaw)

    def ready(self) -> bool:
        """Return whether the outbox has room for paced audio."""
        return not self._outbox.full

    def send_frame(self, mulaw: bytes) -> None:
        """Put audio into the outbox, unless the stream is over."""
        if not self._ending.done():
            self._outbox.put_audio(mulaw)

    def send_mark(self, name: str) -> None:
        """Send the carrier a mark of our own numbering, so that a late one is never taken for another."""
        if len(self._marks) >= MARK_LIMIT:
            self._tell_marked(name)
            return
        self._mark_count += 1
        number = str(self._mark_count)
        wait = self._pacer.heard_in() + MARK_GRACE_SECONDS
        timer = asyncio.get_running_loop().call_later(wait, self._mark_returned, number)
        self._marks[number] = (name, timer)
        self._put(self._stream.mark(number))

    async def close(self, reason: str) -> None:
        """Close the stream; the carrier goes on to its next verb, a person. Returns within two seconds."""
        self._end(reason)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._over.wait()

    async def hang_up(self) -> None:
        """End the call at the carrier, then the stream.

        Where the carrier cannot be told, the stream is closed all the same: better a person than a dead line.
        """
        if not self._hung_up and not self._over.is_set():
            self._hung_up = True
            try:
                await self._complete()
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._over.wait()
            except TimeoutError:
                logger.info("The carrier completed the call but not stream %s.", self._stream.stream_sid)
            except OSError as error:
                logger.warning("%s", error)
        await self.close("hung up by the switchboard")

    def carrier_ended(self, reason: str) -> None:
        """Take note that the carrier reports the call as over, whatever the stream says."""
        self._end(reason)

    async def run(self, events: CallerEvents) -> None:
        """Serve the stream until either side ends it, then tell `left`, once."""
        self._events = events
        tasks = [asyncio.create_task(work) for work in (self._read(), self._write(), self._pacer.run())]
        for task in tasks:
            task.add_done_callback(self._task_done)
        reason, code = "the switchboard is stopping", _INTERNAL
        try:
            reason, code = await self._ending
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._forget_marks()
            try:
                await self._close_socket(code, reason)
            finally:
                self._over.set()
                events.left(reason)

    def _task_done(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            logger.error("The caller's leg of %s failed.", self._stream.stream_sid, exc_info=error)
            self._end("the switchboard failed", _INTERNAL)

    def _end(self, reason: str, code: int = _NORMAL) -> None:
        if not self._ending.done():
            self._ending.set_result((reason, code))

    async def _close_socket(self, code: int, reason: str) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._socket.close(code, close_reason(reason))

    async def _read(self) -> None:
        refusals = faults = 0
        while True:
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    message = await self._socket.receive()
            except TimeoutError:
                self._end(f"the carrier has sent nothing for {QUIET_SECONDS:.0f} s")
                return
            if message["type"] == "websocket.disconnect":
                self._end("the carrier closed the stream")
                return
            try:
                if not self._take(message.get("text")):
                    return
                faults = 0
            except ProtocolError as error:
                self._refuse(str(error))
                refusals += 1
                if refusals >= REFUSALS:
                    self._end(f"the carrier sent {refusals} bad messages", _POLICY)
                    return
            except Exception:
                # One message that fails ends no call; where all do, the carrier finds a person.
                faults += 1
                if faults == 1:
                    logger.exception("A message on the stream %s failed.", self._stream.stream_sid)
                if faults >= FAULTS:
                    raise

    def _take(self, text: str | None) -> bool:
        """Act on one message; returns False when it was the last."""
        message = self._stream.receive(text)
        assert self._events is not None
        match message:
            case Media() if message.media.track == "inbound":
                self._tell_audio(message.media.payload)
            case Dtmf():
                if message.dtmf.digit not in _KEYS:
                    raise ProtocolError(f"The key {message.dtmf.digit} is not on a caller's telephone.")
                self._events.digit(message.dtmf.digit)
            case Mark():
                self._mark_returned(message.mark.name)
            case Stop():
                self._end("hung up by the switchboard" if self._hung_up else HUNG_UP)
                return False
        return True

    def _tell_audio(self, mulaw: bytes) -> None:
        assert self._events is not None
        audio = self._partial + mulaw if self._partial else mulaw
        whole = len(audio) - len(audio) % FRAME_BYTES
        for start in range(0, whole, FRAME_BYTES):
            self._events.audio(audio[start : start + FRAME_BYTES])
        self._partial = audio[whole:]

    async def _write(self) -> None:
        while True:
            one = await self._outbox.take()
            try:
                async with asyncio.timeout(WRITE_SECONDS):
                    await self._socket.send_text(self._stream.media(one) if isinstance(one, bytes) else one)
            except TimeoutError:
                self._end(f"the carrier has read nothing for {WRITE_SECONDS:.0f} s")
                return
            except (WebSocketDisconnect, RuntimeError):
                self._end("the carrier closed the stream")
                return

    def _put(self, message: str) -> None:
        if not self._ending.done() and not self._outbox.put_message(message):
            self._end("the carrier does not read what it is sent")

    def _mark_returned(self, number: str) -> None:
        """Tell the mark of this number, unless it was told before: its grace was over, or it was cleared."""
        name, timer = self._marks.pop(number, (None, None))
        if name is not None and timer is not None:
            timer.cancel()
            self._tell_marked(name)

    def _forget_marks(self) -> None:
        for _, timer in self._marks.values():
            timer.cancel()
        self._marks.clear()

    def _tell_marked(self, name: str) -> None:
        """Tell in a turn of its own, so that nobody who drives the leg is called back in mid-sentence."""

        def tell() -> None:
            if self._events is not None and not self._over.is_set():
                self._events.marked(name)

        asyncio.get_running_loop().call_soon(tell)

    def _refuse(self, why: str) -> None:
        logger.warning("Refused on stream %s: %s", self._stream.stream_sid, why)
        if self._events is not None:
            self._events.refused(why)
