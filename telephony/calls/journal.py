"""One call's journal as it is written: the order, the times, and what has been written so far."""

import uuid
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Entry, Heard

REMEMBERED = 10_000
"""Entries kept in memory for desks and fresh workers, many hours of talk; the store has them all."""


def new_name() -> str:
    """Return a name for a call, never the same twice."""
    return uuid.uuid4().hex[:16]


class CallJournal:
    """Gives each event its place and time, and passes the entry on.

    Args:
        call: the call's name.
        clock: the switchboard's; second 0 of the call is now.
        keep: takes every entry, in order.
    """

    def __init__(self, call: str, clock: Clock, keep: Callable[[Entry], None]) -> None:
        self.call = call
        self._clock = clock
        self._keep = keep
        self._start = clock.now()
        self._seq = 0
        self._entries: deque[Entry] = deque(maxlen=REMEMBERED)

    @property
    def t(self) -> float:
        """The second of the call."""
        return self._clock.now() - self._start

    @property
    def history(self) -> tuple[Entry, ...]:
        """What happened so far, without the unfinished words of partial transcripts."""
        return tuple(
            entry for entry in self._entries if not isinstance(entry.event, Heard) or entry.event.final
        )

    def write(self, event: AnyEvent, t: float | None = None) -> Entry:
        """Write down what happened now, or at second `t` of the call (never in the future)."""
        now = self.t
        then = now if t is None else min(max(t, 0.0), now)
        self._seq += 1
        at = self._clock.utc() - timedelta(seconds=now - then)
        entry = Entry(call=self.call, seq=self._seq, t=round(then, 3), at=at, event=event)
        self._entries.append(entry)
        self._keep(entry)
        return entry
