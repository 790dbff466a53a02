import asyncio
import json

import pytest
from loguru import logger

from tests.voice.stand_ins import Booth, ScriptedEngine, of, said, silence, speech
from voice.journal.events import Heard
from voice.link_serializer import LinkError
from voice.pipeline import BEHIND, CLOSING, REFUSALS, OverloadedError
from voice.replay.digest import lines
from voice.replay.line import STREAM, Caller, Line, ring

pytestmark = pytest.mark.usefixtures("virtual_time")

CALL = silence(2) + speech(1) + silence(3) + speech(1.2) + silence(1.2) + speech(1) + silence(6)


async def test_the_same_call_twice_is_the_same_journal() -> None:
    one = await Booth(["hello", "my refund", "agent"]).ring(CALL)
    two = await Booth(["hello", "my refund", "agent"]).ring(CALL)
    assert list(lines(one.journal)) == list(lines(two.journal))
    assert one.heard == two.heard
    assert len(of(one, Heard)) == 3


async def test_malformed_messages_are_logged_and_the_call_goes_on() -> None:
    class Noisy(Line):
        async def _press(self, t: float) -> None:
            if t == 1.0:
                await self._receive("nonsense with a secret in it")

    line = Noisy(Caller(silence(2) + speech(1) + silence(4)))
    pipeline = Booth(["hello"]).pipeline("", line.send)
    logged: list[str] = []
    sink = logger.add(logged.append, level="INFO")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    logger.remove(sink)
    assert "You said hello." in said(line)
    assert ["refused" in entry for entry in logged] == [True]
    assert "secret" not in logged[0]


async def test_a_link_that_sends_nothing_but_nonsense_is_given_up() -> None:
    pipeline = Booth().pipeline("", _nowhere)
    running = asyncio.create_task(pipeline.run())
    for _ in range(REFUSALS):
        await pipeline.receive("nonsense")
    with pytest.raises(LinkError):
        await pipeline.receive("nonsense")
    await pipeline.close()
    await running


async def test_a_call_that_is_not_kept_up_with_is_given_up() -> None:
    pipeline = Booth().pipeline("", _nowhere)  # it is not running: nothing is taken in
    await pipeline.receive(json.dumps({"event": "start", "streamSid": STREAM, "start": {}}))
    frame = json.dumps({"event": "media", "media": {"payload": "/////w=="}})
    with pytest.raises(OverloadedError):
        for _ in range(int(BEHIND * 8_000 / 4) + 1):
            await pipeline.receive(frame)


async def test_closing_is_bounded_however_the_engine_hangs() -> None:
    loop = asyncio.get_running_loop()
    line = Line(Caller(silence(1) + speech(1)))
    pipeline = Booth(engine=ScriptedEngine(["never"], seconds=3_600)).pipeline("", line.send)
    running = asyncio.create_task(pipeline.run())
    await line.ring(pipeline.receive)
    before = loop.time()
    await running
    assert loop.time() - before <= CLOSING


async def test_a_cancelled_call_leaves_no_task_behind() -> None:
    line = Line(Caller(silence(60)))
    pipeline = Booth().pipeline("", line.send)
    running = asyncio.create_task(pipeline.run())
    ringing = asyncio.create_task(line.ring(pipeline.receive))
    await asyncio.sleep(5)
    ringing.cancel()
    running.cancel()
    await asyncio.gather(running, ringing, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_finished_call_leaves_no_task_behind() -> None:
    await Booth(["hello"]).ring(CALL)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_ten_calls_at_once_do_not_hear_each_other() -> None:
    booths = [Booth([f"caller {number}"]) for number in range(10)]
    calls = await asyncio.gather(*(booth.ring(silence(2) + speech(1) + silence(4)) for booth in booths))
    for number, line in enumerate(calls):
        assert [heard.text for heard in of(line, Heard)] == [f"caller {number}"]
        assert f"You said caller {number}." in said(line)


async def test_nothing_that_was_said_is_logged() -> None:
    logged: list[str] = []
    sink = logger.add(logged.append, level="INFO")
    try:
        await Booth(["crash pomegranate", "crash"]).ring(CALL)
    finally:
        logger.remove(sink)
    assert any("The bot" in entry for entry in logged)
    assert not any("pomegranate" in entry for entry in logged)


async def test_close_may_come_twice_and_before_the_call_began() -> None:
    pipeline = Booth().pipeline("", _nowhere)
    await pipeline.close()
    await pipeline.close()
    await asyncio.wait_for(pipeline.run(), CLOSING)


async def test_the_journal_reaches_the_switchboard_numbered_without_gaps() -> None:
    numbers: list[int] = []

    class Counting(Line):
        async def send(self, message: str) -> None:
            fields = json.loads(message)
            if fields["event"] == "journal":
                numbers.append(fields["n"])
            await super().send(message)

    booth = Booth(["hello"])
    line = Counting(Caller(silence(2) + speech(1) + silence(4)))
    pipeline = booth.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    assert numbers == list(range(1, len(line.journal) + 1))


async def test_the_playbook_named_is_the_playbook_asked_for() -> None:
    booth = Booth()
    await ring(booth, Caller(silence(0.1)), playbook="nordic")
    assert booth.played == ["nordic"]


async def _nowhere(message: str) -> None:
    """Take a message and forget it."""
