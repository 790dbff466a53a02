"""Every cell of docs/faults.md: it goes wrong on a whole call, and people hear and see what is told there."""

import asyncio
from pathlib import Path

import pytest

from telephony.calls.line_watch import DEAD_SECONDS, STALLED_SECONDS
from telephony.calls.session import Session
from telephony.legs.leg import FRAME_SECONDS
from telephony.takeover import inputs as on
from telephony.takeover.drawing import FILES, faults, happenings, state_machine
from telephony.takeover.events import EVENTS, answered
from telephony.takeover.faults import AGENT, CELLS, INPUTS, WHERE, Fault, outcome
from telephony.takeover.machine import TABLE
from telephony.takeover.phases import ENGAGED, Phase
from tests.exchange_hall import Hall, hall
from tests.faults.scene import Scene, hears
from voice.journal import events
from voice.journal.events import CallState

pytestmark = pytest.mark.usefixtures("virtual_time")
P, F = Phase, Fault
DOCS = Path(__file__).parents[2] / "docs"
SHORTLY_BEFORE = 0.3
RING = 5.0
UNSTAFFED = 1.0


async def goes_wrong(scene: Scene, fault: Fault) -> None:
    """Let it happen, and wait until it is noticed."""
    exchange, name = scene.place.exchange, scene.session.name
    match fault:
        case F.CALLER_LEAVES:
            scene.session.left("hung up")
        case F.CALLER_STALLS:
            await scene.noted(events.LineStalled)
        case F.CALLER_DEAD:
            await scene.place.until(lambda: scene.caller.closed is not None)
        case F.WORKER_DIES:
            scene.link.die()
            await scene.noted(events.WorkerLost)
        case F.AGENT_UNSTEADY:
            exchange.agent_unsteady(AGENT, 1.5)
        case F.AGENT_LOST:
            exchange.agent_left(AGENT, "lost")
        case F.AGENT_DECLINES:
            exchange.agent_declined(AGENT, name)
        case F.NO_ANSWER | F.NOBODY | F.NO_WORKER:
            before = scene.session.call.phase
            await scene.place.until(lambda: scene.session.call.phase is not before)
        case F.WORKERS_FULL | F.DEAD_AIR | F.WAIT_OVER | F.NOT_WRITTEN:
            scene.session.feed(INPUTS[fault])
        case F.STOPPED:
            scene.closing = asyncio.create_task(exchange.close())
            await asyncio.sleep(FRAME_SECONDS)


@pytest.mark.parametrize(("phase", "fault"), CELLS, ids=lambda one: one.name.lower())
async def test_it_goes_wrong(tmp_path: Path, phase: Phase, fault: Fault) -> None:
    told = outcome(phase, INPUTS[fault])
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
        await goes_wrong(scene, fault)
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
    """Let somebody in need wait, ahead of all but those whom an agent has had."""
    _, other = place.ring()
    other.feed(on.NeedsKnown("", urgent=True))
    other.digit("0")
    return other


def test_the_pages_are_what_the_code_draws() -> None:
    """Else run `python -m telephony.takeover.drawing docs`."""
    for file, drawn in zip(FILES, (state_machine(), faults(), happenings()), strict=True):
        assert (DOCS / file).read_text() == drawn, file


def test_every_input_of_the_machine_is_an_event_or_a_fault_and_none_is_both() -> None:
    wrong = {type(what) for what in INPUTS.values()}
    assert wrong | set(EVENTS) == set(TABLE)
    assert not wrong & set(EVENTS)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_has_a_row_wherever_the_machine_answers_it(fault: Fault) -> None:
    impossible = {P.WORKER_AWAITED} if fault is F.WORKER_DIES else set()  # there is none to die
    assert {phase for phase in Phase if answered(phase, type(INPUTS[fault]))} - impossible == WHERE[fault]


def test_every_state_has_its_row_for_whatever_can_happen_in_it() -> None:
    assert {phase for phase, _ in CELLS} == set(Phase) - {P.ENDED}
    lost = {phase for phase, fault in CELLS if fault is F.AGENT_LOST}
    assert lost == set(ENGAGED)
    assert CallState.WRAP_UP.value in [
        state for phase, fault in CELLS for state in outcome(phase, INPUTS[fault]).told
    ]
