import asyncio
import threading
import time

import pytest

from voice.replay import virtual_time as module
from voice.replay.virtual_time import VirtualLoop

pytestmark = pytest.mark.usefixtures("virtual_time")


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_an_hour_of_waiting_passes_at_once() -> None:
    started = time.perf_counter()
    assert now() == 0.0
    await asyncio.sleep(3600)
    assert now() == pytest.approx(3600)
    assert time.perf_counter() - started < 30


async def test_every_way_of_waiting_follows_the_loop() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 10)
    assert now() == pytest.approx(10)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await asyncio.Future()
    assert now() == pytest.approx(15)
    rung = asyncio.Event()
    asyncio.get_running_loop().call_later(2, rung.set)
    await rung.wait()
    assert now() == pytest.approx(17)


async def test_timers_fire_in_the_order_of_their_times() -> None:
    order: list[int] = []

    async def ring(after: float, name: int) -> None:
        await asyncio.sleep(after)
        order.append(name)

    await asyncio.gather(ring(3, 3), ring(1, 1), ring(2, 2))
    assert order == [1, 2, 3]


async def test_time_stands_still_while_a_thread_computes() -> None:
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            await asyncio.sleep(0.02)
            ticks.append(now())

    ticker = asyncio.create_task(tick())
    await asyncio.to_thread(time.sleep, 0.05)
    assert now() == 0.0
    assert ticks == []
    await asyncio.sleep(0.1)
    assert len(ticks) in (4, 5)
    ticker.cancel()


async def test_results_come_in_the_order_the_jobs_were_given() -> None:
    order: list[str] = []
    quick_done = threading.Event()

    async def job(name: str, work: object) -> None:
        await asyncio.get_running_loop().run_in_executor(None, work)  # type: ignore[arg-type]
        order.append(name)

    await asyncio.gather(
        job("slow", lambda: quick_done.wait(10)),
        job("quick", quick_done.set),
    )
    assert order == ["slow", "quick"]


async def test_a_job_that_fails_says_so() -> None:
    def fail() -> None:
        raise ValueError("no such word")

    with pytest.raises(ValueError, match="no such word"):
        await asyncio.to_thread(fail)


async def test_a_cancelled_job_still_holds_time_until_its_thread_is_done() -> None:
    release = threading.Event()
    began = threading.Event()

    def work() -> None:
        began.set()
        release.wait(10)

    task = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.sleep(0)
    assert began.wait(10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()
    await asyncio.sleep(1)
    assert now() == pytest.approx(1)


async def test_sockets_are_served_before_time_jumps() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()
        await writer.wait_closed()


def test_run_uses_a_fresh_loop_each_time() -> None:
    async def sleep() -> tuple[float, float]:
        before = now()
        await asyncio.sleep(1.5)
        await asyncio.to_thread(time.sleep, 0)
        return before, now()

    assert module.run(sleep()) == module.run(sleep()) == (0.0, 1.5)


async def test_the_fixture_gives_the_virtual_loop() -> None:
    assert isinstance(asyncio.get_running_loop(), VirtualLoop)
