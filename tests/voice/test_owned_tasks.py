import asyncio

import pytest

from voice.owned_tasks import OwnedTasks
from voice.timer import Timer

pytestmark = pytest.mark.usefixtures("virtual_time")


async def test_what_still_runs_at_the_end_is_called_off_and_waited_for() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(1)
            ended.append("tidied up")

    tasks = OwnedTasks()
    tasks.begin(work())
    await asyncio.sleep(1)
    await tasks.close()
    assert ended == ["tidied up"]


async def test_a_failure_reaches_whoever_waits_and_nobody_else() -> None:
    async def fail() -> None:
        raise RuntimeError("broken")

    tasks = OwnedTasks()
    tasks.begin(fail())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="broken"):
        await tasks.begin(fail())
    await tasks.close()


async def test_a_timer_keeps_only_its_last_wish_and_does_not_call_off_what_it_is_doing() -> None:
    done: list[str] = []
    tasks = OwnedTasks()
    timer = Timer(tasks)

    async def ring(what: str) -> None:
        timer.stop()
        await asyncio.sleep(1)
        done.append(what)

    timer.start(5, lambda: ring("first"))
    timer.start(5, lambda: ring("second"))
    await asyncio.sleep(7)
    assert done == ["second"]
    timer.start(5, lambda: ring("third"))
    timer.stop()
    await asyncio.sleep(7)
    assert done == ["second"]
    await tasks.close()
