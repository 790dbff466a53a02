"""An agent at an ordinary telephone: rung through the carrier for each call, with keys instead of a screen.

1 takes the call, 2 declines it; a voicemail presses neither, and so never swallows one. The brief is heard by
the agent alone, and 1 skips it. Once they talk, * puts the caller on hold and comes back, and # gives them
back to the bot. Nothing is asked for afterwards: the drafted summary is kept, to be corrected at a desk.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from math import inf
from typing import Any, Protocol

from telephony.calls.callbacks import Callback
from telephony.legs import mulaw
from telephony.legs import requests as ask
from telephony.legs.agent_watch import AgentWatch
from telephony.legs.leg import AgentEvents, CallerLeg, Offer
from telephony.legs.media_stream_caller import CARRIER_SAYS, HUNG_UP
from telephony.takeover.queue import Profile
from voice.journal.clock import Clock
from voice.journal.events import CallState, Entry

PAUSE_SECONDS = 3.0
"""Between one saying of what the keys do and the next."""
SAYINGS = 4
DISPOSITION = "by_telephone"
"""How a call is closed whose agent has no screen to close it on."""


class Rings(Protocol):
    """What rings the agent's telephone."""

    async def ring(self, phone: "PhoneAgent", offer: Offer) -> None:
        """Ring it; `picked_up` or `failed` follows."""

    def put_down(self, phone: "PhoneAgent") -> None:
        """Forget that it was rung."""


class PhoneAgent:
    """An `AgentLeg`, and the `CallerEvents` of the line it is rung on.

    Args:
        agent: their name.
        profile: what they can do.
        events: told what they do.
        clock: the loop's.
        rings: rings them.
        keys: returns the sentence that says what the keys do, 8 kHz mu-law.
        draft: returns the summary of a call as far as it can be told without the agent.
        spawn: runs a task to its end.
    """

    supervisor = False

    def __init__(
        self,
        agent: str,
        profile: Profile,
        events: AgentEvents,
        clock: Clock,
        *,
        rings: Rings,
        keys: Callable[[], bytes],
        draft: Callable[[str], str],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self.agent = agent
        self.profile = profile
        self._events = events
        self._rings = rings
        self._keys = keys
        self._draft = draft
        self._spawn = spawn
        self._call = ""
        self._state: CallState | None = None
        self._line: CallerLeg | None = None
        self._alive = AgentWatch(agent, events, clock, gone=self._silent, silent_seconds=inf)
        self.closed = False
        """They are not on duty by telephone any more."""

    # What the call asks for.

    def offer(self, offer: Offer) -> None:
        """Ring, once for a call: a brief that is bettered does not ring again."""
        if offer.call != self._call:
            self._call, self._state = offer.call, CallState.OFFERED
            self._spawn(self._rings.ring(self, offer))

    def withdraw(self, call: str, reason: str) -> None:
        """Put the telephone down."""
        if call != self._call:
            return
        talked = self._state in (CallState.BRIDGED, CallState.HELD)
        self._over()
        if talked and reason == "caller_left":
            self._wrap_up(call)

    def state(self, call: str, state: CallState) -> None:
        """Take note where the call stands; what is left to write is closed at once."""
        if call != self._call:
            return
        self._state = state
        self._alive.talks(state is CallState.BRIDGED)
        if state is CallState.WRAP_UP:
            self._over()
            self._wrap_up(call)
        elif state not in (CallState.OFFERED, CallState.BRIEFING, CallState.BRIDGED, CallState.HELD):
            self._over()

    def show(self, entry: Entry) -> None:
        """Show nothing: there is no screen."""

    def callbacks(self, callbacks: Sequence[Callback]) -> None:
        """Show nothing."""

    def problem(self, why: str) -> None:
        """Tell nothing."""

    def play(self, mulaw: bytes) -> None:
        """Play to the agent alone."""
        if self._line is not None:
            self._line.play(mulaw)

    def mark(self, name: str) -> None:
        """Tell when all has been heard; at once where nobody is on the line."""
        if self._line is not None:
            self._line.mark(name)
        else:
            self._events.agent_marked(self.agent, name)

    def clear(self) -> None:
        """Drop what is being played."""
        if self._line is not None:
            self._line.clear()

    def send(self, mulaw: bytes) -> None:
        """Pass on live audio."""
        if self._line is not None:
            self._line.send(mulaw)

    async def close(self, reason: str) -> None:
        """Put the telephone down: the agent is not on duty by it any more."""
        self.closed = True
        if (line := self._put_down()) is not None:
            await line.hang_up()

    # What the telephone reports.

    def picked_up(self, line: CallerLeg) -> bool:
        """Somebody, or something, has answered: say what the keys do. False where it is too late."""
        if self._state is not CallState.OFFERED:
            return False
        self._line = line
        sentence = self._keys()
        for _ in range(SAYINGS if sentence else 0):
            line.play(sentence + mulaw.silence(PAUSE_SECONDS))
        return True

    def failed(self) -> None:
        """The telephone could not be reached: the next agent is asked."""
        if self._state is CallState.OFFERED:
            self._decline()

    def audio(self, mulaw: bytes) -> None:
        """Take a frame of the agent's voice: from the first on one comes every 20 ms, silence included."""
        if self._line is not None:  # once it has been put down, frames may still be on their way
            self._alive.begin()
            self._alive.heard()
        self._events.agent_audio(self.agent, mulaw)

    def digit(self, digit: str) -> None:
        """Take a key."""
        events, agent, call = self._events, self.agent, self._call
        match self._state, digit:
            case CallState.OFFERED, "1":
                self.clear()
                events.agent_accepted(agent, call)
            case CallState.OFFERED, "2":
                self._decline()
            case CallState.BRIEFING, "1":
                events.agent_skipped_brief(agent, call)
            case CallState.BRIDGED, "*":
                events.agent_asked(agent, ask.Hold(call=call))
            case CallState.HELD, "*":
                events.agent_asked(agent, ask.Resume(call=call))
            case ((CallState.BRIDGED | CallState.HELD), "#"):
                events.agent_asked(agent, ask.GiveBack(call=call))
            case _:
                pass

    def marked(self, name: str) -> None:
        """Pass a mark on."""
        self._events.agent_marked(self.agent, name)

    def left(self, reason: str) -> None:
        """The agent has put the telephone down, or its line was lost: then the caller gets the next agent."""
        if self._line is None:
            return
        self._line = None
        self._alive.end()
        call = self._call
        if self._state is CallState.OFFERED:
            self._decline()
            return
        talking = self._state is not CallState.BRIEFING
        if not talking:
            self._over()
        if talking and reason not in (HUNG_UP, CARRIER_SAYS):
            self._over()
            self._events.agent_left(self.agent, reason)
            self._events.agent_joined(self)
            self._events.agent_available(self.agent, True)
            return
        self._events.agent_hung_up(self.agent, call)

    def refused(self, why: str) -> None:
        """Nothing of it concerns the call."""

    def _wrap_up(self, call: str) -> None:
        self._events.agent_wrapped_up(self.agent, call, DISPOSITION, self._draft(call))

    def _decline(self) -> None:
        call = self._call
        self._over()
        self._events.agent_declined(self.agent, call)

    def _silent(self) -> None:
        """Nothing comes from the line any more: it counts as lost."""
        line = self._line
        self.left("silent")
        if line is not None:
            self._spawn(_hang_up(line))

    def _over(self) -> None:
        if (line := self._put_down()) is not None:
            self._spawn(_hang_up(line))

    def _put_down(self) -> CallerLeg | None:
        """Have nothing to do with the call any more; returns the line that is to be hung up."""
        line, self._line, self._call, self._state = self._line, None, "", None
        self._alive.end()
        self._rings.put_down(self)
        return line


async def _hang_up(line: CallerLeg) -> None:
    await asyncio.shield(line.hang_up())
