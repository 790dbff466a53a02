"""An agent without a screen: a client of the desk's API for the demo, tests and benchmarks."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Final, TypeVar

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from telephony.desk import protocol
from telephony.desk.conduct import Conduct
from telephony.desk.protocol import FromDeskMessage, ToDeskMessage
from telephony.legs.leg import FRAME_BYTES, FRAME_SECONDS
from telephony.legs.mulaw import SILENCE_BYTE
from voice.journal.clock import Clock
from voice.journal.events import CallState

Message = TypeVar("Message", bound=ToDeskMessage)
_SILENCE: Final = bytes([SILENCE_BYTE]) * FRAME_BYTES
_HEARD_LIMIT: Final = 90_000
"""Frames kept at most, half an hour; after that the oldest are forgotten."""
_SIGN_IN_SECONDS: Final = 15.0


class HeadlessError(Exception):
    """The agent could not sign in or connect; one sentence says why."""


@dataclass(frozen=True)
class Noted:
    """A message that came, and when by the agent's clock."""

    t: float
    message: ToDeskMessage


@dataclass(frozen=True)
class HeardFrame:
    """Audio that came, when by the agent's clock, and where the call stood then."""

    t: float
    mulaw: bytes
    state: CallState | None


class HeadlessAgent:
    """Signs in, behaves as told, and keeps what it was told and heard. Use it with `async with`.

    Args:
        url: the switchboard, e.g. `http://127.0.0.1:8080`.
        clock: the loop's.
        name: the agent's name.
        password: the agent's password; or
        link: a one-time sign-in token.
        conduct: how it behaves.

    Raises:
        HeadlessError: on entering, when the switchboard cannot be reached or refuses the agent.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        name: str = "",
        password: str = "",
        link: str = "",
        conduct: Conduct | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._clock = clock
        self._credentials = {"link": link} if link else {"name": name, "password": password}
        self.conduct = conduct or Conduct()
        self.noted: list[Noted] = []
        self.heard: deque[HeardFrame] = deque(maxlen=_HEARD_LIMIT)
        self.state: CallState | None = None
        self.closed: str | None = None
        """Why the connection is over; None while it is up."""
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_call: set[asyncio.Task[None]] = set()
        self._rung: set[str] = set()
        self._cookie = ""
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> "HeadlessAgent":
        self._cookie = await self._sign_in()
        address = "ws" + self._url.removeprefix("http") + "/desk/ws"
        try:
            self._socket = await connect(
                address,
                additional_headers={"Cookie": self._cookie},
                origin=None,
                compression=None,
                proxy=None,
            )
        except (OSError, InvalidStatus, TimeoutError) as error:
            raise HeadlessError(f"The desk at {self._url} does not answer: {error}.") from error
        self._begin(self._listen(self._socket))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()
        await self._note_closed("closed by the agent")
        for outcome in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome

    @property
    def heard_audio(self) -> bytes:
        """All audio that came, joined."""
        return b"".join(frame.mulaw for frame in self.heard)

    async def send(self, message: FromDeskMessage) -> None:
        """Say something to the switchboard besides what the conduct brings."""
        await self.send_text(protocol.encode(message))

    async def send_text(self, text: str) -> None:
        """Say something that need not be a message at all."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(text)

    def freeze(self) -> None:
        """Read nothing any more, as a desk whose page hangs."""
        if self._socket is not None:
            self._socket.transport.pause_reading()

    async def vanish(self) -> None:
        """Cut the connection without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def wait_for(
        self, kind: type[Message], accept: Callable[[Message], bool] = lambda _: True, *, limit: float = 30.0
    ) -> Message:
        """Return the first message of a kind that `accept` likes, whether it came already or is to come.

        Raises:
            TimeoutError: none came within `limit` seconds, or the connection ended first.
        """
        async with asyncio.timeout(limit), self._changed:
            while True:
                for noted in self.noted:
                    if isinstance(noted.message, kind) and accept(noted.message):
                        return noted.message
                if self.closed is not None:
                    raise TimeoutError(f"The desk's connection ended before {kind.__name__}: {self.closed}.")
                await self._changed.wait()

    async def wait_for_state(self, state: CallState, *, limit: float = 30.0) -> None:
        """Return when the agent's call stands, or has stood, there; raises as `wait_for` does."""
        await self.wait_for(protocol.CallStands, lambda stands: stands.state == state, limit=limit)

    async def _sign_in(self) -> str:
        try:
            async with httpx2.AsyncClient(timeout=_SIGN_IN_SECONDS, trust_env=False) as http:
                answer = await http.post(f"{self._url}/desk/sign-in", json=self._credentials)
        except httpx2.HTTPError as error:
            raise HeadlessError(f"The desk at {self._url} does not answer: {error}.") from error
        if answer.status_code != 200:
            raise HeadlessError(f"The desk did not let the agent in: {answer.text[:200]}")
        return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                if isinstance(message, bytes):
                    self.heard.append(HeardFrame(self._clock.now(), message, self.state))
                else:
                    await self._note(message)
            await self._note_closed(socket.close_reason or "closed by the switchboard")
        except ConnectionClosed as error:
            await self._note_closed(str(error))

    async def _note(self, text: str) -> None:
        try:
            message = protocol.to_desk(text)
        except protocol.ProtocolError:
            return  # a newer switchboard's message, as the protocol allows
        self._react(message)
        async with self._changed:
            self.noted.append(Noted(self._clock.now(), message))
            self._changed.notify_all()

    async def _note_closed(self, why: str) -> None:
        async with self._changed:
            self.closed = self.closed or why
            self._changed.notify_all()

    def _react(self, message: ToDeskMessage) -> None:
        match message:
            case protocol.Ping():
                self._begin(self.send(protocol.Pong()))
            case protocol.Welcome():
                if self.conduct.available:
                    self._begin(self.send(protocol.Available(available=True)))
            case protocol.CallOffered(call=call) if call not in self._rung:
                self._rung.add(call)
                self._begin_on_call(self._answer(call))
            case protocol.CallWithdrawn():
                self._leave_call()
            case protocol.CallStands(call=call, state=state) if state != self.state:
                self.state = state
                self._move_on(call, state)
            case _:
                pass

    def _move_on(self, call: str, state: CallState) -> None:
        conduct = self.conduct
        match state:
            case CallState.BRIEFING:
                self._begin_on_call(self._later(conduct.skip_brief_after, protocol.SkipBrief(call=call)))
            case CallState.BRIDGED:
                self._begin_on_call(self._talk())
                self._begin_on_call(self._later(conduct.hang_up_after, protocol.HangUp(call=call)))
                self._begin_on_call(self._vanish_later(conduct.vanish_after))
            case CallState.WRAP_UP:
                self._leave_call()
                self.state = state
                if conduct.wraps_up:
                    self._begin(self.send(protocol.WrapUp(call=call, disposition=conduct.disposition)))
            case CallState.ENDED:
                self._leave_call()
            case _:
                pass

    async def _answer(self, call: str) -> None:
        await self._later(self.conduct.accept_after, protocol.Accept(call=call))
        if self.conduct.accept_after is None:
            await self._later(self.conduct.decline_after, protocol.Decline(call=call))

    async def _later(self, seconds: float | None, message: FromDeskMessage) -> None:
        if seconds is not None:
            await asyncio.sleep(seconds)
            await self.send(message)

    async def _vanish_later(self, seconds: float | None) -> None:
        if seconds is not None:
            await asyncio.sleep(seconds)
            await self.vanish()

    async def _talk(self) -> None:
        """Send a frame every 20 ms as a microphone does, by a schedule that does not drift."""
        started = self._clock.now()
        quiet = round(self.conduct.speak_after / FRAME_SECONDS)
        count = 0
        while self._socket is not None:
            at = max(count - quiet, 0) * FRAME_BYTES
            spoken = self.conduct.speech[at : at + FRAME_BYTES] if count >= quiet else b""
            try:
                await self._socket.send(spoken + _SILENCE[len(spoken) :])
            except ConnectionClosed:
                return
            count += 1
            await asyncio.sleep(max(started + count * FRAME_SECONDS - self._clock.now(), 0.0))

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks = {one for one in self._tasks if not one.done() or _failure(one)} | {task}
        return task

    def _begin_on_call(self, work: Coroutine[None, None, None]) -> None:
        self._on_call = {one for one in self._on_call if not one.done()} | {self._begin(work)}

    def _leave_call(self) -> None:
        for task in self._on_call:
            task.cancel()
        self._on_call = set()
        self.state = None


def _failure(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
