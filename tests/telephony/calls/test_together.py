"""What agents do with a call they have: hold, keys, promises, colleagues, supervisors, and giving it back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from telephony.calls.mixing import mixed
from telephony.calls.session import Session
from telephony.legs import requests as ask
from telephony.legs.dtmf import tones
from telephony.takeover.phases import Phase
from tests.exchange_hall import AGENT_FRAME, FRAME, Caller, Desk, Hall, hall
from tests.stand_in_worker import Link, wave_of
from voice.journal import events
from voice.journal.events import CallState

pytestmark = pytest.mark.usefixtures("virtual_time")

BO_FRAME = b"\x18\x98" * 80


@dataclass
class Talk:
    """A caller whom ann has."""

    place: Hall
    caller: Caller
    session: Session
    link: Link
    ann: Desk

    def asks(self, agent: str, request: ask.AnyRequest) -> None:
        self.place.exchange.agent_asked(agent, request)

    def say(self, agent: str, frame: bytes) -> None:
        self.place.exchange.agent_audio(agent, frame)

    @property
    def call(self) -> str:
        return self.session.name

    @property
    def told(self) -> list[events.AnyEvent]:
        return self.place.events(self.session)

    def at_caller(self) -> list[bytes]:
        return [frame for _, frame in self.caller.live]


@asynccontextmanager
async def talking(folder: Path) -> AsyncIterator[Talk]:
    async with hall(folder) as place:
        ann = place.seat("ann")
        caller, session = place.ring()
        link = await place.worker.link()
        await place.press_zero(session)
        place.exchange.agent_accepted("ann", session.name)
        place.exchange.agent_skipped_brief("ann", session.name)
        await place.until(lambda: session.call.state is CallState.BRIDGED)
        await asyncio.sleep(3)
        yield Talk(place, caller, session, link, ann)


async def test_on_hold_the_caller_hears_music_and_neither_side_the_other(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.asks("ann", ask.Hold(call=talk.call))
        assert talk.session.call.phase is Phase.HELD
        began = talk.place.clock.now()
        talk.say("ann", AGENT_FRAME)
        before = len(talk.ann.live)
        await talk.caller.talk(2.0)
        assert talk.at_caller() == []
        assert len(talk.ann.live) == before
        assert talk.caller.silent_between(began, talk.place.clock.now()) < 0.1
        assert talk.ann.states[-1] is CallState.HELD
        talk.asks("ann", ask.Resume(call=talk.call))
        talk.say("ann", AGENT_FRAME)
        assert talk.at_caller() == [AGENT_FRAME]
        assert talk.link.states[-2:] == ["held", "bridged"] or await talk.place.until(
            lambda: talk.link.states[-2:] == ["held", "bridged"]
        )
        assert sum(isinstance(event, events.Bridged) for event in talk.told) == 1


async def test_key_tones_reach_the_callers_line_and_nobody_talks_into_them(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.asks("ann", ask.SendKeys(call=talk.call, digits="1#"))
        talk.say("ann", AGENT_FRAME)
        await asyncio.sleep(1)
        played = b"".join(frame for _, frame in talk.caller.heard)
        assert tones("1#") in played
        assert talk.at_caller() == []
        talk.say("ann", AGENT_FRAME)
        assert talk.at_caller() == [AGENT_FRAME]
        assert events.KeysSent(agent="ann", digits="1#") in talk.told


async def test_a_muted_agent_is_heard_by_nobody(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.asks("ann", ask.Mute(call=talk.call, muted=True))
        talk.say("ann", AGENT_FRAME)
        assert talk.at_caller() == []
        talk.asks("ann", ask.Mute(call=talk.call, muted=False))
        talk.say("ann", AGENT_FRAME)
        assert talk.at_caller() == [AGENT_FRAME]


async def test_the_bot_gets_the_call_back_with_all_that_happened(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.asks("ann", ask.NotePromise(call=talk.call, text="A letter on Friday."))
        talk.asks("ann", ask.GiveBack(call=talk.call, instruction="take the new address, then close"))
        assert talk.session.call.state is CallState.WITH_BOT
        await talk.place.until(lambda: talk.link.states[-1] == "with_bot")
        told = talk.link.of("state")[-1]
        assert told["cause"] == "given_back"
        kinds = [entry["event"]["kind"] for entry in told["history"]]
        assert kinds.index("promised") < kinds.index("given_back")
        assert (talk.call, "given_back") in talk.ann.withdrawn
        await asyncio.sleep(3)
        assert wave_of("bot_back") in {frame[:1] for _, frame in talk.caller.heard}
        # Ann is free for the next caller, and this one may ask for a person again.
        _, second = talk.place.ring()
        await talk.place.press_zero(second)
        assert second.call.agent == "ann"
        await talk.place.press_zero(talk.session)
        assert talk.session.call.phase is Phase.WAITING


async def test_without_a_worker_the_call_is_not_given_to_nobody(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        await talk.place.worker.stop()
        await talk.place.until(lambda: any(isinstance(event, events.WorkerLost) for event in talk.told))
        talk.asks("ann", ask.GiveBack(call=talk.call))
        assert talk.session.call.phase is Phase.BRIDGED
        assert talk.ann.problems == ["There is no bot to give the call to just now."]


async def test_a_colleague_joins_and_three_people_talk(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        bo = talk.place.seat("bo")
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        assert (bo.offers[0].role, bo.offers[0].asked_by) == ("colleague", "ann")
        # Who is rung for one call is not offered another.
        _, second = talk.place.ring()
        await talk.place.press_zero(second)
        assert second.call.phase is Phase.WAITING
        talk.place.exchange.agent_accepted("bo", talk.call)
        assert bo.states == [CallState.BRIDGED]
        assert events.GuestJoined(agent="bo", role="colleague") in talk.told
        for _ in range(5):
            talk.session.audio(FRAME)
            talk.say("ann", AGENT_FRAME)
            talk.say("bo", BO_FRAME)
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert mixed([AGENT_FRAME, BO_FRAME]) in talk.at_caller()
        assert mixed([FRAME, AGENT_FRAME]) in [frame for _, frame in bo.live]
        assert mixed([FRAME, BO_FRAME]) in [frame for _, frame in talk.ann.live]


async def test_the_call_is_left_to_the_colleague_who_joined(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        bo = talk.place.seat("bo")
        talk.asks("ann", ask.Leave(call=talk.call))
        assert talk.ann.problems == ["Nobody else is on the line to leave the caller to."]
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        talk.place.exchange.agent_accepted("bo", talk.call)
        talk.asks("ann", ask.Leave(call=talk.call))
        assert (talk.session.call.agent, talk.session.call.phase) == ("bo", Phase.BRIDGED)
        assert (talk.call, "handed_on") in talk.ann.withdrawn
        await asyncio.sleep(0.5)
        talk.session.audio(FRAME)
        talk.say("bo", BO_FRAME)
        talk.say("ann", AGENT_FRAME)
        assert [frame for _, frame in bo.live][-1] == FRAME
        assert talk.at_caller()[-1] == BO_FRAME
        talk.place.exchange.agent_hung_up("bo", talk.call)
        assert talk.session.call.phase is Phase.WRAP_UP
        assert talk.caller.hung_up or await talk.place.until(lambda: talk.caller.hung_up)


async def test_an_agent_whose_line_drops_leaves_the_caller_to_the_colleague(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.place.seat("bo")
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        talk.place.exchange.agent_accepted("bo", talk.call)
        talk.place.exchange.agent_left("ann", "lost")
        assert (talk.session.call.agent, talk.session.call.phase) == ("bo", Phase.BRIDGED)
        assert events.AgentLeft(agent="ann", reason="lost") in talk.told


async def test_a_colleague_who_does_not_come_changes_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        bo = talk.place.seat("bo")
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        talk.place.exchange.agent_declined("bo", talk.call)
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        await asyncio.sleep(21)
        assert (talk.call, "no_answer") in bo.withdrawn
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        talk.place.exchange.agent_left("bo", "lost")
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        assert talk.ann.problems == ["bo is not free."]
        left = [event.reason for event in talk.told if isinstance(event, events.GuestLeft)]
        assert left == ["declined", "no_answer", "lost"]
        assert (talk.session.call.agent, talk.session.call.phase) == ("ann", Phase.BRIDGED)


async def test_no_guest_outlives_the_call(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        bo = talk.place.seat("bo")
        talk.asks("ann", ask.Invite(call=talk.call, agent="bo"))
        talk.place.exchange.agent_accepted("bo", talk.call)
        talk.session.left("hung up")
        assert (talk.call, "call_over") in bo.withdrawn
        assert events.GuestLeft(agent="bo", role="colleague", reason="call_over") in talk.told


async def test_a_supervisor_listens_coaches_and_barges_in(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        sue = talk.place.seat("sue", available=False)
        talk.asks("sue", ask.Supervise(call=talk.call, role="listen"))
        assert sue.problems == ["Only supervisors may do that."]
        sue.supervisor = True
        heard_by: tuple[tuple[ask.SupervisorRole, set[str]], ...] = (
            ("listen", set()),
            ("coach", {"ann"}),
            ("barge", {"ann", "caller"}),
        )
        for role, reaches in heard_by:
            talk.asks("sue", ask.Supervise(call=talk.call, role=role))
            before = {"ann": len(talk.ann.live), "caller": len(talk.caller.live)}
            talk.say("sue", BO_FRAME)
            await asyncio.sleep(0.1)
            after = {"ann": len(talk.ann.live), "caller": len(talk.caller.live)}
            assert {name for name in after if after[name] > before[name]} == reaches, role
            talk.say("ann", AGENT_FRAME)
            await asyncio.sleep(0.1)
            assert sue.live[-1][1] == AGENT_FRAME
        talk.asks("sue", ask.Leave(call=talk.call))
        roles = [event.role for event in talk.told if isinstance(event, events.GuestJoined)]
        assert roles == ["listen", "coach", "barge"]
        talk.place.exchange.agent_available("sue", True)
        _, second = talk.place.ring()
        await talk.place.press_zero(second)
        assert second.call.agent == "sue"


async def test_who_does_not_have_the_call_may_do_nothing_with_it(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        bo = talk.place.seat("bo")
        for request in (
            ask.Hold(call=talk.call),
            ask.GiveBack(call=talk.call),
            ask.Mute(call=talk.call, muted=True),
        ):
            talk.asks("bo", request)
        talk.asks("bo", ask.Hold(call="another"))
        assert bo.problems == ["You do not have that call."] * 3 + ["That call is over."]
        assert talk.session.call.phase is Phase.BRIDGED
