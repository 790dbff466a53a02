"""Every cell of docs/faults.md: it goes wrong on a whole call, and people hear and see what is told there."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from telephony.calls.line_watch import DEAD_SECONDS, STALLED_SECONDS
from telephony.calls.session import Session
from telephony.legs import requests as ask
from telephony.legs.leg import FRAME_SECONDS
from telephony.takeover.drawing import FILES, faults, state_machine
from telephony.takeover.faults import AGENT, CELLS, Fault, Line, Outcome, outcome
from telephony.takeover.phases import ENGAGED, HOLD, Phase
from tests.exchange_hall import AGENT_FRAME, Caller, Desk, Hall, hall
from tests.stand_in_worker import Link, tone, wave_of
from voice.journal import events
from voice.journal.events import CallState

pytestmark = pytest.mark.usefixtures("virtual_time")
P, F = Phase, Fault
DOCS = Path(__file__).parents[2] / "docs"
SHORTLY_BEFORE = 0.3
RING = 5.0
UNSTAFFED = 1.0


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
        self.session.digit("0")

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

    async def goes_wrong(self, fault: Fault) -> None:
        """Let it happen, and wait until it is noticed."""
        exchange, name = self.place.exchange, self.session.name
        match fault:
            case F.CALLER_LEAVES:
                self.session.left("hung up")
            case F.CALLER_STALLS:
                await self.noted(events.LineStalled)
            case F.CALLER_DEAD:
                await self.place.until(lambda: self.caller.closed is not None)
            case F.WORKER_DIES:
                self.link.die()
                await self.noted(events.WorkerLost)
            case F.AGENT_LOST:
                exchange.agent_left(AGENT, "lost")
            case F.AGENT_DECLINES:
                exchange.agent_declined(AGENT, name)
            case F.NO_ANSWER | F.NOBODY | F.NO_WORKER:
                before = self.session.call.phase
                await self.place.until(lambda: self.session.call.phase is not before)
            case F.STOPPED:
                self.closing = asyncio.create_task(exchange.close())
                await asyncio.sleep(FRAME_SECONDS)

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


@pytest.mark.parametrize(("phase", "fault"), CELLS, ids=lambda one: one.name.lower())
async def test_it_goes_wrong(tmp_path: Path, phase: Phase, fault: Fault) -> None:
    told = outcome(phase, fault)
    survey = ("survey", "survey_thanks") if "survey" in phase else ()
    waits = {"unstaffed": UNSTAFFED} if P.NOBODY in (phase, told.phase) else {}
    async with hall(tmp_path, survey, (), ring=RING, worker_back=5.0, **waits) as place:
        caller, session = place.ring()
        scene = Scene(place, caller, session, await place.worker.link())
        await until_shortly_before(fault, scene, UNSTAFFED if phase is P.NOBODY else 0.0)
        await scene.reach(phase)
        desk = scene.desk
        withdrawn, states = (len(desk.withdrawn), len(desk.states)) if desk else (0, 0)
        before = place.clock.now()
        other = line_up(place) if fault is F.AGENT_LOST and phase in (P.OFFERED, P.BRIDGED) else None
        await scene.goes_wrong(fault)
        assert session.call.phase is told.phase
        assert phase is P.WRAP_UP or scene.line() is told.line
        if desk is not None:
            now = [reason for _, reason in desk.withdrawn[withdrawn:]]
            now += [state.value for state in desk.states[states:]]
            assert now == ([] if fault is F.AGENT_LOST else list(told.told))
            kinds = [entry.event.__struct_config__.tag for entry in desk.shown]
            assert all(noted in kinds for noted in told.noted)
        if told.freed and fault not in (F.AGENT_LOST, F.STOPPED):
            assert place.exchange.line.take_agent("the next call", AGENT, available=True)
        if other is not None:
            assert place.exchange.waiting.index(session.name) == (0 if told.ahead else 1)
        await hears(scene, told, before)


async def until_shortly_before(fault: Fault, scene: Scene, takes: float) -> None:
    """Let nothing come from the caller for so long that their line is about to count as stalled, or dead."""
    limit = {F.CALLER_STALLS: STALLED_SECONDS, F.CALLER_DEAD: DEAD_SECONDS}.get(fault)
    if limit is not None:
        await scene.caller.talk(0.1)
        await asyncio.sleep(limit - SHORTLY_BEFORE - takes)


def line_up(place: Hall) -> Session:
    """Let somebody else wait, ahead of whoever comes later."""
    _, other = place.ring()
    other.digit("0")
    return other


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
        talking = asyncio.create_task(talk(place))
        await place.until(lambda: bool(caller.live))
        await talking
    if told.phase in HOLD | {P.BRIDGED}:
        assert caller.silent_between(since, place.clock.now()) < 0.2


async def talk(place: Hall) -> None:
    """Let the agent say something, longer than the sentence lasts that the caller is told before."""
    for _ in range(75):
        place.exchange.agent_audio(AGENT, AGENT_FRAME)
        await asyncio.sleep(FRAME_SECONDS)


def test_the_pages_are_what_the_code_draws() -> None:
    """Else run `python -m telephony.takeover.drawing docs`."""
    for file, drawn in zip(FILES, (state_machine(), faults()), strict=True):
        assert (DOCS / file).read_text() == drawn, file


def test_every_state_has_its_row_for_whatever_can_happen_in_it() -> None:
    assert {phase for phase, _ in CELLS} == set(Phase) - {P.ENDED}
    lost = {phase for phase, fault in CELLS if fault is F.AGENT_LOST}
    assert lost == set(ENGAGED)
    assert CallState.WRAP_UP.value in [
        state for phase, fault in CELLS for state in outcome(phase, fault).told
    ]
