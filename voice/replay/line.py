"""The far end of a voice link on the loop's own time: a caller's line, as carrier and switchboard make it.

It sends the caller's audio in frames of 20 ms, plays the bot's audio out, returns each mark when what came
before it has been played, and obeys `clear`. On virtual time a call passes as fast as it can be computed.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from voice.journal import link
from voice.journal.events import AnyEvent, CallState

FRAME = 160
"""Bytes of mu-law in 20 ms."""
FRAME_SECONDS = 0.02
SILENCE = b"\xff" * FRAME
STREAM = "MZ00000000000000000000000000000000"


@dataclass(frozen=True)
class Happening:
    """One entry of the journal as it reached the line: second `t` of the call, and what happened."""

    t: float
    event: AnyEvent


@dataclass
class Line:
    """One call's line.

    Attributes:
        receive: takes a message for the worker.
        call: the call's name.
        playbook: the playbook named to the worker; empty: its own.
        language: the call's language; empty: the playbook's.
        journal: what happened, in order.
        takeover: the worker's hand-over messages, in order.
        heard: the bot's audio as it was played, 8 kHz mu-law, silence where it was silent.
        hung_up: the bot has said goodbye and it has been played.
    """

    receive: Callable[[str], Awaitable[None]]
    call: str = "replay"
    playbook: str = ""
    language: str = ""
    journal: list[Happening] = field(default_factory=list)
    takeover: list[link.TakeoverMessage] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    hung_up: bool = False
    _queue: list[bytes | str] = field(default_factory=list)
    _started: float = 0.0

    async def send(self, message: str) -> None:
        """Take one message of the worker's."""
        fields = json.loads(message)
        match fields["event"]:
            case "media":
                self._queue.append(base64.b64decode(fields["media"]["payload"]))
            case "mark":
                self._queue.append(fields["mark"]["name"])
            case "clear":
                dropped, self._queue = self._queue, []
                for item in dropped:
                    await self._mark(item)
            case _:
                await self._ours(link.from_worker.decode(message))

    async def ring(self, caller: bytes, agent: bytes = b"", linger: float = 0.0) -> None:
        """Play a whole call: start, the caller's audio, stop.

        Args:
            caller: the caller's audio, 8 kHz mu-law.
            agent: the human agent's on the same time line, sent while the call is bridged.
            linger: seconds the caller stays on the line after the audio's end.
        """
        self._started = asyncio.get_running_loop().time()
        await self._open()
        frames = len(caller) // FRAME + round(linger / FRAME_SECONDS)
        for place in range(frames):
            await self._until(place * FRAME_SECONDS)
            await self._send_audio(caller[place * FRAME : (place + 1) * FRAME], "inbound")
            if spoken := agent[place * FRAME : (place + 1) * FRAME]:
                await self._send_audio(spoken, "outbound")
            await self._play()
            if self.hung_up:
                break
        await self._tell({"event": "stop", "streamSid": STREAM})

    async def _open(self) -> None:
        await self._tell({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        parameters = {"call": self.call, "playbook": self.playbook, "language": self.language, "t0": "0"}
        start = {"streamSid": STREAM, "callSid": self.call, "customParameters": parameters}
        await self._tell({"event": "start", "streamSid": STREAM, "start": start})
        await self.receive(link.encode(link.StateMessage(stream_sid=STREAM, state=CallState.WITH_BOT, t=0.0)))

    async def _ours(self, message: link.FromWorker) -> None:
        match message:
            case link.JournalMessage():
                self.journal.append(Happening(message.t, message.entry))
            case link.TakeoverMessage():
                self.takeover.append(message)
                if message.triggers:
                    await self._state(CallState.WAITING)
            case link.HangUpMessage():
                self.hung_up = True

    async def _state(self, state: CallState) -> None:
        t = asyncio.get_running_loop().time() - self._started
        await self.receive(link.encode(link.StateMessage(stream_sid=STREAM, state=state, t=t)))

    async def _play(self) -> None:
        """Play 20 ms of what the bot has queued."""
        due = FRAME
        while self._queue and due:
            item = self._queue[0]
            if isinstance(item, bytes):
                self.heard += item[:due]
                rest = item[due:]
                due -= len(item) - len(rest)
                if rest:
                    self._queue[0] = rest
                    break
            self._queue.pop(0)
            await self._mark(item)
        self.heard += SILENCE[:due]
        while self._queue and isinstance(self._queue[0], str):
            await self._mark(self._queue.pop(0))

    async def _mark(self, item: bytes | str) -> None:
        if isinstance(item, str):
            await self._tell({"event": "mark", "streamSid": STREAM, "mark": {"name": item}})

    async def _send_audio(self, mulaw: bytes, track: str) -> None:
        payload = base64.b64encode(mulaw or SILENCE).decode()
        await self._tell(
            {"event": "media", "streamSid": STREAM, "media": {"track": track, "payload": payload}}
        )

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.receive(msgspec.json.encode(message).decode())

    async def _until(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, self._started + seconds - asyncio.get_running_loop().time()))
