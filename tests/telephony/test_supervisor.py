"""The supervised child: killed, it comes back; with its parent, it goes."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from telephony.supervisor import ChildFailedError, Supervisor
from voice.journal.clock import LoopClock

STAYS = "import sys; sys.stdin.read()"


def supervisor(script: str, *, ready: bool = True) -> Supervisor:
    async def is_ready() -> bool:
        return ready

    return Supervisor([sys.executable, "-c", script], dict(os.environ), ready=is_ready, clock=LoopClock())


async def running(child: Supervisor, other_than: int | None = None) -> int:
    async with asyncio.timeout(20):
        while child.pid is None or child.pid == other_than or not child.was_ready.is_set():  # noqa: ASYNC110  (nothing tells of a restart)
            await asyncio.sleep(0.01)
    return child.pid


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_killed_it_comes_back_and_ends_with_us() -> None:
    child = supervisor(STAYS)
    task = asyncio.create_task(child.run())
    first = await running(child)
    os.kill(first, signal.SIGKILL)
    second = await running(child, other_than=first)
    os.kill(second, signal.SIGKILL)
    third = await running(child, other_than=second)
    await asyncio.sleep(0.5)
    assert child.pid == third and alive(third), "it goes on for as long as we do"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not alive(third)


async def test_a_child_that_cannot_start_ends_it_with_its_status() -> None:
    with pytest.raises(ChildFailedError) as failed:
        await supervisor("raise SystemExit(2)", ready=False).run()
    assert failed.value.status == 2


async def test_a_child_killed_before_it_was_ready_is_started_again(tmp_path: Path) -> None:
    marker = tmp_path / "started"
    script = f"""
import os, pathlib, signal, sys
marker = pathlib.Path({str(marker)!r})
if not marker.exists():
    marker.touch()
    os.kill(os.getpid(), signal.SIGKILL)
raise SystemExit(3)
"""
    with pytest.raises(ChildFailedError) as failed:
        await supervisor(script, ready=False).run()
    assert failed.value.status == 3


async def test_a_child_dies_with_a_parent_that_is_killed() -> None:
    parent_script = f"""
import asyncio, os, sys
from telephony.supervisor import Supervisor
from voice.journal.clock import LoopClock

async def ready():
    return True

async def main():
    child = Supervisor([sys.executable, "-c", {STAYS!r}], dict(os.environ), ready=ready, clock=LoopClock())
    task = asyncio.create_task(child.run())
    await child.was_ready.wait()
    print(child.pid, flush=True)
    await task

asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent_script, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    assert alive(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(20):
        assert await parent.stdout.read() == b"", "the child shares our end of the pipe until it ends"
