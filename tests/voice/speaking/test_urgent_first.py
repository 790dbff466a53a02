import asyncio
import threading
from functools import partial

import pytest

from voice.speaking.urgent import UrgentFirst
from voice.speaking.voice import Due, VoiceError


async def test_of_what_waits_the_most_urgent_is_next_even_if_it_was_hurried_late() -> None:
    thread = UrgentFirst("test")
    gate = threading.Event()
    done: list[str] = []
    whenever, later, soon = Due(), Due(9.0), Due(1.0)
    jobs: list[asyncio.Task[object]] = [asyncio.create_task(thread.run(gate.wait, lambda: 0.0))]
    for name, due in (("whenever", whenever), ("later", later), ("soon", soon)):
        job, wanted = partial(done.append, name), partial(due.after, 0.0)
        jobs.append(asyncio.create_task(thread.run(job, wanted)))
    await asyncio.sleep(0)
    whenever.hurry(0.5)
    whenever.hurry(7.0)
    gate.set()
    await asyncio.gather(*jobs)
    assert done == ["whenever", "soon", "later"]
    thread.close()


async def test_who_has_gone_is_not_served_and_who_fails_alone_fails() -> None:
    thread = UrgentFirst("test")
    gate = threading.Event()
    done: list[str] = []
    first = asyncio.create_task(thread.run(gate.wait, lambda: 0.0))
    gone = asyncio.create_task(thread.run(lambda: done.append("gone"), lambda: 1.0))
    broken = asyncio.create_task(thread.run(lambda: 1 / 0, lambda: 2.0))
    last = asyncio.create_task(thread.run(lambda: done.append("last"), lambda: 3.0))
    await asyncio.sleep(0)
    gone.cancel()
    gate.set()
    results = await asyncio.gather(first, gone, broken, last, return_exceptions=True)
    assert isinstance(results[2], ZeroDivisionError)
    assert done == ["last"]
    thread.close()


async def test_when_too_much_waits_one_more_is_refused() -> None:
    thread = UrgentFirst("test", capacity=2)
    gate = threading.Event()
    taken = [asyncio.create_task(thread.run(gate.wait, lambda: 0.0)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(VoiceError, match="2"):
        await thread.run(gate.wait, lambda: 0.0)
    gate.set()
    await asyncio.gather(*taken)
    thread.close()
