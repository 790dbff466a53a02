"""Ringing callers back: an agent takes one from the list, the carrier rings, and the two are connected."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from telephony.calls.callbacks import Callback, Callbacks
from telephony.takeover import inputs as on
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Brief, CallbackClosed, CallbackTried, Entry, Trigger, TriggerKind

_log = logging.getLogger(__name__)

RUNG_BACK = "callback"
"""The parameter with which a call comes that we have made: the name of the call on which it was asked for."""
RING_SECONDS = 45.0
"""How long a caller is rung, the carrier's own time included."""
TRIES = 3
"""After so many calls that nobody took the caller is off the list."""
NOT_LISTED = "That caller is not on the list any more."
NO_CARRIER = "This switchboard cannot ring anybody: set HOOKFLASH_PUBLIC_URL and the carrier's account."


class DialError(OSError):
    """The carrier could not be told to ring somebody; one sentence says why."""


class Dialler(Protocol):
    """A carrier that can ring people."""

    async def dial(self, number: str, line: str, purpose: str) -> str:
        """Ring `number` from `line`; the call that comes of it tells its `purpose`. Raises `DialError`.

        Returns:
            The call's name at the carrier.
        """

    async def hang_up(self, call: str) -> None:
        """Stop ringing, where it rings still; what cannot be stopped rings itself out."""


class Desks(Protocol):
    """The exchange as ringing back needs it."""

    def reserve(self, agent: str, call: str) -> bool:
        """Keep an agent free of other calls, for one that is to be made; False where they are not free."""

    def release(self, agent: str, call: str) -> None:
        """Let them have calls again."""

    def tell(self, agent: str, why: str) -> None:
        """Tell an agent why something came to nothing."""


@dataclass
class _Ringing:
    agent: str
    limit: asyncio.TimerHandle


class PickedUp(Protocol):
    """The call of somebody who has picked up."""

    name: str

    def know(self, brief: Brief | None) -> None:
        """Take in what is known of them."""

    def feed(self, what: on.Input) -> None:
        """Let the state machine answer."""


class RingingBack:
    """Keeps the list and rings those on it.

    Args:
        desks: the exchange.
        clock: the loop's.
        write: takes entries of calls that are over.
        spawn: runs a task to its end.
    """

    def __init__(
        self,
        desks: Desks,
        clock: Clock,
        *,
        write: Callable[[Entry], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._desks = desks
        self._clock = clock
        self._write = write
        self._spawn = spawn
        self._ringing: dict[str, _Ringing] = {}
        self.list = Callbacks()
        self.dialler: Dialler | None = None
        """The carrier; set once there is one that can ring people."""

    def ring(self, agent: str, call: str) -> str:
        """Ring the caller for the agent; returns why not, empty where they are being rung."""
        callback = self.list.open.get(call)
        if callback is None or call in self._ringing:
            return NOT_LISTED
        if self.dialler is None:
            return NO_CARRIER
        if not self._desks.reserve(agent, call):
            return "You have a call already."
        limit = asyncio.get_running_loop().call_later(RING_SECONDS, self.failed, call, "nobody picked up")
        self._ringing[call] = _Ringing(agent, limit)
        self._spawn(self._dial(self.dialler, callback))
        return ""

    def drop(self, agent: str, call: str) -> str:
        """Take a caller off the list who need not be rung; returns why not."""
        if call not in self.list.open or call in self._ringing:
            return NOT_LISTED
        self._close(agent, call, "not_needed")
        return ""

    def connect(self, session: PickedUp, asked_on: str) -> None:
        """Connect somebody whom we have rung with the agent who wanted it, or else with the next one."""
        reached = self._reached(asked_on, session.name)
        if reached is not None:
            agent, callback = reached
            session.know(callback.brief)
            session.feed(on.RungBack(agent))
        else:
            evidence = "The caller was rung back, and the agent is gone."
            trigger = Trigger(kind=TriggerKind.CALLBACK, evidence=evidence, t=0.0)
            session.feed(on.NeedsKnown("", urgent=True))
            session.feed(on.TakeoverAsked((trigger,)))

    def _reached(self, call: str, now_call: str) -> tuple[str, Callback] | None:
        """Return for whom somebody was rung who has picked up; None where nobody is waiting for them."""
        callback = self.list.open.get(call)
        ringing = self._ringing.pop(call, None)
        if callback is None or ringing is None:
            return None
        ringing.limit.cancel()
        self._note(callback, CallbackTried(agent=ringing.agent, call=now_call))
        self._close(ringing.agent, call, "reached")
        return ringing.agent, callback

    def failed(self, call: str, why: str) -> None:
        """Take note that the caller could not be reached; the agent is free again."""
        callback = self.list.open.get(call)
        ringing = self._ringing.pop(call, None)
        if callback is None or ringing is None:
            return
        ringing.limit.cancel()
        self._note(callback, CallbackTried(agent=ringing.agent, why=why))
        if callback.tries + 1 >= TRIES:
            self._close(ringing.agent, call, "not_reached")
        self._desks.release(ringing.agent, call)
        self._desks.tell(ringing.agent, f"{callback.number} could not be reached: {why}.")

    def agent_left(self, agent: str) -> None:
        """Give up for an agent who is gone; whoever picks up goes to the head of the line."""
        for call, ringing in list(self._ringing.items()):
            if ringing.agent == agent:
                self.failed(call, "the agent left")

    def close(self) -> None:
        """Stop waiting for anybody."""
        for ringing in self._ringing.values():
            ringing.limit.cancel()
        self._ringing.clear()

    async def _dial(self, dialler: Dialler, callback: Callback) -> None:
        try:
            await dialler.dial(callback.number, callback.line, callback.call)
        except DialError as error:
            _log.warning("A caller could not be rung back: %s", error)
            self.failed(callback.call, "the carrier could not ring")

    def _close(self, agent: str, call: str, outcome: Literal["reached", "not_reached", "not_needed"]) -> None:
        self._note(self.list.open[call], CallbackClosed(agent=agent, outcome=outcome))

    def _note(self, callback: Callback, event: AnyEvent) -> None:
        at = self._clock.utc()
        t = round((at - callback.began).total_seconds(), 3)
        seq = self.list.open[callback.call].seq + 1
        self._write(Entry(call=callback.call, seq=seq, t=t, at=at, event=event))
