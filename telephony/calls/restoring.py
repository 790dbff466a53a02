"""What a switchboard that starts again takes from the journal: callers to ring back, and how long calls took.

The calls the one before it held have gone to their carrier's next verb; they are closed here. A caller who
lost their place in line that way and rings again is answered ahead of others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.takeover.effects_parting import SHUTTING_DOWN
from voice.journal.events import (
    Bridged,
    CallEnded,
    CallStarted,
    CallState,
    Entry,
    Offered,
    StateChanged,
    WrappedUp,
)
from voice.journal.store import JournalStore

REMEMBERED = timedelta(days=7)
CUT_OFF = timedelta(minutes=30)
"""How long a caller who lost their place counts as one."""
CALLS = 100
"""Calls of late whose handling times are read."""
_NOT_WITH_BOT = frozenset(
    {CallState.WAITING, CallState.OFFERED, CallState.BRIEFING, CallState.BRIDGED, CallState.HELD}
)
REASON = "The switchboard was started again; the carrier had the caller meanwhile."


@dataclass(frozen=True)
class Restored:
    """What was found.

    Attributes:
        ends: entries that close the calls left open, to be written.
        entries: of calls on which a call back was asked for that has not been made.
        handling: seconds agents were busy with calls of late, the oldest first.
        cut_off: the numbers of callers who lost an agent or their place in line, and when.
    """

    ends: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    handling: tuple[float, ...]
    cut_off: Mapping[str, datetime]


def lost_place(cut_off: Mapping[str, datetime], caller: str, now: datetime) -> bool:
    """Return whether a number that rings now is that of a caller who lost their place."""
    lost = cut_off.get(caller)
    return lost is not None and now - lost < CUT_OFF


def restore(journal: JournalStore, now: datetime) -> Restored:
    """Read the journal. Blocks."""
    since = now - REMEMBERED
    open_calls = [journal.read(name) for name in journal.calls_without("call_started", "call_ended", since)]
    callbacks = [
        journal.read(name) for name in journal.calls_without("callback_asked", "callback_closed", since)
    ]
    late = [journal.read(summary.call) for summary in reversed(journal.calls(CALLS))]
    cut_off = {
        entries[0].event.caller: entries[-1].at
        for entries in (*late, *open_calls)
        if isinstance(entries[0].event, CallStarted) and entries[-1].at > now - CUT_OFF and _let_down(entries)
    }
    return Restored(
        ends=tuple(_end(entries, now) for entries in open_calls if entries),
        entries=tuple(entry for entries in callbacks for entry in entries),
        handling=tuple(seconds for entries in late if (seconds := handling_seconds(entries)) is not None),
        cut_off=cut_off,
    )


def handling_seconds(entries: Iterable[Entry]) -> float | None:
    """Return how long a call kept its last agent busy; None where no agent had it, or has it still."""
    rung: float | None = None
    bridged = False
    for entry in entries:
        match entry.event:
            case Offered():
                rung, bridged = entry.t, False
            case Bridged():
                bridged = True
            case WrappedUp() if bridged and rung is not None:
                return entry.t - rung
    return None


def _let_down(entries: Sequence[Entry]) -> bool:
    """Return whether a caller lost a person, or their place in line, to the switchboard's end."""
    ends = [entry.event.reason for entry in entries if isinstance(entry.event, CallEnded)]
    states = [entry.event.after for entry in entries if isinstance(entry.event, StateChanged)]
    lived = [state for state in states if state is not CallState.ENDED]
    return bool(lived) and lived[-1] in _NOT_WITH_BOT and set(ends) <= {REASON, SHUTTING_DOWN}


def _end(entries: Sequence[Entry], now: datetime) -> Entry:
    last = entries[-1]
    ended = CallEnded(by="switchboard", reason=REASON, seconds=last.t)
    return Entry(call=last.call, seq=last.seq + 1, t=last.t, at=now, event=ended)
