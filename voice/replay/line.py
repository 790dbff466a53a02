"""The far end of a voice link on the loop's own time: a caller's line, as carrier and switchboard make it.

It sends the caller's audio in frames of 20 ms, plays the bot's audio out, returns each mark when what came
before it has been played, and obeys `clear`. On virtual time a call passes as fast as it can be computed.
"""

import asyncio
import base64
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from voice.journal import link
from voice.journal.events import AnyEvent, CallState
from voice.pipeline import CallPipeline

FRAME = 160
"""Bytes of mu-law in 20 ms."""
FRAME_SECONDS = 0.02
SILENCE = b"\xff" * FRAME
AGENT_TAKES = 4.0
"""Seconds after which the replayed agent has the call: the ring, the accept, and the brief."""
STREAM = "MZ00000000000000000000000000000000"


@dataclass(frozen=True)
class Happening:
    """One entry of the journal as it reached the line: second `t` of the call, and what happened."""

    t: float
    event: AnyEvent


@dataclass(frozen=True)
class Caller:
    """What comes down the line.

    Attributes:
        audio: 8 kHz mu-law, all of it.
        number: the caller's number.
        keys: second and digit of each key pressed.
        agent: the human agent's voice from the moment they have the call, 8 kHz mu-law; empty: nobody
            takes the call.
        linger: seconds the caller stays on the line after the audio's end.
    """

    audio: bytes
    number: str = ""
    keys: tuple[tuple[float, str], ...] = ()
    agent: bytes = b""
    linger: float = 0.0


class Line:
    """One call's line.

    Args:
        caller: what comes down it.
        playbook: the playbook named to the worker; empty: its own.
        language: the call's language; empty: the playbook's.
    """

    def __init__(
        self,
        caller: Caller,
        *,
        playbook: str = "",
        language: str = "",
    ) -> None:
        self._receive: Callable[[str], Awaitable[None]]
        self._caller = caller
        self._playbook = playbook
        self._language = language
        self._queue: deque[bytes | str] = deque()
        self._keys = deque(sorted(caller.keys))
        self._agent = memoryview(caller.agent)
        self._agent_takes: float | None = None
        self._state = CallState.WITH_BOT
        self._started = 0.0
        self.journal: list[Happening] = []
        """What happened, in order."""
        self.takeover: list[link.TakeoverMessage] = []
        """The worker's hand-over messages, in order."""
        self.wishes: list[link.Wish] = []
        """What a waiting caller wished, in order."""
        self.heard = bytearray()
        """The bot's audio as it was played, 8 kHz mu-law, silence where it was silent."""
        self.hung_up = False
        """The bot has said goodbye, and that has been played."""

    async def send(self, message: str) -> None:
        """Take one message of the worker's."""
        fields = json.loads(message)
        match fields["event"]:
            case "media":
                self._queue.append(base64.b64decode(fields["media"]["payload"]))
            case "mark":
                self._queue.append(fields["mark"]["name"])
            case "clear":
                dropped, self._queue = self._queue, deque()
                for item in dropped:
                    await self._mark(item)
            case _:
                await self._ours(link.from_worker.decode(message))

    async def ring(self, receive: Callable[[str], Awaitable[None]]) -> None:
        """Play the whole call to `receive`: start, the caller's audio and keys, stop."""
        self._receive = receive
        self._started = asyncio.get_running_loop().time()
        await self._open()
        audio = self._caller.audio
        for place in range(-(-len(audio) // FRAME) + round(self._caller.linger / FRAME_SECONDS)):
            await self._until(place * FRAME_SECONDS)
            await self._press(place * FRAME_SECONDS)
            await self._answer(place * FRAME_SECONDS)
            await self._send_audio(audio[place * FRAME : (place + 1) * FRAME], "inbound")
            if self._state is CallState.BRIDGED:
                await self._send_audio(bytes(self._agent[:FRAME]), "outbound")
                self._agent = self._agent[FRAME:]
            await self._play()
            if self.hung_up:
                break
        await self._tell({"event": "stop", "streamSid": STREAM})

    async def _open(self) -> None:
        await self._tell({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        parameters = {
            "call": "replay",
            "playbook": self._playbook,
            "language": self._language,
            "caller": self._caller.number,
            "t0": "0",
        }
        start = {"streamSid": STREAM, "callSid": "replay", "customParameters": parameters}
        await self._tell({"event": "start", "streamSid": STREAM, "start": start})
        await self._tell_state(CallState.WITH_BOT, "")

    async def _press(self, t: float) -> None:
        while self._keys and self._keys[0][0] <= t:
            _, digit = self._keys.popleft()
            await self._tell({"event": "dtmf", "streamSid": STREAM, "dtmf": {"digit": digit}})
            if digit == "0" and self._state is CallState.WITH_BOT:
                await self._tell_state(CallState.WAITING, "zero_pressed")

    async def _answer(self, t: float) -> None:
        """Let the agent take the call, a few seconds after it was handed over."""
        if self._agent_takes is not None and t >= self._agent_takes:
            self._agent_takes = None
            await self._tell_state(CallState.BRIDGED, "brief_done")

    async def _ours(self, message: link.FromWorker) -> None:
        match message:
            case link.JournalMessage():
                self.journal.append(Happening(message.t, message.entry))
            case link.TakeoverMessage():
                self.takeover.append(message)
                if message.triggers and self._state is CallState.WITH_BOT:
                    await self._tell_state(CallState.WAITING, "takeover_asked")
            case link.WishMessage(wish=wish):
                self.wishes.append(wish)
            case link.HangUpMessage():
                self.hung_up = True
            case link.AsideMessage():
                pass  # what the bot says is played, wherever the call stands

    async def _tell_state(self, state: CallState, cause: str) -> None:
        self._state = state
        t = asyncio.get_running_loop().time() - self._started
        if state is CallState.WAITING and self._caller.agent:
            self._agent_takes = t + AGENT_TAKES
        message = link.StateMessage(stream_sid=STREAM, state=state, t=t, cause=cause)
        await self._receive(link.encode(message))

    async def _play(self) -> None:
        """Play 20 ms of what the bot has queued."""
        due = FRAME
        while self._queue and due:
            item = self._queue.popleft()
            if isinstance(item, bytes):
                self.heard += item[:due]
                if len(item) > due:
                    self._queue.appendleft(item[due:])
                due -= min(due, len(item))
            else:
                await self._mark(item)
        self.heard += SILENCE[:due]
        while self._queue and isinstance(self._queue[0], str):
            await self._mark(self._queue.popleft())

    async def _mark(self, item: bytes | str) -> None:
        if isinstance(item, str):
            await self._tell({"event": "mark", "streamSid": STREAM, "mark": {"name": item}})

    async def _send_audio(self, mulaw: bytes, track: str) -> None:
        media = {"track": track, "payload": base64.b64encode(mulaw.ljust(FRAME, b"\xff")).decode()}
        await self._tell({"event": "media", "streamSid": STREAM, "media": media})

    async def _tell(self, message: dict[str, Any]) -> None:
        await self._receive(msgspec.json.encode(message).decode())

    async def _until(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, self._started + seconds - asyncio.get_running_loop().time()))


class Worker(Protocol):
    """Where the line leads: anything that makes pipelines; `voice.equipment.Equipment`."""

    def pipeline(self, playbook: str, send: Callable[[str], Awaitable[None]]) -> CallPipeline:
        """Return a pipeline for one call."""


async def ring(worker: Worker, caller: Caller, *, playbook: str = "", language: str = "") -> Line:
    """Play a call to a worker's pipeline, to its end; return the line with what came of it."""
    line = Line(caller, playbook=playbook, language=language)
    pipeline = worker.pipeline(playbook, line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    return line
