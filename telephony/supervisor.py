"""Keeps one child process running: ended, it is started again; with us, it ends."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence

from voice.journal.clock import Clock

_log = logging.getLogger(__name__)

BACKOFF = (0.1, 2.0)
"""Seconds before a restart: the first pause, doubled up to the longest."""
STEADY_SECONDS = 10.0
"""A child that has run for so long begins with the first pause again."""
PROBE_SECONDS = 0.2
STOP_SECONDS = 12.0
"""How long a child may take to end when asked; then it is killed."""


class ChildFailedError(Exception):
    """The child cannot run at all, and has said why; `status` is what it left with."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The voice worker could not be started (exit status {status}); it has said why.")
        self.status = status


class Supervisor:
    """Runs a command for as long as `run` runs.

    The child's standard input is a pipe that closes when we end, however we end; a child that watches it
    never outlives us. It is in a process group of its own, so that Ctrl-C reaches us alone.

    Args:
        command: what to run.
        environment: its environment.
        ready: tells whether the child does its work.
        clock: the loop's.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        ready: Callable[[], Awaitable[bool]],
        clock: Clock,
    ) -> None:
        self._command = command
        self._environment = environment
        self._ready = ready
        self._clock = clock
        self.was_ready = asyncio.Event()
        """Set once a child has been ready."""
        self.pid: int | None = None
        """The child's process id while one runs."""

    async def run(self) -> None:
        """Keep a child running until cancelled, and then stop it.

        Raises:
            ChildFailedError: a child left by itself with an error before any was ready: a setting or a model
                is missing, and starting it again would not help.
        """
        pause, longest = BACKOFF
        while True:
            began = self._clock.now()
            status = await self._run_once()
            if status > 0 and not self.was_ready.is_set():
                raise ChildFailedError(status)
            if self._clock.now() - began > STEADY_SECONDS:
                pause = BACKOFF[0]
            _log.warning("The voice worker ended (%s); another starts in %.1f s.", _how(status), pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    async def _run_once(self) -> int:
        child = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, env=dict(self._environment), start_new_session=True
        )
        self.pid = child.pid
        probe = asyncio.create_task(self._probe())
        try:
            return await child.wait()
        finally:
            probe.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await probe
            await _stop(child)
            self.pid = None

    async def _probe(self) -> None:
        while not self.was_ready.is_set():
            if await self._ready():
                self.was_ready.set()
            else:
                await asyncio.sleep(PROBE_SECONDS)


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await child.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"
