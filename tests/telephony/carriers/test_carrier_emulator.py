"""Whole calls of the emulated carrier to a real server, on simulated time."""

import asyncio
import random

import numpy as np
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import KeyPress, RecordedCaller
from telephony.legs import mulaw
from tests.telephony.carriers.answering import (
    TOKEN,
    RememberingCall,
    RememberingExchange,
    answering,
    listening,
)
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")

SPEECH = bytes(np.random.default_rng(3).integers(0, 255, 8_000, np.uint8))
PROMPT = bytes(np.random.default_rng(4).integers(0, 255, 4_000, np.uint8))


def carrier() -> CarrierEmulator:
    return CarrierEmulator(LoopClock(), TOKEN, randomness=random.Random(7))


def say(call: RememberingCall, mulaw: bytes) -> None:
    call.leg.play(mulaw)
    call.leg.mark("said")


async def test_a_call_is_announced_streamed_and_over_when_the_caller_hangs_up() -> None:
    caller = RecordedCaller(
        audio=SPEECH, keys=(KeyPress(at=0.5, digit="0"),), hang_up_at=1.5, number="+4790000001"
    )
    exchange = RememberingExchange(lambda call: say(call, PROMPT))
    async with answering(exchange) as url:
        placed = carrier().place(caller, f"{url}/twilio/voice", to_number="+4721000001")
        result = await placed.run()
        (call,) = exchange.calls
        await call.gone.wait()
    arrival = call.arrival
    assert (arrival.carrier, arrival.carrier_call) == ("twilio", result.call)
    assert (arrival.caller, arrival.called) == ("+4790000001", "+4721000001")
    assert arrival.stream.startswith("MZ")
    assert "token" not in arrival.parameters
    assert b"".join(call.heard) == SPEECH + mulaw.silence(0.5)
    assert call.digits == ["0"]
    assert call.marks == ["said"]
    assert call.lefts == ["hung up"]
    assert result.ended == "the caller hung up"
    assert result.verb is None
    assert result.seconds == pytest.approx(1.5)
    assert b"".join(piece.mulaw for piece in result.heard) == PROMPT
    assert PROMPT in result.heard_audio
    (mark,) = result.marks
    assert mark.t == pytest.approx(result.heard[-1].t + 0.02, abs=0.002)
    assert not result.errors


async def test_the_server_closing_sends_the_caller_on_to_a_person() -> None:
    exchange = RememberingExchange()
    async with answering(exchange, fallback="+4722000000") as url:
        placed = carrier().place(RecordedCaller(audio=SPEECH), f"{url}/twilio/voice")
        running = asyncio.create_task(placed.run())
        call = await exchange.next_call()
        await call.leg.close("no agent to be had")
        result = await running
    assert str(result.verb) == "Dial +4722000000"
    assert result.ended == "the carrier went on to Dial +4722000000"
    assert (result.close_code, result.close_reason) == (1000, "no agent to be had")
    assert call.lefts == ["no agent to be had"]


async def test_without_a_fallback_number_callers_wait_in_the_carriers_queue() -> None:
    def hang(call: RememberingCall) -> None:
        raise RuntimeError("the exchange is broken")

    async with answering(RememberingExchange(hang)) as url:
        result = await carrier().place(RecordedCaller(audio=SPEECH), f"{url}/twilio/voice").run()
    assert str(result.verb) == "Enqueue hookflash"
    assert result.close_code == 1011


async def test_hanging_up_goes_over_the_api_and_ends_the_call_for_good() -> None:
    exchange = RememberingExchange()
    twilio = carrier()
    async with emulator_api.served(twilio) as api, answering(exchange, api_url=api) as url:
        running = asyncio.create_task(twilio.place(RecordedCaller(audio=SPEECH), f"{url}/twilio/voice").run())
        call = await exchange.next_call()
        await call.leg.hang_up()
        await call.leg.hang_up()
        result = await running
    assert result.ended == "the call was completed over the API"
    assert result.verb is None
    assert call.lefts == ["hung up by the switchboard"]


async def test_where_the_api_is_out_of_reach_the_caller_reaches_a_person() -> None:
    exchange = RememberingExchange()
    async with answering(exchange, fallback="+4722000000") as url:
        running = asyncio.create_task(
            carrier().place(RecordedCaller(audio=SPEECH), f"{url}/twilio/voice").run()
        )
        call = await exchange.next_call()
        await call.leg.hang_up()
        result = await running
    assert str(result.verb) == "Dial +4722000000"


async def test_clear_silences_the_partly_played_chunk_and_returns_its_marks() -> None:
    exchange = RememberingExchange(lambda call: say(call, PROMPT * 4))
    async with answering(exchange) as url:
        placed = carrier().place(RecordedCaller(audio=b"", hang_up_at=2), f"{url}/twilio/voice")
        running = asyncio.create_task(placed.run())
        call = await exchange.next_call()
        await asyncio.sleep(0.5)
        call.leg.clear()
        await asyncio.sleep(0)
        assert call.marks == ["said"]
        result = await running
    heard = b"".join(piece.mulaw for piece in result.heard)
    assert heard == (PROMPT * 4)[: len(heard)]
    assert 0.4 <= result.heard[-1].t <= 0.6
    assert call.marks == ["said"]


async def test_the_caller_can_be_led_while_the_call_runs() -> None:
    frames = []
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        placed = carrier().place(
            RecordedCaller(audio=b""), f"{url}/twilio/voice", listener=lambda *step: frames.append(step)
        )
        running = asyncio.create_task(placed.run())
        call = await exchange.next_call()
        assert placed.stream is not None
        call.echo = True
        placed.stream.press("5")
        placed.stream.say(SPEECH)
        await asyncio.sleep(1.5)
        placed.hang_up()
        result = await running
    assert call.digits == ["5"]
    assert SPEECH in result.spoken
    assert SPEECH in result.heard_audio
    assert len(frames) * 160 == len(result.spoken)


async def test_a_caller_who_has_said_all_hangs_up_when_their_patience_is_over() -> None:
    async with answering(RememberingExchange()) as url:
        placed = carrier().place(RecordedCaller(audio=SPEECH), f"{url}/twilio/voice", patience=2)
        result = await placed.run()
    assert result.ended == "the caller hung up"
    assert result.seconds == pytest.approx(3)


async def test_a_server_behind_a_public_address_is_reached_from_here() -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        local = url.replace("127.0.0.1", "localhost")
        placed = carrier().place(
            RecordedCaller(audio=b"", hang_up_at=0.1), f"{local}/twilio/voice", public_url=url
        )
        result = await placed.run()
    assert result.ended == "the caller hung up"
    assert not result.errors


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        ("no", 500, "answered 500: no"),
        ("{}", 200, "The TwiML is not XML"),
        ("<Reply/>", 200, "The TwiML begins with Reply, not with Response."),
        (
            '<Response><Connect><Stream url="wss://x/y?token=1"/></Connect></Response>',
            200,
            "The Stream's url has a query",
        ),
        ('<Response><Connect><Stream url="https://x/y"/></Connect></Response>', 200, "no WebSocket address"),
        (
            '<Response><Connect action="/next"><Stream url="wss://x/y"/></Connect><Dial>1</Dial></Response>',
            200,
            "Connect has an action",
        ),
        ("<Response>" + " " * 65_536 + "</Response>", 200, "over the limit"),
    ],
)
async def test_what_a_carrier_would_not_carry_out_is_told(answer: str, status: int, sentence: str) -> None:
    async def voice(_request: object) -> PlainTextResponse:
        return PlainTextResponse(answer, status)

    async with listening(lambda _: [Route("/voice", voice, methods=["POST"])]) as url:
        result = await carrier().place(RecordedCaller(audio=b""), f"{url}/voice").run()
    assert result.ended == "the webhook failed"
    assert sentence in result.errors[0]


async def test_verbs_in_between_are_passed_by_until_one_takes_the_caller() -> None:
    async def voice(_request: object) -> PlainTextResponse:
        return PlainTextResponse("<Response><Say>Hello</Say><Dial><Number>+47 1</Number></Dial></Response>")

    async with listening(lambda _: [Route("/voice", voice, methods=["POST"])]) as url:
        result = await carrier().place(RecordedCaller(audio=b""), f"{url}/voice").run()
    assert str(result.verb) == "Dial +47 1"


async def test_nobody_there_is_one_sentence() -> None:
    result = await carrier().place(RecordedCaller(audio=b""), "http://127.0.0.1:9/voice").run()
    assert result.ended == "the webhook failed"
    assert len(result.errors) == 1
