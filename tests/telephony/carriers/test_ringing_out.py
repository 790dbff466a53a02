"""A caller is rung over the carrier's API: the emulated carrier plays it, from the request to the stream."""

import asyncio
import random

import pytest

from telephony.calls.ringing_back import DialError
from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import KeyPress, RecordedCaller
from telephony.legs.leg import Offer
from telephony.legs.phones import Phones
from telephony.takeover.queue import Profile
from tests.desk_stand_in import StandInExchange
from tests.stand_in_worker import tone
from tests.telephony.carriers.answering import TOKEN, RememberingExchange, answering
from voice.journal.clock import LoopClock
from voice.journal.events import CallState

NUMBER, LINE = "+4740000001", "+4721000000"


async def test_whoever_picks_up_is_connected_and_known_by_what_they_wished_for() -> None:
    carrier = CarrierEmulator(LoopClock(), TOKEN, account="AC1", randomness=random.Random(1))
    carrier.subscribers[NUMBER] = RecordedCaller(audio=b"", hang_up_at=0.2)
    exchange = RememberingExchange()
    async with emulator_api.served(carrier) as api, answering(exchange, api_url=api, account="AC1"):
        assert exchange.dialler is not None
        await exchange.dialler.dial(NUMBER, LINE, "call7")
        call = await exchange.next_call()
        assert (call.arrival.caller, call.arrival.called) == (NUMBER, LINE)
        assert call.arrival.parameters == {"callback": "call7"}
        await call.gone.wait()
    assert [result.ended for result in carrier.outcomes] == ["the caller hung up"]
    assert exchange.failures in ([], [("call7", "the carrier says completed")])


async def test_an_agents_telephone_is_rung_and_its_keys_are_heard() -> None:
    carrier = CarrierEmulator(LoopClock(), TOKEN, account="AC1", randomness=random.Random(1))
    keys = (KeyPress(at=0.3, digit="1"),)
    carrier.subscribers[NUMBER] = RecordedCaller(audio=b"", keys=keys, hang_up_at=1.0)
    agents, exchange = StandInExchange(), RememberingExchange()
    phones = Phones(agents, LoopClock(), lambda: tone(0.2))
    async with (
        emulator_api.served(carrier) as api,
        answering(exchange, api_url=api, account="AC1", phones=phones),
    ):
        assert phones.begin("ann", NUMBER, Profile()) == ""
        agents.legs["ann"].offer(
            Offer(call="c1", caller="+47", line="l", ring_seconds=20, brief=None, called=LINE)
        )
        await agents.reported("accepted", "ann", "c1")
        agents.legs["ann"].state("c1", CallState.BRIDGED)
        await agents.reported("hung_up", "ann", "c1")
        assert agents.audio
        await phones.close()
    await carrier.close()
    assert exchange.calls == []
    heard = b"".join(piece.mulaw for piece in carrier.outcomes[0].heard)
    assert tone(0.02)[:4] in heard


async def test_an_agents_telephone_nobody_answers_is_declined() -> None:
    carrier = CarrierEmulator(LoopClock(), TOKEN, account="AC1", randomness=random.Random(1))
    agents = StandInExchange()
    phones = Phones(agents, LoopClock(), lambda: b"")
    async with (
        emulator_api.served(carrier) as api,
        answering(RememberingExchange(), api_url=api, account="AC1", phones=phones),
    ):
        phones.begin("ann", NUMBER, Profile())
        agents.legs["ann"].offer(
            Offer(call="c1", caller="+47", line="l", ring_seconds=20, brief=None, called=LINE)
        )
        await agents.reported("declined", "ann", "c1")
        await phones.close()
    await carrier.close()


async def test_nobody_picks_up() -> None:
    carrier = CarrierEmulator(LoopClock(), TOKEN, account="AC1", randomness=random.Random(1))
    exchange = RememberingExchange()
    async with emulator_api.served(carrier) as api, answering(exchange, api_url=api, account="AC1"):
        assert exchange.dialler is not None
        await exchange.dialler.dial(NUMBER, LINE, "call7")
        async with asyncio.timeout(10):
            await exchange.failed.wait()
    assert exchange.failures == [("call7", "the carrier says no-answer")]
    assert exchange.calls == []


async def test_a_carrier_that_refuses_is_said_to() -> None:
    carrier = CarrierEmulator(LoopClock(), "another token", account="AC1")
    exchange = RememberingExchange()
    async with emulator_api.served(carrier) as api, answering(exchange, api_url=api, account="AC1"):
        assert exchange.dialler is not None
        with pytest.raises(DialError, match="HOOKFLASH_TWILIO_AUTH_TOKEN"):
            await exchange.dialler.dial(NUMBER, LINE, "call7")


async def test_without_an_account_nobody_can_be_rung() -> None:
    exchange = RememberingExchange()
    async with answering(exchange):
        assert exchange.dialler is None
