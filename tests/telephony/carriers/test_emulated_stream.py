"""The carrier's side of a media stream, as a plain bot on a bare socket sees it. On simulated time."""

import asyncio
import base64
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from telephony.carriers.emulated_call import CallResult
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import KeyPress, RecordedCaller
from tests.telephony.carriers.answering import listening
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")

Said = list[dict[str, Any]]


async def ring(
    caller: RecordedCaller, bot: Callable[[WebSocket, str], Awaitable[None]], patience: float = 30.0
) -> tuple[CallResult, Said]:
    """Stream a caller to a bot that does `bot` once the stream has started; returns all the carrier sent."""
    said: Said = []

    async def serve(socket: WebSocket) -> None:
        await socket.accept()
        said.append(json.loads(await socket.receive_text()))
        said.append(json.loads(await socket.receive_text()))
        acting = asyncio.create_task(_act(socket))
        try:
            while True:
                said.append(json.loads(await socket.receive_text()))
        except WebSocketDisconnect:
            await acting

    async def _act(socket: WebSocket) -> None:
        await bot(socket, said[1]["streamSid"])

    async with listening(lambda _: [WebSocketRoute("/bot", serve)]) as url:
        carrier = CarrierEmulator(LoopClock(), "", randomness=random.Random(5))
        address = url.replace("http", "ws") + "/bot"
        return await carrier.place(caller, address, patience=patience).run(), said


def media(stream: str, audio: bytes) -> str:
    payload = base64.b64encode(audio).decode()
    return json.dumps({"event": "media", "streamSid": stream, "media": {"payload": payload}})


def mark(stream: str, name: str) -> str:
    return json.dumps({"event": "mark", "streamSid": stream, "mark": {"name": name}})


async def silent(_socket: WebSocket, _stream: str) -> None:
    """A bot that only listens."""


async def test_everything_published_is_sent_in_its_order() -> None:
    speech = bytes(range(240)) + b"\x00" * 40
    caller = RecordedCaller(audio=speech, keys=(KeyPress(at=0.02, digit="#"),), hang_up_at=0.06)
    result, said = await ring(caller, silent)
    events = [message["event"] for message in said]
    assert events == ["connected", "start", "media", "media", "dtmf", "media", "stop"]
    assert said[0] == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    stream = said[1]["streamSid"]
    account = said[1]["start"]["accountSid"]
    assert said[1]["start"] == {
        "accountSid": account,
        "callSid": result.call,
        "streamSid": stream,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {},
    }
    assert [message["sequenceNumber"] for message in said[1:]] == ["1", "2", "3", "4", "5", "6"]
    assert {message["streamSid"] for message in said[1:]} == {stream}
    frames = [message["media"] for message in said if message["event"] == "media"]
    assert [(one["track"], one["chunk"], one["timestamp"]) for one in frames] == [
        ("inbound", "1", "0"),
        ("inbound", "2", "20"),
        ("inbound", "3", "40"),
    ]
    audio = [base64.b64decode(one["payload"]) for one in frames]
    assert audio == [speech[:160], speech[160:].ljust(160, b"\xff"), b"\xff" * 160]
    assert said[4]["dtmf"] == {"track": "inbound_track", "digit": "#"}
    assert said[-1]["stop"] == {"accountSid": account, "callSid": result.call}


async def test_clear_returns_the_marks_of_what_was_not_heard_at_once() -> None:
    async def bot(socket: WebSocket, stream: str) -> None:
        await socket.send_text(media(stream, b"a" * 4_000))
        await socket.send_text(mark(stream, "heard"))
        await socket.send_text(media(stream, b"b" * 8_000))
        await socket.send_text(mark(stream, "half"))
        await socket.send_text(mark(stream, "never"))
        await asyncio.sleep(1.0)
        await socket.send_text(json.dumps({"event": "clear", "streamSid": stream}))
        await socket.send_text(media(stream, b"c" * 160))

    result, said = await ring(RecordedCaller(audio=b"", hang_up_at=3), bot)
    marks = [message["mark"]["name"] for message in said if message["event"] == "mark"]
    assert marks == ["heard", "half", "never"]
    times = [one.t for one in result.marks]
    assert times == pytest.approx([0.5, 1.0, 1.0], abs=0.03)
    heard = b"".join(piece.mulaw for piece in result.heard)
    assert heard.startswith(b"a" * 4_000 + b"b" * 3_500)
    assert heard.endswith(b"bc" + b"c" * 159)
    assert len(heard) < 4_000 + 4_400


async def test_what_a_carrier_would_complain_of_is_noted_and_the_call_goes_on() -> None:
    async def bot(socket: WebSocket, stream: str) -> None:
        await socket.send_text("rubbish")
        await socket.send_bytes(b"\x00")
        await socket.send_text(media("another", b""))
        await socket.send_text(media(stream, b"a" * 160))

    result, _ = await ring(RecordedCaller(audio=b"", hang_up_at=0.5), bot)
    assert len(result.errors) == 3
    assert b"".join(piece.mulaw for piece in result.heard) == b"a" * 160


async def test_a_server_that_is_done_ends_a_call_without_verbs() -> None:
    async def bot(socket: WebSocket, _stream: str) -> None:
        await asyncio.sleep(0.5)
        await socket.close(4000, "done")

    result, said = await ring(RecordedCaller(audio=b""), bot)
    assert result.ended == "the server closed the stream"
    assert (result.close_code, result.close_reason) == (4000, "done")
    assert said[-1]["event"] == "media"
