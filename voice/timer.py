"""Something to be done later, unless it is called off."""

import asyncio
from collections.abc import Awaitable, Callable

from voice.owned_tasks import OwnedTasks


class Timer:
    """At most one thing waits; a new one takes its place.

    Args:
        tasks: own what is done.
    """

    def __init__(self, tasks: OwnedTasks) -> None:
        self._tasks = tasks
        self._waiting: asyncio.Task[None] | None = None

    def start(self, seconds: float, then: Callable[[], Awaitable[None]]) -> None:
        """Call `then` in so many seconds."""
        self.stop()
        self._waiting = self._tasks.begin(self._wait(seconds, then))

    def stop(self) -> None:
        """Call off what waits; what is being done already goes on."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()

    async def _wait(self, seconds: float, then: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(seconds)
        self._waiting = None
        await then()
