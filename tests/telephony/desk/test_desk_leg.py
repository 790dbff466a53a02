"""An agent's leg on simulated time: pacing, marks, what gives way, and desks that freeze, flood or vanish."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from telephony.desk.leg import OUR_FAULT, DeskLeg
from telephony.desk.protocol import FRAMES_AT_ONCE, CloseCode
from telephony.legs.leg import FRAME_BYTES, Offer
from telephony.legs.liveness import SILENT_SECONDS, TALKING_SILENT_SECONDS, UNSTEADY_SECONDS
from telephony.legs.outbox import AUDIO_WAITING, MESSAGES_WAITING, Outbox
from tests.desk_stand_in import StandInExchange, entries
from voice.journal.clock import LoopClock
from voice.journal.events import CallState, Pressed

pytestmark = pytest.mark.usefixtures("virtual_time")
FRAME = bytes(range(160))


class Socket:
    """A WebSocket in memory; `stuck` makes it never finish sending."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.audio: list[tuple[float, bytes]] = []
        self.messages: list[dict[str, Any]] = []
        self.closed: tuple[int, str | None] | None = None
        self.stuck = False
        self.broken = False

    async def receive(self) -> Mapping[str, Any]:
        return await self.incoming.get()

    async def send_text(self, data: str) -> None:
        await self._blocked()
        self.messages.append(json.loads(data))

    async def send_bytes(self, data: bytes) -> None:
        await self._blocked()
        self.audio.append((asyncio.get_running_loop().time(), data))

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        await self._blocked()
        self.closed = (code, reason)

    async def _blocked(self) -> None:
        if self.broken:
            raise WebSocketDisconnect(1006)
        if self.stuck:
            await asyncio.Event().wait()

    def says(self, **message: Any) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def speaks(self, audio: bytes = FRAME) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "bytes": audio})

    def disconnects(self, code: int = 1006) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": code})

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]


class Desk:
    """A leg that runs, its socket, and what it reports."""

    def __init__(self) -> None:
        self.socket = Socket()
        self.exchange = StandInExchange()
        self.leg = DeskLeg(self.socket, "Ada", self.exchange, LoopClock())
        self.running = asyncio.create_task(self.leg.run())

    @property
    def left(self) -> list[str]:
        return [report[2] for report in self.exchange.reports if report[0] == "left"]


async def test_a_desk_is_welcomed_and_reported() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    assert desk.socket.messages[0] == {
        "type": "welcome",
        "agent": "Ada",
        "silent_seconds": SILENT_SECONDS,
        "supervisor": False,
    }
    assert desk.exchange.legs["Ada"] is desk.leg
    await desk.leg.close("shutting_down")


async def test_a_message_that_fails_here_leaves_the_agent_on_duty(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    desk.exchange.failure = RuntimeError("a bug")
    desk.socket.speaks()
    desk.socket.says(type="hold", call="c1")
    await asyncio.sleep(0.1)
    assert [problem["message"] for problem in desk.socket.told("error")] == [OUR_FAULT, OUR_FAULT]
    for _ in range(200):
        desk.socket.speaks()
        await asyncio.sleep(0.02)
    assert caplog.text.count("Traceback") < 20, "a fault is not written down fifty times a second"
    desk.exchange.failure = None
    desk.socket.says(type="accept", call="c1")
    await asyncio.sleep(0.1)
    assert desk.exchange.reports[-1] == ("accepted", "Ada", "c1")
    assert desk.left == []
    await desk.leg.close("shutting_down")


async def test_each_message_of_the_desk_is_reported() -> None:
    desk = Desk()
    desk.socket.says(type="available", available=True)
    desk.socket.says(type="available", available=False)
    for kind in ("accept", "decline", "skip_brief", "hang_up"):
        desk.socket.says(type=kind, call="c1")
    desk.socket.says(type="wrap_up", call="c1", disposition="resolved", summary="Done.")
    desk.socket.says(type="hold", call="c1")
    desk.socket.says(type="give_back", call="c1", instruction="take the address")
    desk.socket.speaks()
    await asyncio.sleep(0.1)
    assert desk.exchange.reports == [
        ("joined", "Ada"),
        ("available", "Ada"),
        ("unavailable", "Ada"),
        ("accepted", "Ada", "c1"),
        ("declined", "Ada", "c1"),
        ("skipped_brief", "Ada", "c1"),
        ("hung_up", "Ada", "c1"),
        ("wrapped_up", "Ada", "c1", "resolved", "Done."),
        ("hold", "Ada", "c1"),
        ("give_back", "Ada", "c1", "take the address", "False"),
    ]
    assert desk.exchange.audio == [FRAME]
    await desk.leg.close("shutting_down")


async def test_what_the_call_tells_comes_to_the_desk_in_order() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.leg.offer(Offer(call="c1", caller="+47", line="Fjord", ring_seconds=20.0, brief=None))
    desk.leg.state("c1", CallState.OFFERED)
    desk.leg.show(entries("c1", (1.0, Pressed(digit="0")))[0])
    desk.leg.withdraw("c1", "caller_left")
    await asyncio.sleep(0.1)
    kinds = [message["type"] for message in desk.socket.messages if message["type"] != "ping"]
    assert kinds == ["welcome", "offer", "state", "entry", "withdrawn"]
    await desk.leg.close("shutting_down")


async def test_played_audio_is_paced_and_its_mark_comes_back_when_it_has_been_heard() -> None:
    desk = Desk()
    await asyncio.sleep(1.0)
    desk.leg.play(FRAME * 50)
    desk.leg.mark("brief")
    await asyncio.sleep(0.9)
    assert ("marked", "Ada", "brief") not in desk.exchange.reports
    assert 40 <= len(desk.socket.audio) < 50
    await asyncio.sleep(0.2)
    assert ("marked", "Ada", "brief") in desk.exchange.reports
    assert b"".join(audio for _, audio in desk.socket.audio) == FRAME * 50
    await desk.leg.close("shutting_down")


async def test_live_audio_goes_out_at_once_and_in_frames() -> None:
    desk = Desk()
    await asyncio.sleep(1.0)
    desk.leg.send(FRAME * 2 + FRAME[:40])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [len(audio) for _, audio in desk.socket.audio] == [FRAME_BYTES, FRAME_BYTES, 40]
    assert desk.socket.audio[-1][0] == 1.0
    await desk.leg.close("shutting_down")


async def test_clearing_empties_the_desk_and_brings_marks_back_at_once() -> None:
    desk = Desk()
    desk.leg.play(FRAME * 100)
    desk.leg.mark("brief")
    await asyncio.sleep(0.5)
    desk.leg.clear()
    assert ("marked", "Ada", "brief") in desk.exchange.reports
    sent = len(desk.socket.audio)
    await asyncio.sleep(1.0)
    assert len(desk.socket.audio) == sent
    assert desk.socket.told("clear")
    await desk.leg.close("shutting_down")


async def test_a_desk_that_freezes_while_a_caller_listens_counts_as_left_soon() -> None:
    desk = Desk()
    desk.leg.state("call1", CallState.BRIDGED)
    for _ in range(10):
        await asyncio.sleep(1.0)
        desk.socket.says(type="pong")
    assert desk.left == []
    assert len(desk.socket.told("ping")) >= 9
    assert ("unsteady", "Ada") not in desk.exchange.reports
    await asyncio.sleep(UNSTEADY_SECONDS + 0.3)
    assert desk.exchange.reports[-1] == ("unsteady", "Ada")
    assert desk.left == []
    await asyncio.sleep(TALKING_SILENT_SECONDS - UNSTEADY_SECONDS)
    assert desk.left == ["silent"]
    assert desk.exchange.reports.count(("unsteady", "Ada")) == 1


async def test_a_desk_that_comes_back_in_time_is_steady_again() -> None:
    desk = Desk()
    desk.leg.state("call1", CallState.BRIDGED)
    for _ in range(2):
        await asyncio.sleep(2.0)
        desk.socket.speaks()
        await asyncio.sleep(0.1)
    reports = [kind for kind, *_ in desk.exchange.reports]
    assert reports == ["joined", "unsteady", "steady", "unsteady", "steady"]
    await desk.leg.close("shutting_down")


async def test_a_desk_is_not_unsteady_where_no_caller_listens_to_it() -> None:
    desk = Desk()
    await asyncio.sleep(3.5)
    desk.leg.state("call1", CallState.BRIDGED)
    await asyncio.sleep(1.0)
    assert desk.exchange.reports == [("joined", "Ada")]
    desk.leg.state("call1", CallState.HELD)
    await asyncio.sleep(5.0)
    assert desk.exchange.reports == [("joined", "Ada")]
    await desk.leg.close("shutting_down")


async def test_a_frozen_desk_counts_as_left() -> None:
    desk = Desk()
    await asyncio.sleep(SILENT_SECONDS + 5)
    assert desk.left == ["silent"]
    assert desk.socket.closed == (CloseCode.LOST, "silent")
    assert len(desk.socket.told("ping")) >= 3
    assert desk.running.done()


async def test_a_desk_that_answers_pings_stays() -> None:
    desk = Desk()
    for _ in range(20):
        await asyncio.sleep(4)
        desk.socket.says(type="pong")
    assert desk.left == []
    await desk.leg.close("shutting_down")


async def test_a_desk_that_stops_reading_counts_as_left_though_it_talks() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.socket.stuck = True
    for _ in range(500):
        desk.socket.speaks()
        desk.leg.send(FRAME)
        await asyncio.sleep(0.02)
    assert desk.left == ["not_reading"]


@pytest.mark.parametrize(("code", "reason"), [(1006, "lost"), (1001, "closed"), (1000, "closed")])
async def test_a_desk_that_is_gone_is_reported_once(code: int, reason: str) -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.socket.disconnects(code)
    await desk.running
    assert desk.left == [reason]
    desk.leg.send(FRAME)
    desk.leg.state("c1", CallState.ENDED)
    await desk.leg.close("shutting_down")
    assert desk.left == [reason]


async def test_a_desk_that_is_found_gone_while_sending_is_reported() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.socket.broken = True
    desk.leg.send(FRAME)
    await desk.running
    assert desk.left == ["lost"]


async def test_a_desk_that_goes_while_it_is_closed_is_reported_all_the_same() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.socket.broken = True
    desk.leg.sign_out()
    await desk.running
    assert desk.left == ["signed_out"]


async def test_what_is_malformed_is_answered_and_changes_nothing() -> None:
    desk = Desk()
    desk.socket.says(type="dance")
    desk.socket.speaks(FRAME[:-1])
    desk.socket.says(type="available", available=True)
    await asyncio.sleep(0.1)
    assert [problem["message"][-1] for problem in desk.socket.told("error")] == [".", "."]
    assert desk.exchange.reports[1:] == [("available", "Ada")]
    assert desk.exchange.audio == []
    await desk.leg.close("shutting_down")


async def test_a_desk_that_goes_on_sending_nonsense_is_sent_away() -> None:
    desk = Desk()
    for _ in range(50):
        desk.socket.says(type="dance")
    await asyncio.sleep(1.0)
    assert desk.left == ["misbehaved"]
    assert desk.socket.closed == (CloseCode.MISBEHAVED, "misbehaved")


async def test_a_flood_of_audio_is_cut_to_real_time() -> None:
    desk = Desk()
    for _ in range(500):
        desk.socket.speaks()
    await asyncio.sleep(0.1)
    assert len(desk.exchange.audio) == FRAMES_AT_ONCE
    assert desk.left == []
    await desk.leg.close("shutting_down")


async def test_closing_says_what_was_still_to_be_said_and_reports_nothing_more() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.leg.withdraw("c1", "shutting_down")
    desk.socket.says(type="available", available=True)
    await desk.leg.close("replaced")
    assert desk.socket.messages[-1]["type"] == "withdrawn"
    assert desk.socket.closed == (CloseCode.REPLACED, "replaced")
    assert desk.exchange.reports == [("joined", "Ada")]


async def test_closing_a_desk_that_does_not_read_takes_two_seconds_at_most() -> None:
    desk = Desk()
    await asyncio.sleep(0.1)
    desk.socket.stuck = True
    before = asyncio.get_running_loop().time()
    await desk.leg.close("replaced")
    assert asyncio.get_running_loop().time() - before <= 2
    assert desk.running.done()


async def test_old_audio_gives_way_and_messages_do_not() -> None:
    outbox = Outbox()
    outbox.put_message("first")
    for number in range(AUDIO_WAITING + 3):
        outbox.put_audio(bytes([number]))
        outbox.put_message(str(number))
    assert outbox.dropped == 3
    taken = [await outbox.take() for _ in range(2 * AUDIO_WAITING + 4)]
    assert [one for one in taken if isinstance(one, bytes)] == [
        bytes([number]) for number in range(3, AUDIO_WAITING + 3)
    ]
    assert [one for one in taken if isinstance(one, str)] == [
        "first",
        *(str(number) for number in range(AUDIO_WAITING + 3)),
    ]


async def test_a_desk_that_takes_no_messages_is_given_up() -> None:
    outbox = Outbox()
    assert all(outbox.put_message("") for _ in range(MESSAGES_WAITING))
    assert not outbox.put_message("")
    outbox.put_audio(b"")
    assert len(outbox.take_messages()) == MESSAGES_WAITING
