"""The agent without a screen against the desk's real WebSocket: each way to behave."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.desk import protocol
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent, HeadlessError
from telephony.legs.leg import Offer
from tests.desk_stand_in import NAME, PASSWORD, Desk, serve_desk
from voice.journal.clock import LoopClock
from voice.journal.events import CallState

VOICE = bytes(range(160)) * 5
CALL = "c1"
OFFER = Offer(call=CALL, caller="+47", line="Fjord", ring_seconds=20.0, brief=None)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with serve_desk(tmp_path) as serving:
        yield serving


def agent(desk: Desk, **conduct: object) -> HeadlessAgent:
    return HeadlessAgent(
        desk.url,
        LoopClock(),
        name=NAME,
        password=PASSWORD,
        conduct=Conduct(**{"accept_after": 0.0, **conduct}),  # type: ignore[arg-type]  # any of its fields
    )


async def test_it_takes_a_call_talks_listens_and_wraps_up(desk: Desk) -> None:
    exchange = desk.exchange
    async with agent(desk, speech=VOICE, speak_after=0.0, skip_brief_after=0.0, hang_up_after=0.5) as ada:
        await exchange.reported("available", NAME)
        leg = exchange.legs[NAME]
        leg.offer(OFFER)
        leg.offer(OFFER)
        await exchange.reported("accepted", NAME, CALL)
        leg.state(CALL, CallState.BRIEFING)
        await exchange.reported("skipped_brief", NAME, CALL)
        leg.state(CALL, CallState.BRIDGED)
        leg.send(VOICE[:160])
        await exchange.until(lambda: len(exchange.audio) > 6)
        await exchange.reported("hung_up", NAME, CALL)
        leg.state(CALL, CallState.WRAP_UP)
        await exchange.reported("wrapped_up", NAME, CALL, "resolved")
        leg.state(CALL, CallState.ENDED)
        await ada.wait_for_state(CallState.ENDED)
    assert b"".join(exchange.audio[:5]) == VOICE
    assert set(exchange.audio[5]) == {0xFF}
    (heard,) = ada.heard
    assert (heard.mulaw, heard.state) == (VOICE[:160], CallState.BRIDGED)
    assert exchange.reports.count(("accepted", NAME, CALL)) == 1
    assert [noted.t for noted in ada.noted] == sorted(noted.t for noted in ada.noted)
    await exchange.reported("left", NAME, "closed")


async def test_it_declines(desk: Desk) -> None:
    async with agent(desk, accept_after=None, decline_after=0.0):
        await desk.exchange.reported("joined", NAME)
        desk.exchange.legs[NAME].offer(OFFER)
        await desk.exchange.reported("declined", NAME, CALL)


async def test_it_lets_a_call_ring_out(desk: Desk) -> None:
    async with agent(desk, accept_after=None) as ada:
        await desk.exchange.reported("joined", NAME)
        leg = desk.exchange.legs[NAME]
        leg.offer(OFFER)
        leg.withdraw(CALL, "no_answer")
        await ada.wait_for(protocol.CallWithdrawn, lambda message: message.reason == "no_answer")
    assert not [report for report in desk.exchange.reports if report[0] in ("accepted", "declined")]


async def test_it_does_not_take_a_call_that_was_withdrawn_before_its_delay(desk: Desk) -> None:
    async with agent(desk, accept_after=0.3) as ada:
        await desk.exchange.reported("joined", NAME)
        leg = desk.exchange.legs[NAME]
        leg.offer(OFFER)
        leg.withdraw(CALL, "caller_left")
        await ada.wait_for(protocol.CallWithdrawn)
        await asyncio.sleep(0.5)
    assert ("accepted", NAME, CALL) not in desk.exchange.reports


async def test_it_vanishes_in_mid_call(desk: Desk) -> None:
    async with agent(desk, vanish_after=0.1) as ada:
        await desk.exchange.reported("joined", NAME)
        desk.exchange.legs[NAME].state(CALL, CallState.BRIDGED)
        await desk.exchange.reported("left", NAME, "lost")
        with pytest.raises(TimeoutError, match="ended before"):
            await ada.wait_for_state(CallState.ENDED)


async def test_a_link_lets_it_in(desk: Desk) -> None:
    token = desk.accounts.make_link(NAME, datetime.now(UTC))
    async with HeadlessAgent(desk.url, LoopClock(), link=token) as ada:
        assert (await ada.wait_for(protocol.Welcome)).agent == NAME


async def test_what_keeps_it_out_is_one_sentence(desk: Desk) -> None:
    with pytest.raises(HeadlessError, match="do not fit"):
        async with HeadlessAgent(desk.url, LoopClock(), name=NAME, password="a wrong one"):
            pass
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(HeadlessError, match="does not answer"):
        async with HeadlessAgent(nobody, LoopClock(), name=NAME, password=PASSWORD):
            pass
