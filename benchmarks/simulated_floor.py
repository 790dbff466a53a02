"""Callers, agents and workers without sockets, for days of calls on an event loop whose time jumps."""

import asyncio
import math
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from telephony.calls.callbacks import Callback
from telephony.calls.session import Session
from telephony.exchange import Exchange
from telephony.legs.leg import Arrival, CallerEvents, Offer
from telephony.legs.mulaw import SAMPLE_RATE
from telephony.legs.worker_link import WorkerLink
from telephony.takeover.phases import Phase
from telephony.takeover.queue import Profile
from telephony.takeover.waiting_time import HandlingTimes
from voice.journal import events
from voice.journal.clock import Clock
from voice.journal.events import CallState, Entry

HANDLING, SPREAD = 210.0, 0.55
"""Seconds of talk, the median, and the standard deviation of their logarithm."""
PAPERWORK = (10.0, 50.0)
PICKING_UP = (2.0, 9.0)
TRUE_TIMES = 5_000
PATIENCE = 1_200.0
"""Seconds a waiting caller stays, on average."""
WITH_BOT = 20.0
"""Seconds a caller is with the bot."""
BREAK = 60.0
_NOTE = bytes([0x30]) * (10 * SAMPLE_RATE)


class TrueTimes(HandlingTimes):
    """How long calls really take, as nobody in life knows it: for the best estimate there can be.

    An agent is busy from the first ring to the end of the paperwork.
    """

    def __init__(self) -> None:
        draw = random.Random(0)
        self._true = tuple(
            draw.uniform(*PICKING_UP)
            + draw.lognormvariate(math.log(HANDLING), SPREAD)
            + draw.uniform(*PAPERWORK)
            for _ in range(TRUE_TIMES)
        )

    @property
    def kept(self) -> tuple[float, ...]:
        """Draws from the truth."""
        return self._true

    def note(self, seconds: float) -> None:
        """Learn nothing: all is known."""


class SilentLink(WorkerLink):
    """A voice link to a worker that says nothing."""

    async def run(self) -> None:
        """Be there until the call is over."""
        self._events.worker_joined(False)
        await self._over.wait()


class PlainMusic:
    """`Music` that costs nothing to make."""

    def at(self, start: float, seconds: float) -> bytes:
        """Return as much of one note."""
        return _NOTE[: round(seconds * SAMPLE_RATE)]

    def under(self, speech: bytes, start: float) -> bytes:
        """Return what is said, alone."""
        return speech


class _Leg(ABC):
    """A party's line without audio: marks come back when what was queued would have been heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends = 0.0
        self._marks: dict[str, asyncio.TimerHandle] = {}

    def play(self, mulaw: bytes) -> None:
        self._ends = max(self._ends, self._clock.now()) + len(mulaw) / SAMPLE_RATE

    def mark(self, name: str) -> None:
        wait = max(0.0, self._ends - self._clock.now())
        self._marks[name] = asyncio.get_running_loop().call_later(wait, self._returned, name)

    def clear(self) -> None:
        self._ends = self._clock.now()
        for name in list(self._marks):
            self._marks[name].cancel()
            self._returned(name)

    def send(self, mulaw: bytes) -> None:
        return

    async def close(self, reason: str) -> None:
        for handle in self._marks.values():
            handle.cancel()
        self._marks.clear()

    def _returned(self, name: str) -> None:
        del self._marks[name]
        self.marked(name)

    @abstractmethod
    def marked(self, name: str) -> None:
        """Tell that a mark came back."""


class _Caller(_Leg):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.events: CallerEvents | None = None

    def marked(self, name: str) -> None:
        if self.events is not None:
            self.events.marked(name)

    async def hang_up(self) -> None:
        await self.close("hung up")
        if self.events is not None:
            self.events.left("hung up")


class _Desk(_Leg):
    """An agent with habits."""

    def __init__(self, day: "Day", agent: str, profile: Profile) -> None:
        super().__init__(day.clock)
        self._day = day
        self.agent, self.profile, self.supervisor = agent, profile, False
        self._call: str | None = None
        self._random = random.Random(f"{day.seed} {agent}")

    def marked(self, name: str) -> None:
        self._day.exchange.agent_marked(self.agent, name)

    def offer(self, offer: Offer) -> None:
        if self._call is not None and self._call != offer.call:
            self._day.offered_twice += 1
        self._call = offer.call
        mood = self._random.random()
        if mood < 0.03:  # lets it ring
            return
        answer = self._decline if mood < 0.06 else self._accept
        self._later(self._random.uniform(*PICKING_UP), answer, offer.call)

    def _accept(self, call: str) -> None:
        self._day.exchange.agent_accepted(self.agent, call)

    def _decline(self, call: str) -> None:
        self._call = None
        self._day.exchange.agent_declined(self.agent, call, "busy with something else")

    def withdraw(self, call: str, reason: str) -> None:
        if call == self._call and reason in ("no_answer", "taken", "callback"):
            self._call = None

    def state(self, call: str, state: CallState) -> None:
        match state:
            case CallState.BRIDGED:
                self._later(self._handling(), self._hang_up, call)
            case CallState.WRAP_UP:
                self._later(self._random.uniform(*PAPERWORK), self._wrap_up, call)
            case CallState.ENDED if call == self._call:
                self._call = None
            case _:
                pass

    def _handling(self) -> float:
        return self._random.lognormvariate(math.log(HANDLING), SPREAD)

    def _hang_up(self, call: str) -> None:
        if self._random.random() < 0.01:
            self._day.lose(self)
        else:
            self._day.exchange.agent_hung_up(self.agent, call)

    def _wrap_up(self, call: str) -> None:
        self._call = None
        self._day.exchange.agent_wrapped_up(self.agent, call, "resolved")

    def _later(self, seconds: float, then: Callable[[str], None], call: str) -> None:
        def do() -> None:
            if self._call == call:
                then(call)

        asyncio.get_running_loop().call_later(seconds, do)

    def show(self, entry: Entry) -> None:
        return

    def callbacks(self, callbacks: Sequence[Callback]) -> None:
        return

    def problem(self, why: str) -> None:
        return


@dataclass
class Day:
    """Everything that happens."""

    clock: Clock
    exchange: Exchange
    seed: int
    offered_twice: int = 0
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin the day's chances."""
        self.randomness = random.Random(self.seed)

    def seat(self, agent: str, profile: Profile) -> None:
        """Let an agent sign in and be available."""
        self.exchange.agent_joined(_Desk(self, agent, profile))
        self.exchange.agent_available(agent, True)

    def lose(self, desk: _Desk) -> None:
        """Cut an agent's connection; they are back within a minute."""
        self.exchange.agent_left(desk.agent, "lost")
        asyncio.get_running_loop().call_later(BREAK, self.seat, desk.agent, desk.profile)

    async def ring(self, number: int) -> None:
        """Let a caller come, ask for a person, and wait as long as they can."""
        draw = self.randomness
        caller = _Caller(self.clock)
        language = "fr" if draw.random() < 0.1 else "en"
        arrival = Arrival(
            carrier="simulated", carrier_call=f"CA{number}", stream=f"MZ{number}", caller=f"+47{number:08d}",
            called="+4721000000", parameters={"language": language},
        )  # fmt: skip
        session = self.exchange.call_arrived(arrival, caller)
        assert isinstance(session, Session)
        caller.events = session
        self.sessions.append(session)
        wanted = draw.random()
        patience = draw.expovariate(1 / PATIENCE)
        key = "1" if draw.random() < 0.05 else ""
        await asyncio.sleep(WITH_BOT)
        if wanted < 0.15:
            session.report(events.Understood(request="fraud" if wanted < 0.05 else "card", confidence=1.0))
        session.digit("0")
        await asyncio.sleep(patience)
        if session.call.phase is Phase.WAITING:
            for digit in (key, key, key) if key else ():
                session.digit(digit)
            if not key:
                session.left("hung up")
