"""An event loop whose time is simulated: it jumps when idle and stands still while a thread computes.

Everything that waits by asyncio (`sleep`, `wait_for`, `timeout`, `call_later`) follows it unchanged, so a
minute of telephony takes as long as its computing does, and takes place in the same order every time:

- Callbacks that are ready run first, then real sockets that are readable or writable.
- Otherwise, if jobs given to `run_in_executor` are under way, the loop waits for the oldest one and time
  stands still. Results are delivered in the order in which the jobs were given, whichever ends first.
- Otherwise time jumps to the next timer.

Threads the loop did not start itself are unknown to it: work whose result matters goes through
`run_in_executor` or `asyncio.to_thread`.
"""

import asyncio
import contextlib
import selectors
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SOCKET_GRACE = 0.001
"""Real seconds allowed to open sockets before time jumps: a peer on the loopback may be about to answer."""


class _IdleSelector(selectors.BaseSelector):
    """The real selector, asking `idle` what to do instead of sleeping."""

    def __init__(self, idle: Callable[[float | None], bool]) -> None:
        self._real = selectors.DefaultSelector()
        self._idle = idle

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        sockets = len(self._real.get_map()) > 1  # one is the loop's own, by which threads wake it
        if sockets and (ready := self._real.select(SOCKET_GRACE)):
            return ready
        return [] if self._idle(timeout) else self._real.select(None)


class VirtualLoop(asyncio.SelectorEventLoop):
    """The event loop described above; its time starts at 0."""

    def __init__(self) -> None:
        self._now = 0.0
        self._jobs: deque[tuple[Future[Any], asyncio.Future[Any]]] = deque()
        self._threads: ThreadPoolExecutor | None = None
        super().__init__(_IdleSelector(self._pass_time))

    def time(self) -> float:
        """Return the simulated seconds."""
        return self._now

    def _pass_time(self, timeout: float | None) -> bool:
        """Deliver a job's result or jump to the next timer; False: only something real can go on."""
        if self._jobs:
            return self._deliver_oldest()
        if timeout is None:
            return False
        self._now += timeout
        return True

    def _deliver_oldest(self) -> bool:
        job, result = self._jobs[0]
        if not job.done():
            return False
        self._jobs.popleft()
        if not result.done():
            error = job.exception()
            if error is None:
                result.set_result(job.result())
            else:
                result.set_exception(error)
        return True

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run `func` in a thread; simulated time stands still until it has returned."""
        if executor is None:
            executor = self._threads = self._threads or ThreadPoolExecutor(thread_name_prefix="virtual")
        result: asyncio.Future[T] = self.create_future()
        job = executor.submit(func, *args)
        self._jobs.append((job, result))
        result.add_done_callback(lambda done: done.cancelled() and job.cancel())
        job.add_done_callback(self._wake)
        return result

    def _wake(self, _job: Future[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            self.call_soon_threadsafe(lambda: None)

    async def shutdown_default_executor(self, _limit: float | None = None) -> None:
        """Wait for the threads without a time limit, which simulated time would reach at once."""
        if self._threads is not None:
            threads, self._threads = self._threads, None
            threads.shutdown(wait=True, cancel_futures=True)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on a fresh `VirtualLoop`, as `asyncio.run` would."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
