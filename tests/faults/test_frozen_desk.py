"""A desk that freezes in the middle of a call: what the caller hears until somebody is there again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from telephony.calls.session import Session
from telephony.desk.leg import DeskLeg
from telephony.legs.leg import FRAME_SECONDS
from telephony.takeover.phases import Phase
from tests.exchange_hall import AGENT_FRAME, Caller, Hall, hall
from tests.stand_in_worker import wave_of
from tests.telephony.desk.test_desk_leg import Socket
from voice.journal import events

pytestmark = pytest.mark.usefixtures("virtual_time")


class Talk:
    """A caller and the agent Ann, whose desk is a real leg on a socket in memory."""

    def __init__(self, place: Hall, socket: Socket, caller: Caller, session: Session) -> None:
        self.place, self.socket, self.caller, self.session = place, socket, caller, session

    async def talk(self, seconds: float) -> None:
        """Let Ann talk."""
        for _ in range(round(seconds / FRAME_SECONDS)):
            self.socket.speaks(AGENT_FRAME)
            await asyncio.sleep(FRAME_SECONDS)

    def heard(self, prompt: str, since: float) -> list[float]:
        """Return after how many seconds the caller heard a fixed sentence."""
        return [t - since for t, frame in self.caller.heard if t >= since and frame[:1] == wave_of(prompt)]

    def happened(self, kind: type[events.Event]) -> int:
        """Return how often that happened."""
        return sum(isinstance(event, kind) for event in self.place.events(self.session))


@asynccontextmanager
async def talking(folder: Path) -> AsyncIterator[Talk]:
    async with hall(folder) as place:
        socket = Socket()
        desk = asyncio.create_task(DeskLeg(socket, "ann", place.exchange, place.clock).run())
        socket.says(type="available", available=True)
        await asyncio.sleep(0.1)
        caller, session = place.ring()
        await place.worker.link()
        session.digit("0")
        await place.until(lambda: bool(socket.told("offer")))
        socket.says(type="accept", call=session.name)
        socket.says(type="skip_brief", call=session.name)
        await place.until(lambda: session.call.phase is Phase.BRIDGED)
        talk = Talk(place, socket, caller, session)
        await talk.talk(3)
        yield talk
        desk.cancel()
        await asyncio.gather(desk, return_exceptions=True)


async def test_the_caller_hears_a_sentence_within_two_seconds_and_then_gets_the_next_agent(
    tmp_path: Path,
) -> None:
    async with talking(tmp_path) as talk:
        bo = talk.place.seat("bo")
        froze = talk.place.clock.now()
        await asyncio.sleep(2.5)
        assert talk.session.call.phase is Phase.BRIDGED
        assert talk.heard("agent_unsteady", froze)[0] < 2.0
        assert talk.happened(events.AgentUnsteady) == 1
        await talk.place.until(lambda: bool(bo.offers))
        assert talk.place.clock.now() - froze < 4.5
        await asyncio.sleep(2.0)
        assert talk.heard("agent_lost", froze)
        assert talk.caller.silent_between(froze, talk.place.clock.now()) < 2.0


async def test_an_agent_who_is_back_in_time_is_heard_after_the_sentence(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await asyncio.sleep(2.0)
        back = talk.place.clock.now()
        await talk.talk(3)
        assert talk.session.call.phase is Phase.BRIDGED
        assert talk.happened(events.AgentSteady) == 1
        sentence_over = max(talk.heard("agent_unsteady", 0.0))
        live = [t for t, _ in talk.caller.live if t >= back]
        assert live[0] >= sentence_over
        assert live[0] - sentence_over < 0.2
        assert not talk.heard("agent_lost", 0.0)


async def test_a_caller_whom_a_colleague_talks_to_is_told_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        exchange, call = talk.place.exchange, talk.session.name
        talk.place.seat("bo")
        talk.socket.says(type="invite", call=call, agent="bo")
        await talk.talk(0.5)
        exchange.agent_accepted("bo", call)
        await asyncio.sleep(3.0)
        assert not talk.heard("agent_unsteady", 0.0)
        await talk.place.until(lambda: talk.session.call.agent == "bo")
        assert talk.session.call.phase is Phase.BRIDGED
