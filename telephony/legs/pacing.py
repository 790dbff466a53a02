"""The task that plays a `Playout` to one party in real time.

One task for each leg, not one for the process: legs stay out of step with each other, so a hundred of them
do not all send in the same millisecond; a leg that fails takes no other with it; a silent leg costs nothing.
"""

import asyncio
from typing import Protocol

from telephony.legs.leg import FRAME_BYTES, FRAME_SECONDS
from telephony.legs.playout import LEAD_SECONDS, Playout, Schedule
from voice.journal.clock import Clock


class Line(Protocol):
    """Where paced audio goes. All return at once."""

    def ready(self) -> bool:
        """Return whether a frame can be passed on; audio waits in the queue until it can."""

    def send_frame(self, mulaw: bytes) -> None:
        """Pass on a frame."""

    def send_mark(self, name: str) -> None:
        """Pass on a mark that stands behind the frames sent so far."""


class Pacer:
    """Plays what is queued in frames of 20 ms, `lead` seconds ahead of the party's ear.

    Args:
        line: where frames and marks go.
        clock: the loop's.
        lead: seconds of audio the other side may hold.
        playout: the queue; default: an empty one of the usual bounds.
    """

    def __init__(
        self, line: Line, clock: Clock, *, lead: float = LEAD_SECONDS, playout: Playout | None = None
    ) -> None:
        self._line = line
        self._clock = clock
        self._playout = Playout() if playout is None else playout
        self._schedule = Schedule(lead)
        self._wake = asyncio.Event()

    @property
    def seconds(self) -> float:
        """The audio queued and not sent yet, in seconds."""
        return self._playout.seconds

    def play(self, mulaw: bytes) -> int:
        """Queue audio; returns how many bytes of its end found no room."""
        dropped = self._playout.add(mulaw)
        self._wake.set()
        return dropped

    def mark(self, name: str) -> bool:
        """Queue a mark; returns False when too many are queued, and forgets it."""
        kept = self._playout.mark(name)
        self._wake.set()
        return kept

    def clear(self) -> tuple[str, ...]:
        """Drop what is queued; returns its marks. The other side's buffer is the caller's to empty."""
        self._schedule.emptied()
        return self._playout.clear()

    def passed(self, mulaw: bytes) -> None:
        """Take note of live audio that went to the other side past the queue."""
        self._schedule.sent(len(mulaw), self._clock.now())

    def heard_in(self) -> float:
        """Return the seconds until everything sent so far has been heard, as far as can be known here."""
        return self._schedule.heard_in(self._clock.now())

    async def run(self) -> None:
        """Play until cancelled."""
        while True:
            if not self._playout:
                self._wake.clear()
                await self._wake.wait()
            wait = self._step()
            if wait:
                await asyncio.sleep(wait)

    def _step(self) -> float:
        """Send one frame if one is due, and the marks behind it; returns the seconds until the next step."""
        now = self._clock.now()
        if len(self._playout):
            if not self._line.ready():
                return FRAME_SECONDS
            if wait := self._schedule.due(now):
                return wait
        frame = self._playout.take(FRAME_BYTES)
        if frame.audio:
            self._line.send_frame(frame.audio)
            self._schedule.sent(len(frame.audio), now)
        for mark in frame.marks:
            self._line.send_mark(mark)
        return 0.0
