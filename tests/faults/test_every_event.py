"""Every cell of docs/events.md: it happens on a whole call, and people hear and see what is told there."""

import asyncio
from pathlib import Path

import pytest

from telephony.takeover import inputs as on
from telephony.takeover.events import EVENT_CELLS, EVENTS
from telephony.takeover.faults import AGENT, Line, outcome
from telephony.takeover.phases import Phase
from tests.exchange_hall import hall
from tests.faults.scene import Scene, hears
from tests.stand_in_worker import tone

pytestmark = pytest.mark.usefixtures("virtual_time")


def _id(one: Phase | type[on.Input]) -> str:
    return one.name.lower() if isinstance(one, Phase) else on.name(one)


@pytest.mark.parametrize(("phase", "kind"), EVENT_CELLS, ids=_id)
async def test_it_happens(tmp_path: Path, phase: Phase, kind: type[on.Input]) -> None:
    what = EVENTS[kind]
    told = outcome(phase, what)
    waits = {"unstaffed": 1.0} if phase is Phase.NOBODY else {}
    async with hall(tmp_path, ("survey", "survey_thanks"), (), ring=5.0, worker_back=5.0, **waits) as place:
        caller, session = place.ring()
        scene = Scene(place, caller, session, await place.worker.link())
        await scene.reach(phase)
        await set_up(scene, kind)
        desk = scene.desk
        withdrawn, states = (len(desk.withdrawn), len(desk.states)) if desk else (0, 0)
        before = place.clock.now()
        if isinstance(what, on.FromAgent):
            session.desks.take(what)
        else:
            session.feed(what)
        assert session.call.phase is told.phase
        await asyncio.sleep(0.01)
        assert Phase.WRAP_UP in (phase, told.phase) or scene.line() is told.line
        if desk is not None:
            now = [reason for _, reason in desk.withdrawn[withdrawn:]]
            assert now + [state.value for state in desk.states[states:]] == list(told.told)
        if told.line is Line.STAYS:
            await hears(scene, told, before)


async def set_up(scene: Scene, kind: type[on.Input]) -> None:
    """Keep what else would follow at once from following."""
    exchange = scene.place.exchange
    if scene.session.call.phase is Phase.SURVEY_ALONE:
        exchange.agent_available(AGENT, False)
    if kind is on.BotSaidGoodbye:
        await scene.link.say(tone(8.0, 0x05))
        await asyncio.sleep(0.5)
    if kind is on.StaffDue:
        scene.place.seat("bo", available=False)
        exchange.line.take_agent("another call", "bo", available=False)
