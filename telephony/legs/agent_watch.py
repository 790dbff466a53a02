"""Watches an agent's line: whether anything comes from it, and when the caller is to be told."""

import asyncio
from collections.abc import Callable

from telephony.legs.leg import AgentEvents
from telephony.legs.liveness import LOOK_SECONDS, SILENT_SECONDS, Found, Liveness
from voice.journal.clock import Clock


class AgentWatch:
    """Reports an agent whom a caller listens to as unsteady, as steady again, and as gone.

    Args:
        agent: their name.
        events: told how steady they are.
        clock: the loop's.
        gone: called when they have been silent for too long.
        ping: asks them for a sign of life.
        silent_seconds: how long they may be silent while nobody listens.
    """

    def __init__(
        self,
        agent: str,
        events: AgentEvents,
        clock: Clock,
        *,
        gone: Callable[[], None],
        ping: Callable[[], None] = lambda: None,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self._agent = agent
        self._events = events
        self._clock = clock
        self._gone = gone
        self._ping = ping
        self._liveness = Liveness(clock.now(), silent_seconds)
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Watch from now on, if that is not done already."""
        if self._next is None:
            self._liveness.heard(self._clock.now())
            self._look()

    def end(self) -> None:
        """Watch no more."""
        self._liveness.talks(False)
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def talks(self, talking: bool) -> None:
        """Take note whether a caller listens to the agent."""
        self._liveness.talks(talking)

    def heard(self) -> None:
        """Take note that something came from the agent."""
        if self._liveness.heard(self._clock.now()):
            self._events.agent_steady(self._agent)

    def _look(self) -> None:
        self._next = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)
        now = self._clock.now()
        match self._liveness.look(now):
            case Found.GONE:
                self.end()
                self._gone()
            case Found.UNSTEADY:
                self._events.agent_unsteady(self._agent, self._liveness.silent)
            case Found.THERE:
                pass
        if self._liveness.ping(now):
            self._ping()
