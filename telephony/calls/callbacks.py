"""Who is to be rung back: a reader of the journal, which alone keeps it. Pure but for what it remembers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from voice.journal.events import (
    Brief,
    Briefed,
    CallbackAsked,
    CallbackClosed,
    CallbackTried,
    CallStarted,
    Entry,
)

MOST = 1_000
"""Callers on the list; whoever would be one more is not forgotten by the journal, but not listed."""


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """A caller to be rung back; `call` is the call on which they asked for it."""

    call: str
    number: str
    line: str
    """The number they had rung."""
    began: datetime
    earliest: datetime
    latest: datetime
    headline: str = ""
    """Who wants what, as the brief had it."""
    brief: Brief | None = None
    tries: int = 0
    seq: int = 0
    """The newest entry of the call's journal."""


class Callbacks:
    """The list, kept up to date by every entry of every call."""

    def __init__(self) -> None:
        self._started: dict[str, Entry] = {}
        self._briefs: dict[str, Brief] = {}
        self._open: dict[str, Callback] = {}

    @property
    def open(self) -> Mapping[str, Callback]:
        """Those still to be rung, by the name of the call on which they asked."""
        return MappingProxyType(self._open)

    @property
    def listed(self) -> tuple[Callback, ...]:
        """The same, whoever is due first first."""
        return tuple(sorted(self._open.values(), key=lambda callback: callback.earliest))

    def take(self, entry: Entry) -> bool:
        """Take an entry; returns whether the list has changed."""
        call, before = entry.call, self._open.get(entry.call)
        match entry.event:
            case CallStarted():
                self._started[call] = entry
            case Briefed(brief=brief):
                self._briefs[call] = brief
            case CallbackAsked() as asked if before is None and len(self._open) < MOST:
                self._open[call] = self._callback(entry, asked)
                return True
            case CallbackClosed() if before is not None:
                del self._open[call]
                return True
            case CallbackTried() if before is not None:
                self._open[call] = msgspec.structs.replace(before, tries=before.tries + 1, seq=entry.seq)
                return True
            case _ if before is not None:
                self._open[call] = msgspec.structs.replace(before, seq=entry.seq)
        return False

    def forget(self, call: str) -> None:
        """Drop what is only needed while a call runs."""
        self._started.pop(call, None)
        self._briefs.pop(call, None)

    def _callback(self, entry: Entry, asked: CallbackAsked) -> Callback:
        started = self._started.get(entry.call)
        line = started.event.called if started and isinstance(started.event, CallStarted) else ""
        brief = self._briefs.get(entry.call)
        return Callback(
            call=entry.call,
            number=asked.number,
            line=line,
            began=started.at if started else entry.at,
            earliest=entry.at + timedelta(seconds=asked.after),
            latest=entry.at + timedelta(seconds=asked.before),
            headline=brief.headline if brief else "",
            brief=brief,
            seq=entry.seq,
        )
