"""A caller is rung over the carrier's API: the emulated carrier plays it, from the request to the stream."""

import asyncio
import random

import pytest

from telephony.calls.ringing_back import DialError
from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller
from tests.telephony.carriers.answering import TOKEN, RememberingExchange, answering
from voice.journal.clock import LoopClock

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
