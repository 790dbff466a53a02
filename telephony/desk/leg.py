"""An agent's leg over the desk's WebSocket."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from telephony.calls.callbacks import Callback
from telephony.desk import protocol
from telephony.desk.acting import report
from telephony.desk.limits import TokenBucket
from telephony.desk.sending import CLOSING_SECONDS, Sender, Socket
from telephony.legs.agent_watch import AgentWatch
from telephony.legs.leg import FRAME_BYTES, AgentEvents, Offer
from telephony.legs.liveness import SILENT_SECONDS
from telephony.legs.pacing import Pacer
from telephony.takeover.queue import Profile
from voice.journal.clock import Clock
from voice.journal.events import CallState, Entry

REFUSALS = 20.0
"""Messages refused at once, and one more every second, before the desk is sent away."""
FAULTS_LOGGED = 5.0
"""Faults of our own logged at once, and one more every second: audio comes fifty times a second."""
OUR_FAULT = "That was not done: a fault at the switchboard, which is written down there."

_log = logging.getLogger(__name__)


class DeskLeg:
    """An `AgentLeg`: plays, shows and rings at one desk, and reports what the desk does.

    A frozen desk, one that stops reading or answering, is reported as unsteady while a caller listens to it,
    and counts as left where it stays so. Live audio that cannot be sent at once waits half a second at most,
    and then the oldest of it is dropped; messages never are.

    Args:
        socket: the accepted WebSocket.
        agent: who is signed in.
        events: whom to tell.
        clock: the loop's.
        profile: what the agent can do; everything where none is given.
        supervisor: whether the agent may join the calls of others.
    """

    def __init__(
        self,
        socket: Socket,
        agent: str,
        events: AgentEvents,
        clock: Clock,
        *,
        profile: Profile | None = None,
        supervisor: bool = False,
    ) -> None:
        self._socket = socket
        self._agent = agent
        self._profile = profile or Profile()
        self._supervisor = supervisor
        self._events = events
        self._clock = clock
        self._alive = AgentWatch(
            agent,
            events,
            clock,
            gone=lambda: self._end("silent"),
            ping=lambda: self._post(protocol.Ping()),
        )
        self._sender = Sender(socket, agent, self._end)
        self._pacer = Pacer(self, clock)
        self._marks_due: set[asyncio.TimerHandle] = set()
        self._ending: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._ended = asyncio.Event()
        self._reports = True
        self._messages = TokenBucket(protocol.MESSAGES_PER_SECOND, protocol.MESSAGES_AT_ONCE)
        self._frames = TokenBucket(protocol.FRAMES_PER_SECOND, protocol.FRAMES_AT_ONCE)
        self._refusals = TokenBucket(1.0, REFUSALS)
        self._faults = TokenBucket(1.0, FAULTS_LOGGED)

    @property
    def agent(self) -> str:
        """The agent's name."""
        return self._agent

    @property
    def profile(self) -> Profile:
        """What the agent can do."""
        return self._profile

    @property
    def supervisor(self) -> bool:
        """Whether they may join the calls of others."""
        return self._supervisor

    def play(self, mulaw: bytes) -> None:
        """Queue audio of any length, to be played out in real time."""
        self._pacer.play(mulaw)

    def mark(self, name: str) -> None:
        """Ask for `agent_marked` when all audio queued so far has been heard."""
        if not self._pacer.mark(name):
            self.send_mark(name)

    def clear(self) -> None:
        """Drop what has not been heard, here and in the desk's buffer."""
        names = self._pacer.clear()
        self._sender.drop_audio()
        self._post(protocol.Clear())
        for name in names:
            self._report_mark(name)

    def send(self, mulaw: bytes) -> None:
        """Pass live audio on at once, in pieces of 20 ms at most."""
        for start in range(0, len(mulaw), FRAME_BYTES):
            self.send_frame(mulaw[start : start + FRAME_BYTES])
        self._pacer.passed(mulaw)

    def offer(self, offer: Offer) -> None:
        """Ring."""
        self._post(protocol.offered(offer))

    def withdraw(self, call: str, reason: str) -> None:
        """Stop ringing, or tell that the call is over."""
        self._alive.talks(False)
        self._post(protocol.CallWithdrawn(call=call, reason=reason))

    def show(self, entry: Entry) -> None:
        """Put a journal entry on the screen."""
        self._post(protocol.JournalLine(entry=entry))

    def state(self, call: str, state: CallState) -> None:
        """Tell where the agent's call stands."""
        self._alive.talks(state is CallState.BRIDGED)
        self._post(protocol.CallStands(call=call, state=state))

    def callbacks(self, callbacks: Sequence[Callback]) -> None:
        """Show who is to be rung back."""
        self._post(protocol.callback_list(callbacks))

    def problem(self, why: str) -> None:
        """Say why something was not done."""
        self._post(protocol.Problem(message=why))

    async def close(self, reason: str) -> None:
        """Close the desk's connection without reporting that the agent left: whoever closes it knows."""
        self._reports = False
        self._end(reason)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * CLOSING_SECONDS):
                await self._ended.wait()

    def sign_out(self) -> None:
        """Close the desk's connection and report that the agent left."""
        self._end("signed_out")

    def ready(self) -> bool:
        """There is always room for a frame, if need be the oldest one's."""
        return True

    def send_frame(self, mulaw: bytes) -> None:
        """Take a frame from the pacer."""
        if not self._ending.done():
            self._sender.audio(mulaw)

    def send_mark(self, name: str) -> None:
        """Take a mark from the pacer: it is due when the desk has played the frames before it."""
        loop = asyncio.get_running_loop()

        def report() -> None:
            self._marks_due.discard(timer)
            self._report_mark(name)

        timer = loop.call_later(self._pacer.heard_in(), report)
        self._marks_due.add(timer)

    async def run(self) -> None:
        """Serve the desk until it is gone or is closed."""
        self._post(protocol.welcome(self, SILENT_SECONDS))
        self._events.agent_joined(self)
        self._alive.begin()
        parts = (self._read(), self._sender.run(), self._pacer.run())
        tasks = [asyncio.create_task(part) for part in parts]
        for task in tasks:
            task.add_done_callback(lambda _: self._end("failed"))
        try:
            await self._ending
        finally:
            self._end("stopped")
            self._alive.end()
            for task in tasks:
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, Exception):
                    _log.error("The desk of %s failed.", self._agent, exc_info=outcome)
            for timer in self._marks_due:
                timer.cancel()
            reason = self._ending.result()
            await self._sender.say_goodbye(reason)
            self._ended.set()
            if self._reports:
                self._reports = False
                self._events.agent_left(self._agent, reason)

    def _post(self, message: protocol.ToDeskMessage) -> None:
        if not self._ending.done():
            self._sender.message(protocol.encode(message))

    def _report_mark(self, name: str) -> None:
        if self._reports:
            self._events.agent_marked(self._agent, name)

    def _end(self, reason: str) -> None:
        if not self._ending.done():
            self._ending.set_result(reason)

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                self._end("closed" if message.get("code") in (1000, 1001) else "lost")
                return
            if self._ending.done():
                return
            now = self._clock.now()
            try:
                self._alive.heard()
                self._take(message, now)
            except protocol.ProtocolError as error:
                self._post(protocol.Problem(message=str(error)))
                if not self._refusals.take(now):
                    self._end("misbehaved")
            except Exception:
                # Whatever one message comes to, the agent stays on duty and the caller keeps them.
                if self._faults.take(now):
                    _log.exception("A message of %s's desk failed.", self._agent)
                    self._post(protocol.Problem(message=OUR_FAULT))

    def _take(self, message: Mapping[str, Any], now: float) -> None:
        audio = message.get("bytes")
        if audio is not None:
            frame = protocol.frame(audio)
            # Too many frames come after a stall of the network: what is late then is not worth hearing.
            if self._frames.take(now):
                self._events.agent_audio(self._agent, frame)
            return
        if not self._messages.take(now):
            raise protocol.ProtocolError("Too many messages at once; that one was not acted on.")
        report(self._events, self._agent, protocol.from_desk(message["text"]))
