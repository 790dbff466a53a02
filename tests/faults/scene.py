"""A whole call brought into any state, and what the caller then hears."""

import asyncio
from collections.abc import Awaitable, Callable

from telephony.calls.session import Session
from telephony.legs import requests as ask
from telephony.legs.leg import FRAME_SECONDS
from telephony.takeover.faults import AGENT, Line, Outcome
from telephony.takeover.phases import HOLD, Phase
from tests.exchange_hall import AGENT_FRAME, Caller, Desk, Hall
from tests.stand_in_worker import Link, tone, wave_of
from voice.journal import events

P = Phase


class Scene:
    """One call, and everybody on it."""

    def __init__(self, place: Hall, caller: Caller, session: Session, link: Link) -> None:
        self.place, self.caller, self.session, self.link = place, caller, session, link
        self.desk: Desk | None = None
        self.closing: asyncio.Task[None] | None = None

    async def reach(self, phase: Phase) -> None:
        """Bring the call into a phase, in next to no time."""
        steps: dict[Phase, tuple[Callable[[], Awaitable[None]], ...]] = {
            P.WITH_BOT: (),
            P.WORKER_AWAITED: (self.lose_worker,),
            P.GOODBYE: (self.say_goodbye,),
            P.WAITING: (self.press_zero,),
            P.NOBODY: (self.press_zero, self.wait_in_vain),
            P.CALLBACK: (self.press_zero, self.choose_callback),
            P.OFFERED: (self.seat, self.press_zero),
            P.BRIEFING: (self.seat, self.press_zero, self.accept),
            P.BRIDGED: (self.seat, self.press_zero, self.accept, self.skip),
            P.HELD: (self.seat, self.press_zero, self.accept, self.skip, self.hold),
            P.SURVEY: (self.seat, self.press_zero, self.accept, self.skip, self.hang_up),
            P.SURVEY_ALONE: (self.seat, self.press_zero, self.accept, self.skip, self.hang_up, self.wrap_up),
            P.WRAP_UP: (self.seat, self.press_zero, self.accept, self.skip, self.leave),
        }
        for step in steps[phase]:
            await step()
        assert self.session.call.phase is phase

    async def lose_worker(self) -> None:
        self.place.worker.refuses = True
        self.link.die()
        await self.place.until(lambda: self.session.call.phase is P.WORKER_AWAITED)

    async def say_goodbye(self) -> None:
        await self.link.say(tone(8.0, 0x05))
        await self.link.hang_up()
        await self.place.until(lambda: self.session.call.phase is P.GOODBYE)

    async def press_zero(self) -> None:
        if self.desk is None:
            self.session.digit("0")
        else:
            await self.place.press_zero(self.session)

    async def wait_in_vain(self) -> None:
        await self.place.until(lambda: self.session.call.phase is P.NOBODY)

    async def choose_callback(self) -> None:
        for digit in "111":
            self.session.digit(digit)

    async def seat(self) -> None:
        self.desk = self.place.seat(AGENT)

    async def accept(self) -> None:
        self.place.exchange.agent_accepted(AGENT, self.session.name)

    async def skip(self) -> None:
        self.place.exchange.agent_skipped_brief(AGENT, self.session.name)

    async def hold(self) -> None:
        self.place.exchange.agent_asked(AGENT, ask.Hold(call=self.session.name))

    async def hang_up(self) -> None:
        self.place.exchange.agent_hung_up(AGENT, self.session.name)

    async def wrap_up(self) -> None:
        self.place.exchange.agent_wrapped_up(AGENT, self.session.name, "solved")

    async def leave(self) -> None:
        self.session.left("hung up")

    async def noted(self, kind: type[events.Event]) -> None:
        await self.place.until(lambda: any(isinstance(event, kind) for event in self.happened))

    @property
    def happened(self) -> list[events.AnyEvent]:
        return self.place.events(self.session)

    def line(self) -> Line:
        ended = [event for event in self.happened if isinstance(event, events.CallEnded)]
        if not ended:
            return Line.STAYS
        if self.caller.hung_up:
            return Line.HUNG_UP
        return Line.GONE if ended[0].by == "caller" else Line.TO_CARRIER


async def hears(scene: Scene, told: Outcome, since: float) -> None:
    """Check what the caller hears from when it went wrong."""
    caller, place = scene.caller, scene.place
    if told.line is not Line.STAYS or told.phase is P.WRAP_UP:
        return
    if told.said:
        await place.until(
            lambda: any(t >= since and frame[:1] == wave_of(told.said[0]) for t, frame in caller.heard)
        )
    if told.phase in HOLD:
        await asyncio.sleep(0.5)
    if told.phase is P.BRIDGED:
        talking = asyncio.create_task(talk(place, scene.session.call.agent or AGENT))
        await place.until(lambda: bool(caller.live))
        await talking
    if told.phase in HOLD | {P.BRIDGED}:
        assert caller.silent_between(since, place.clock.now()) < 0.2


async def talk(place: Hall, agent: str) -> None:
    """Let the agent say something, longer than the sentence lasts that the caller is told before."""
    for _ in range(75):
        place.exchange.agent_audio(agent, AGENT_FRAME)
        await asyncio.sleep(FRAME_SECONDS)
