"""The caller's leg on a socket made of queues, on simulated time."""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.websockets import WebSocket

from telephony.carriers.media_messages import StreamFacts
from telephony.carriers.media_streams import ClientStream, ServerStream
from telephony.legs.media_stream_caller import FAULTS, MediaStreamCaller
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")


class Line:
    """A carrier that does nothing by itself, and the events its leg tells."""

    def __init__(self, complete: Callable[[], Awaitable[None]] | None = None) -> None:
        self.protocol = ClientStream(StreamFacts(account_sid="AC", call_sid="CA", stream_sid="MZ"))
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outgoing: list[tuple[float, dict[str, Any]]] = []
        self.passable = asyncio.Event()
        self.passable.set()
        self.clock = LoopClock()
        self.events: list[tuple[str, Any]] = []
        socket = WebSocket({"type": "websocket"}, self.incoming.get, self._send)
        stream = ServerStream()
        stream.receive(self.protocol.connected())
        stream.receive(self.protocol.start())
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.leg = MediaStreamCaller(socket, stream, self.clock, complete or self._complete)
        self.socket = socket
        self.completed = 0
        self.failure: Exception | None = None

    async def _complete(self) -> None:
        self.completed += 1
        self.say(self.protocol.stop())

    async def _send(self, message: Any) -> None:
        await self.passable.wait()
        content = json.loads(message["text"]) if "text" in message else message
        self.outgoing.append((self.clock.now(), content))

    def say(self, text: str) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    def sent(self, event: str) -> list[dict[str, Any]]:
        return [message for _, message in self.outgoing if message.get("event") == event]

    def told(self, what: str) -> list[Any]:
        return [value for name, value in self.events if name == what]

    def audio(self, mulaw: bytes) -> None:
        self.events.append(("audio", mulaw))

    def digit(self, digit: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.events.append(("digit", digit))

    def marked(self, name: str) -> None:
        self.events.append(("marked", name))

    def left(self, reason: str) -> None:
        self.events.append(("left", reason))

    def refused(self, why: str) -> None:
        self.events.append(("refused", why))


@contextlib.asynccontextmanager
async def on_line(complete: Callable[[], Awaitable[None]] | None = None) -> AsyncIterator[Line]:
    line = Line(complete)
    await line.socket.accept()
    task = asyncio.create_task(line.leg.run(line))
    await asyncio.sleep(0)
    yield line
    await line.leg.close("the test is over")
    await task
    assert len(line.told("left")) == 1


async def test_audio_of_any_length_is_told_in_frames() -> None:
    async with on_line() as line:
        for size in (100, 100, 300, 160):
            line.say(line.protocol.media(b"a" * size, 0.0))
        line.say(line.protocol.media(b"not the caller", 0.0, track="outbound"))
        await asyncio.sleep(0.01)
        assert line.told("audio") == [b"a" * 160] * 4


async def test_a_mark_is_told_when_the_carrier_returns_it() -> None:
    async with on_line() as line:
        line.leg.play(b"a" * 1_600)
        line.leg.mark("greeting")
        await asyncio.sleep(1)
        (mark,) = line.sent("mark")
        assert not line.told("marked")
        line.say(line.protocol.mark(mark["mark"]["name"]))
        await asyncio.sleep(0.01)
        line.say(line.protocol.mark(mark["mark"]["name"]))
        await asyncio.sleep(10)
        assert line.told("marked") == ["greeting"]


async def test_a_mark_the_carrier_lost_is_told_two_seconds_after_its_audio() -> None:
    async with on_line() as line:
        line.leg.play(b"a" * 8_000)
        line.leg.mark("lost")
        await asyncio.sleep(2.95)
        assert not line.told("marked")
        await asyncio.sleep(0.1)
        assert line.told("marked") == ["lost"]


async def test_clear_returns_marks_queued_and_sent_and_a_late_one_is_not_taken_for_another() -> None:
    async with on_line() as line:
        line.leg.mark("sent")
        line.leg.play(b"a" * 8_000)
        line.leg.mark("queued")
        await asyncio.sleep(0.1)
        line.leg.clear()
        line.leg.mark("new")
        await asyncio.sleep(0.01)
        assert line.told("marked") == ["sent", "queued"]
        assert [message["event"] for _, message in line.outgoing[-2:]] == ["clear", "mark"]
        first, new = (mark["mark"]["name"] for mark in line.sent("mark"))
        line.say(line.protocol.mark(first))
        await asyncio.sleep(0.01)
        assert line.told("marked") == ["sent", "queued"]
        line.say(line.protocol.mark(new))
        await asyncio.sleep(0.01)
        assert line.told("marked") == ["sent", "queued", "new"]


async def test_marks_without_end_are_told_at_once_instead_of_being_kept() -> None:
    async with on_line() as line:
        for number in range(3_000):
            line.leg.mark(str(number))
        await asyncio.sleep(0.1)
        assert len(line.sent("mark")) == 1_000
        assert len(line.told("marked")) == 2_000


async def test_more_than_ten_minutes_are_refused() -> None:
    async with on_line() as line:
        line.leg.play(b"a" * 8_000 * 601)
        assert line.told("refused") == ["8000 bytes of speech were dropped: ten minutes are queued already."]
        line.leg.clear()


async def test_of_live_audio_the_newest_survives_a_slow_network() -> None:
    async with on_line() as line:
        line.passable.clear()
        for number in range(100):
            line.leg.send(bytes([number]) * 160)
            await asyncio.sleep(0.02)
        line.passable.set()
        await asyncio.sleep(0.5)
        sent = [base64.b64decode(message["media"]["payload"])[0] for message in line.sent("media")]
        assert sent == [0, *range(90, 100)]  # the first was under way


async def test_speech_waits_for_a_slow_network() -> None:
    async with on_line() as line:
        line.passable.clear()
        line.leg.play(b"a" * 16_000)
        await asyncio.sleep(3)
        line.passable.set()
        await asyncio.sleep(3)
        assert len(line.sent("media")) == 100


async def test_a_network_that_takes_nothing_ends_the_leg() -> None:
    async with on_line() as line:
        line.passable.clear()
        line.leg.play(b"a" * 160)
        await asyncio.sleep(5.1)
        line.passable.set()
        await asyncio.sleep(2)
        assert line.told("left") == ["the carrier has read nothing for 5 s"]


async def test_a_carrier_that_falls_silent_ends_the_leg() -> None:
    async with on_line() as line:
        await asyncio.sleep(15.1)
        assert line.told("left") == ["the carrier has sent nothing for 15 s"]
        assert line.outgoing[-1][1]["type"] == "websocket.close"


async def test_left_is_told_once_whatever_comes_together() -> None:
    async with on_line() as line:
        line.say(line.protocol.stop())
        line.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        line.leg.carrier_ended("the carrier reports the call as over")
        await line.leg.close("twice")
        await line.leg.hang_up()
    assert line.completed == 0


async def test_hanging_up_completes_the_call_once_and_then_closes() -> None:
    async with on_line() as line:
        await asyncio.gather(line.leg.hang_up(), line.leg.hang_up())
        assert line.completed == 1
    assert line.told("left") == ["hung up by the switchboard"]


async def test_a_carrier_that_leaves_the_stream_open_is_closed_after_hanging_up() -> None:
    async def complete() -> None:
        await asyncio.sleep(0.1)

    async with on_line(complete) as line:
        began = line.clock.now()
        await line.leg.hang_up()
        assert line.clock.now() - began < 2
        assert line.told("left") == ["hung up by the switchboard"]


async def test_a_carrier_out_of_reach_leaves_the_caller_to_its_next_verb() -> None:
    async def complete() -> None:
        raise OSError("Twilio did not end call CA.")

    async with on_line(complete) as line:
        await line.leg.hang_up()
        assert line.outgoing[-1][1]["type"] == "websocket.close"


async def test_one_message_that_fails_ends_no_call(caplog: pytest.LogCaptureFixture) -> None:
    async with on_line() as line:
        line.failure = RuntimeError("a bug")
        line.say(line.protocol.dtmf("1"))
        await asyncio.sleep(0.01)
        line.failure = None
        line.say(line.protocol.dtmf("2"))
        await asyncio.sleep(0.01)
        assert line.told("digit") == ["2"]
        assert not line.told("left")
    assert "a bug" in caplog.text


async def test_a_failure_of_ours_that_lasts_closes_the_stream_so_that_a_person_takes_the_caller(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with on_line() as line:
        line.failure = RuntimeError("a bug")
        for _ in range(FAULTS):
            line.say(line.protocol.dtmf("1"))
        await asyncio.sleep(0.01)
        assert line.told("left") == ["the switchboard failed"]
        assert line.outgoing[-1][1]["code"] == 1011
    assert "a bug" in caplog.text


async def test_a_server_that_stops_tells_left_too() -> None:
    line = Line()
    await line.socket.accept()
    task = asyncio.create_task(line.leg.run(line))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert line.told("left") == ["the switchboard is stopping"]


async def test_who_still_talks_to_a_line_that_is_over_harms_nobody() -> None:
    async with on_line() as line:
        line.leg.carrier_ended("hung up")
        await asyncio.sleep(0.1)
        for _ in range(200):
            line.leg.send(b"a" * 160)
