"""Watches the caller's line: whether anything comes from it at all, and whether the call has gone dead."""

import asyncio
from collections.abc import Callable

from telephony.calls.dead_air import DeadAirGuard
from telephony.takeover import inputs as on
from telephony.takeover.phases import Call, Phase
from voice.journal.clock import Clock

STALLED_SECONDS = 3.0
"""A carrier sends a frame every 20 ms, silence included: without any for so long the network stalls."""
DEAD_SECONDS = 30.0
"""A line that has stalled for so long is given to the carrier's next verb."""
LOOK_SECONDS = 0.25


class LineWatch:
    """Tells of dead air while the bot has the call, and of a line that stalls, is back, or is dead.

    Args:
        guard: of dead air; told elsewhere what is heard on the line.
        clock: the loop's.
        call: returns where the call stands.
        feed: takes the state machine's inputs.
    """

    def __init__(
        self,
        guard: DeadAirGuard,
        clock: Clock,
        *,
        call: Callable[[], Call],
        feed: Callable[[on.Input], None],
    ) -> None:
        self._guard = guard
        self._clock = clock
        self._call = call
        self._feed = feed
        self._frame_at: float | None = None
        """When the last frame came; None until the first: carriers differ in when they begin."""
        self._stalled = False
        self._up = True
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Watch from now on."""
        self._look()

    def frame(self, mulaw: bytes) -> None:
        """Take a frame of the caller's voice."""
        now = self._clock.now()
        if self._stalled and self._frame_at is not None:
            self._stalled = False
            self._feed(on.LineBack(now - self._frame_at))
        self._frame_at = now
        self._guard.caller(mulaw, now)

    def end(self) -> None:
        """The line is down."""
        self._up = False
        if self._next is not None:
            self._next.cancel()

    def _look(self) -> None:
        now = self._clock.now()
        missing = now - self._frame_at if self._frame_at is not None else 0.0
        if missing >= DEAD_SECONDS:
            self._feed(on.LineDead(missing))
        elif missing >= STALLED_SECONDS and not self._stalled:
            self._stalled = True
            self._feed(on.LineStalled(missing))
        if self._stalled or self._call().phase is not Phase.WITH_BOT:
            self._guard.restart(now)
        elif self._guard.due_in(now) <= 0:
            quiet = self._guard.quiet(now)
            self._guard.restart(now)
            self._feed(on.DeadAir(quiet))
        if self._up:
            wait = min(self._guard.due_in(now), LOOK_SECONDS)
            self._next = asyncio.get_running_loop().call_later(wait, self._look)
