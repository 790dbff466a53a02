"""Who is let in at Twilio's door, over a real server; whoever is not leaves the other calls untouched."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import httpx2
import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.media_messages import StreamFacts
from telephony.carriers.media_streams import ClientStream
from telephony.carriers.recorded_caller import RecordedCaller
from tests.telephony.carriers.answering import TOKEN, RememberingCall, RememberingExchange, answering
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")

FORM = {"AccountSid": "AC0", "CallSid": "CA1", "From": "+4790000001", "To": "+4721000001"}
SPEECH = bytes(range(256)) * 50


def signed(url: str, form: dict[str, str] | None = None, token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form or {})}


async def post(url: str, form: dict[str, str], headers: dict[str, str]) -> httpx2.Response:
    async with httpx2.AsyncClient() as client:
        return await client.post(url, data=form, headers=headers)


async def token_for(url: str, call: str = "CA1") -> str:
    form = {**FORM, "CallSid": call}
    response = await post(f"{url}/twilio/voice", form, signed(f"{url}/twilio/voice", form))
    parameter = ElementTree.fromstring(response.text).find("Connect/Stream/Parameter")
    assert parameter is not None
    return parameter.get("value", "")


def stream_of(token: str, call: str = "CA1") -> ClientStream:
    facts = StreamFacts(
        account_sid="AC0", call_sid=call, stream_sid=f"MZ{call}", custom_parameters={"token": token, "x": "y"}
    )
    return ClientStream(facts)


@contextlib.asynccontextmanager
async def knocking(url: str, headers: dict[str, str] | None = None) -> AsyncIterator[ClientConnection]:
    media = url.replace("http", "ws") + "/twilio/media"
    headers = headers or signed(media)
    async with connect(media, additional_headers=headers, compression=None, proxy=None) as socket:
        yield socket


async def refusal(socket: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        async with asyncio.timeout(30):
            await socket.recv()
    return socket.close_code, socket.close_reason


@contextlib.asynccontextmanager
async def another_call(url: str, exchange: RememberingExchange) -> AsyncIterator[RememberingCall]:
    """A call that must hear its own echo from end to end, whatever happens meanwhile."""
    carrier = CarrierEmulator(LoopClock(), TOKEN, randomness=random.Random(1))
    placed = carrier.place(RecordedCaller(audio=SPEECH), f"{url}/twilio/voice")
    running = asyncio.create_task(placed.run())
    call = await exchange.next_call()
    call.echo = True
    yield call
    await asyncio.sleep(2)
    placed.hang_up()
    result = await running
    assert result.ended == "the caller hung up"
    assert SPEECH in result.heard_audio
    assert not result.errors
    assert not call.refusals


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, "telephony")
    return caplog


async def test_the_answer_connects_a_stream_and_a_person_behind_it() -> None:
    async with answering(RememberingExchange(), fallback="+4722000000") as url:
        address = f"{url}/twilio/voice?line=2"
        response = await post(address, FORM, signed(address, FORM))
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(response.text)
    assert [element.tag for element in root] == ["Connect", "Dial"]
    assert not root[0].attrib
    assert root[1].text == "+4722000000"
    stream = root[0][0]
    assert stream.attrib == {"url": url.replace("http", "ws") + "/twilio/media"}
    assert [one.get("name") for one in stream] == ["token"]


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"CallSid": "CA1"}, 400, "The form has no field AccountSid."),
        ({**FORM, "Note": "x" * 70_000}, 413, "The form is over the limit of 65536 bytes."),
    ],
)
async def test_a_form_that_cannot_be_used_is_refused(
    form: dict[str, str], status: int, sentence: str, log: pytest.LogCaptureFixture
) -> None:
    async with answering(RememberingExchange()) as url:
        response = await post(f"{url}/twilio/voice", form, signed(f"{url}/twilio/voice", form))
    assert (response.status_code, response.text) == (status, sentence + "\n")
    assert [record.getMessage() for record in log.records] == [f"Refused a call: {sentence}"]


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "forged"}, {"X-Twilio-Signature": "é"}])
async def test_a_forged_webhook_is_refused(headers: dict[str, str], log: pytest.LogCaptureFixture) -> None:
    encoded = {name.encode(): value.encode() for name, value in headers.items()}
    exchange = RememberingExchange()
    async with answering(exchange) as url, another_call(url, exchange):
        async with httpx2.AsyncClient() as client:
            response = await client.post(f"{url}/twilio/voice", data=FORM, headers=encoded)
        assert response.status_code == 403
        assert "HOOKFLASH_TWILIO_AUTH_TOKEN" in response.text
    assert len(log.records) == 1


async def test_a_changed_form_is_refused() -> None:
    async with answering(RememberingExchange()) as url:
        headers = signed(f"{url}/twilio/voice", FORM)
        response = await post(f"{url}/twilio/voice", {**FORM, "From": "+4799999999"}, headers)
    assert response.status_code == 403


async def test_a_forged_handshake_is_refused_before_the_socket_opens(log: pytest.LogCaptureFixture) -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url, another_call(url, exchange):
        media = url.replace("http", "ws") + "/twilio/media"
        with pytest.raises(InvalidStatus) as refused:
            async with knocking(url, signed(media, token="another token")):
                pass
        assert refused.value.response.status_code == 403
        assert b"It is not signed as Twilio signs for ws://" in (refused.value.response.body or b"")
    assert len(log.records) == 1
    assert log.records[0].getMessage().startswith("Refused a media stream: It is not signed")


@pytest.mark.parametrize("spelling", ["ws{}/twilio/media/", "http{}/twilio/media", "http{}/twilio/media/"])
async def test_the_handshake_may_be_signed_for_other_spellings_of_the_address(spelling: str) -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        headers = signed(spelling.format(url.removeprefix("http")))
        stream = stream_of(await token_for(url))
        async with knocking(url, headers) as socket:
            await socket.send(stream.connected())
            await socket.send(stream.start())
            call = await exchange.next_call()
    assert call.arrival.parameters == {"x": "y"}


async def test_a_token_lets_in_once(log: pytest.LogCaptureFixture) -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        token = await token_for(url)
        stream = stream_of(token)
        async with knocking(url) as first, knocking(url) as second:
            await first.send(stream.connected())
            await first.send(stream.start())
            call = await exchange.next_call()
            thief = stream_of(token)
            await second.send(thief.connected())
            await second.send(thief.start())
            assert await refusal(second) == (1008, "The stream's token was used before.")
            await first.send(stream.media(b"\xff" * 160, 0.0))
            await asyncio.sleep(0.1)
            assert call.heard == [b"\xff" * 160]
    assert len(exchange.calls) == 1
    assert token not in log.text


@pytest.mark.parametrize(
    ("wait", "call", "token", "sentence"),
    [
        (61.0, "CA1", None, "The stream's token is older than 60 s."),
        (0.0, "CA2", None, "The stream's token belongs to another call."),
        (0.0, "CA1", "guessed", "The stream's token is unknown."),
        (0.0, "CA1", "", "The stream has no token."),
    ],
)
async def test_a_token_is_for_one_call_and_one_minute(
    wait: float, call: str, token: str | None, sentence: str, log: pytest.LogCaptureFixture
) -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        given = await token_for(url)
        await asyncio.sleep(wait)
        stream = stream_of(given if token is None else token, call)
        async with knocking(url) as socket:
            await socket.send(stream.connected())
            await socket.send(stream.start())
            assert await refusal(socket) == (1008, sentence)
    assert not exchange.calls
    assert [record.getMessage() for record in log.records] == [f"Refused a media stream: {sentence}"]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("{", "A message is not JSON"),
        ('{"event": "hello"}', "'hello' is no event of this stream"),
        ("x" * 20_000, "A message of 20000 characters is over the limit of 16384."),
        ('{"event": "' + "\U0001f600" * 60 + '"}', "'\U0001f600"),
        (b"\x00", "A binary message came"),
        (stream_of("t").start(), "A start message came before connected."),
    ],
)
async def test_who_begins_badly_is_turned_away(
    message: str | bytes, sentence: str, log: pytest.LogCaptureFixture
) -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url, another_call(url, exchange):
        async with knocking(url) as socket:
            await socket.send(message)
            code, reason = await refusal(socket)
        assert code == 1008
        assert (reason or "").startswith(sentence)
    assert len(log.records) == 1


async def test_who_says_nothing_is_turned_away() -> None:
    async with answering(RememberingExchange()) as url, knocking(url) as socket:
        assert await refusal(socket) == (1008, "It did not start within 10 s.")


async def test_who_leaves_before_the_start_is_noted(log: pytest.LogCaptureFixture) -> None:
    async with answering(RememberingExchange()) as url:
        async with knocking(url):
            pass
        await asyncio.sleep(0.1)
    assert "closed before it had told its call" in log.text


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("{", "A message is not JSON"),
        ('{"event": "hello"}', "'hello' is no event of this stream"),
        ("x" * 20_000, "over the limit of 16384"),
        (b"\x00", "A binary message came"),
        (stream_of("t", "CA9").media(b"", 0.0), "is for stream 'MZCA9', but this one is 'MZCA1'"),
        (
            stream_of("t").dtmf("A"),
            "The key A is not on a caller's telephone.",
        ),
        (stream_of("t").media(b"abc", 0.0).replace("YWJj", "YW!!"), "Invalid base64"),
    ],
)
async def test_a_bad_message_in_a_call_is_told_and_the_call_goes_on(
    message: str | bytes, sentence: str, log: pytest.LogCaptureFixture
) -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        stream = stream_of(await token_for(url))
        async with knocking(url) as socket:
            await socket.send(stream.connected())
            await socket.send(stream.start())
            call = await exchange.next_call()
            async with another_call(url, exchange):
                await socket.send(message)
                await socket.send(stream.media(b"\xff" * 160, 0.0))
                await asyncio.sleep(0.1)
                assert call.heard == [b"\xff" * 160]
                (why,) = call.refusals
                assert sentence in why
                assert not call.lefts
    assert [record.getMessage() for record in log.records] == [f"Refused on stream MZCA1: {why}"]


async def test_a_carrier_that_only_sends_rubbish_loses_its_stream() -> None:
    exchange = RememberingExchange()
    async with answering(exchange) as url:
        stream = stream_of(await token_for(url))
        async with knocking(url) as socket:
            await socket.send(stream.connected())
            await socket.send(stream.start())
            for _ in range(20):
                await socket.send("rubbish")
            assert await refusal(socket) == (1008, "the carrier sent 20 bad messages")
        assert exchange.calls[0].lefts == ["the carrier sent 20 bad messages"]


@pytest.mark.parametrize(
    ("token", "public", "sentence"),
    [
        (None, True, "Set HOOKFLASH_TWILIO_AUTH_TOKEN to take calls from Twilio.\n"),
        (TOKEN, False, "Set HOOKFLASH_PUBLIC_URL to this server's address as Twilio sees it.\n"),
    ],
)
async def test_what_is_not_set_is_named(token: str | None, public: bool, sentence: str) -> None:
    async with answering(RememberingExchange(), token=token, public=public) as url:
        for path in ("voice", "status"):
            response = await post(f"{url}/twilio/{path}", FORM, {})
            assert (response.status_code, response.text) == (503, sentence)
        with pytest.raises(InvalidStatus) as refused:
            async with knocking(url):
                pass
        assert refused.value.response.status_code == 503


async def test_the_status_callback_ends_a_call_whose_stream_was_left_open() -> None:
    exchange = RememberingExchange()
    carrier = CarrierEmulator(LoopClock(), TOKEN)
    async with answering(exchange) as url:
        placed = carrier.place(RecordedCaller(audio=b""), f"{url}/twilio/voice")
        running = asyncio.create_task(placed.run())
        call = await exchange.next_call()
        assert await carrier.report(placed, f"{url}/twilio/status", "in-progress") == 204
        await asyncio.sleep(0.1)
        assert not call.lefts
        assert await carrier.report(placed, f"{url}/twilio/status") == 204
        await call.gone.wait()
        assert call.lefts == ["the carrier reports the call as over"]
        await running
        assert await carrier.report(placed, f"{url}/twilio/status") == 204
