"""One thread for everything the local voices compute: of what waits, the most urgent is next."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from voice.speaking.voice import VoiceError

T = TypeVar("T")

CAPACITY = 64
"""Jobs that may wait, several for each call that speaks; one more is refused."""


@dataclass(eq=False)
class _Waiting:
    job: Callable[[], Any]
    due: Callable[[], float]
    done: asyncio.Future[Any]


class UrgentFirst:
    """Runs jobs in turn, each time the one that is due first; among equals the first to come.

    Jobs are short (an encoding, a fraction of a second of audio), so that a call's long sentence does not
    hold up another's first word.

    Args:
        name: the thread's.
        capacity: jobs that may wait.
    """

    def __init__(self, name: str, capacity: int = CAPACITY) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._capacity = capacity
        self._waiting: list[_Waiting] = []
        self._busy = False

    async def run(self, job: Callable[[], T], due: Callable[[], float]) -> T:
        """Return the job's result. Cancelled before its turn, it costs nothing.

        Args:
            job: what is to be computed; blocks.
            due: when its result is wanted, by any one clock; asked each time a job is chosen.

        Raises:
            VoiceError: too many jobs wait.
        """
        if len(self._waiting) >= self._capacity:
            raise VoiceError(f"{self._capacity} pieces of speech wait already; this one was not taken.")
        waiting = _Waiting(job, due, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._next()
        try:
            result: T = await waiting.done
            return result
        finally:
            if waiting in self._waiting:
                self._waiting.remove(waiting)

    def close(self) -> None:
        """Drop what waits and end the thread; a job under way is finished first."""
        for waiting in self._waiting:
            waiting.done.cancel()
        self._waiting.clear()
        self._executor.shutdown(cancel_futures=True)

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        first = min(self._waiting, key=lambda waiting: waiting.due())
        self._waiting.remove(first)
        self._busy = True
        running = asyncio.get_running_loop().run_in_executor(self._executor, first.job)
        running.add_done_callback(lambda ran: self._ran(first, ran))

    def _ran(self, waiting: _Waiting, ran: asyncio.Future[Any]) -> None:
        self._busy = False
        error = None if ran.cancelled() else ran.exception()
        if not waiting.done.done():
            if ran.cancelled():
                waiting.done.cancel()
            elif error is not None:
                waiting.done.set_exception(error)
            else:
                waiting.done.set_result(ran.result())
        if not ran.cancelled():
            self._next()
