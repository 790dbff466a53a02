"""What a party is still to hear: audio and marks, in order; and how far ahead of their ear it may be sent.

Pure: bytes in, frames out, time handed in. The task that keeps time is in `telephony.legs.pacing`.
"""

from collections import deque
from typing import Final

import msgspec

from telephony.legs.leg import FRAME_SECONDS
from telephony.legs.mulaw import SAMPLE_RATE

PLAYOUT_LIMIT: Final = 600 * SAMPLE_RATE
"""Bytes waiting at most: ten minutes, more than any bot says in one breath."""
MARK_LIMIT: Final = 1_000
"""Marks waiting at most."""
LEAD_SECONDS: Final = 0.06
"""Audio the other side may hold, refilled frame by frame: a stall of 40 ms here is never heard there."""
_TIMER_SECONDS = 0.001


class Frame(msgspec.Struct, frozen=True):
    """The next piece of audio, and the marks that stand directly behind it."""

    audio: bytes
    marks: tuple[str, ...] = ()


class Playout:
    """A queue of 8 kHz mu-law and of marks, each mark due when all audio queued before it has been taken.

    Full, it keeps what it has and refuses what comes: cutting the end of a speech that runs for minutes is
    the lesser harm than cutting its middle.

    Args:
        limit: bytes held at most.
        mark_limit: marks held at most.
    """

    def __init__(self, limit: int = PLAYOUT_LIMIT, mark_limit: int = MARK_LIMIT) -> None:
        self._limit = limit
        self._mark_limit = mark_limit
        self._chunks: deque[memoryview] = deque()
        self._marks: deque[tuple[int, str]] = deque()
        self._added = 0
        self._taken = 0

    def __len__(self) -> int:
        """Return the bytes waiting."""
        return self._added - self._taken

    def __bool__(self) -> bool:
        """Return whether audio or marks are waiting."""
        return bool(self._chunks or self._marks)

    @property
    def seconds(self) -> float:
        """The audio waiting, in seconds."""
        return len(self) / SAMPLE_RATE

    def add(self, mulaw: bytes) -> int:
        """Queue audio; returns how many bytes of its end found no room and were dropped."""
        fits = mulaw[: max(self._limit - len(self), 0)]
        if fits:
            self._chunks.append(memoryview(fits))
            self._added += len(fits)
        return len(mulaw) - len(fits)

    def mark(self, name: str) -> bool:
        """Queue a mark behind the audio; returns False when there are too many, and forgets it."""
        if len(self._marks) >= self._mark_limit:
            return False
        self._marks.append((self._added, name))
        return True

    def take(self, count: int) -> Frame:
        """Return up to `count` bytes and the marks they bring due; shorter only at the end of what is queued.

        A mark inside a frame does not cut it: it is due with the frame that holds the last byte before it.
        """
        parts = []
        missing = count
        while missing > 0 and self._chunks:
            chunk = self._chunks.popleft()
            parts.append(chunk[:missing])
            if len(chunk) > missing:
                self._chunks.appendleft(chunk[missing:])
            missing -= len(parts[-1])
        self._taken += count - max(missing, 0)
        marks = []
        while self._marks and self._marks[0][0] <= self._taken:
            marks.append(self._marks.popleft()[1])
        return Frame(b"".join(parts), tuple(marks))

    def clear(self) -> tuple[str, ...]:
        """Drop everything, the rest of a partly taken chunk included; returns the marks dropped, in order."""
        marks = tuple(name for _, name in self._marks)
        self._chunks.clear()
        self._marks.clear()
        self._taken = self._added
        return marks


class Schedule:
    """When the next frame is due, so that the other side's buffer holds `lead` seconds and no more.

    Drift-free: it adds up the audio sent, not the time slept. When a stall has let the buffer run dry, the
    time lost is let go and `lead` is filled again: at most that much is ever sent at once.

    Args:
        lead: seconds of audio the other side may hold; at least one frame.
    """

    def __init__(self, lead: float = LEAD_SECONDS) -> None:
        self._ahead = max(lead - FRAME_SECONDS, 0.0)
        self._heard_until = float("-inf")

    def due(self, now: float) -> float:
        """Return the seconds until the next frame may go; 0 once that is within a timer's millisecond."""
        wait = self._heard_until - self._ahead - now
        return wait if wait > _TIMER_SECONDS else 0.0

    def sent(self, count: int, now: float) -> None:
        """Take note of `count` bytes sent."""
        self._heard_until = max(self._heard_until, now) + count / SAMPLE_RATE

    def emptied(self) -> None:
        """Take note that the other side has dropped what it held."""
        self._heard_until = float("-inf")

    def heard_in(self, now: float) -> float:
        """Return the seconds until everything sent so far has been heard."""
        return max(self._heard_until - now, 0.0)
