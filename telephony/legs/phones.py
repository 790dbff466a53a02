"""The agents who are on duty by telephone, and the carrier that rings them."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from telephony.calls.ringing_back import DialError, Dialler
from telephony.legs.leg import AgentEvents, CallerEvents, CallerLeg, Offer
from telephony.legs.phone_agent import PhoneAgent
from telephony.takeover.queue import Profile
from voice.journal.clock import Clock

_log = logging.getLogger(__name__)

PURPOSE: Final = "agent:"
"""Begins the purpose of a call that rings an agent; an unguessable name follows, good for one call."""


@dataclass
class _Ringing:
    """A call of ours that rings an agent."""

    phone: PhoneAgent
    call: str = ""
    """What the carrier calls it, once it has told."""
    wanted: bool = True


class Phones:
    """Seats agents at their telephones.

    Args:
        events: the exchange.
        clock: the loop's.
        keys: returns the sentence that says what the keys do, 8 kHz mu-law.
        draft: returns a call's summary as far as it can be told without its agent.
    """

    def __init__(
        self,
        events: AgentEvents,
        clock: Clock,
        keys: Callable[[], bytes],
        draft: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._events = events
        self._clock = clock
        self._keys = keys
        self._draft = draft
        self._numbers: dict[str, str] = {}
        self._ringing: dict[str, _Ringing] = {}
        """By the purpose of the call."""
        self._on_duty: dict[str, PhoneAgent] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.dialler: Dialler | None = None
        """The carrier; set once there is one that can ring people."""

    def begin(self, agent: str, number: str, profile: Profile) -> str:
        """Put an agent on duty at their telephone; returns why not, in a sentence, or nothing."""
        if self.dialler is None:
            return "No telephone can be rung: set HOOKFLASH_PUBLIC_URL and the carrier's account."
        if not number:
            return "Your account has no telephone number: ask for `hookflash agent phone`."
        self._numbers[agent] = number
        phone = PhoneAgent(
            agent,
            profile,
            self._events,
            self._clock,
            rings=self,
            keys=self._keys,
            draft=self._draft,
            spawn=self._spawn,
        )
        self._on_duty[agent] = phone
        self._events.agent_joined(phone)
        self._events.agent_available(agent, True)
        return ""

    def end(self, agent: str) -> None:
        """Take an agent off duty who is on duty by telephone."""
        phone = self._on_duty.pop(agent, None)
        if phone is not None and not phone.closed:
            self._events.agent_left(agent, "off_duty")
            self._spawn(phone.close("off_duty"))

    def picked_up(self, purpose: str, line: CallerLeg) -> CallerEvents | None:
        """Return who takes the line that a call of ours came to; None where nobody waits for it any more."""
        one = self._ringing.pop(purpose, None)
        return one.phone if one is not None and one.phone.picked_up(line) else None

    def failed(self, purpose: str) -> None:
        """Take note that a telephone was not answered."""
        if (one := self._ringing.pop(purpose, None)) is not None:
            one.phone.failed()

    async def ring(self, phone: PhoneAgent, offer: Offer) -> None:
        """Ring an agent's telephone for a call."""
        purpose = PURPOSE + secrets.token_urlsafe(16)
        one = self._ringing[purpose] = _Ringing(phone)
        if self.dialler is None:
            self.failed(purpose)
            return
        try:
            one.call = await self.dialler.dial(self._numbers[phone.agent], offer.called, purpose)
        except DialError as error:
            _log.warning("Agent %s could not be rung: %s", phone.agent, error)
            self.failed(purpose)
        else:
            if not one.wanted:
                await self.dialler.hang_up(one.call)

    def put_down(self, phone: PhoneAgent) -> None:
        """Stop a telephone ringing: an agent who is free again may be rung for another call at once."""
        for purpose, one in [item for item in self._ringing.items() if item[1].phone is phone]:
            del self._ringing[purpose]
            one.wanted = False
            if one.call and self.dialler is not None:
                self._spawn(self.dialler.hang_up(one.call))

    async def close(self) -> None:
        """Wait until what was begun is done."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2.0)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
