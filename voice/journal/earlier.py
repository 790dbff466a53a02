"""What the journal tells of a caller's earlier calls, for the bot that answers this one.

A caller is recognised by the calling number alone, which verifies nobody: the bot may ask whether the call is
about the same thing, and says nothing personal before it has verified the caller.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from voice.journal.events import NO_MATTER, Bridged, Decided, Entry, Promised, Understood
from voice.journal.link import PastCall
from voice.journal.store import JournalStore

REMEMBERED = timedelta(days=7)
MOST = 5
"""Calls a worker is told of, the newest."""
LONGEST = 0.3
"""Seconds the store may take; a caller does not wait for their past."""

_log = logging.getLogger(__name__)


async def earlier_calls(journal: JournalStore, caller: str, now: datetime, call: str) -> tuple[PastCall, ...]:
    """Return the caller's last calls, the newest first; none where the store is late or fails.

    Args:
        journal: the store.
        caller: the calling number; withheld numbers have no past.
        now: when this call began.
        call: this call's name.
    """
    if not any(character.isdigit() for character in caller):
        return ()

    def read() -> tuple[PastCall, ...]:
        names = [name for name in journal.calls_of(caller, now - REMEMBERED) if name != call][:MOST]
        pasts = (past_call(journal.read(name), now) for name in names)
        return tuple(past for past in pasts if past is not None)

    try:
        async with asyncio.timeout(LONGEST):
            return await asyncio.to_thread(read)
    except TimeoutError:
        _log.warning("The caller's earlier calls could not be read in time.")
    except OSError as error:
        _log.warning("The caller's earlier calls could not be read: %s", error)
    return ()


def past_call(entries: Sequence[Entry], now: datetime) -> PastCall | None:
    """Return what a call was about and how it ended; None where nothing of it was kept."""
    if not entries:
        return None
    requests: dict[str, bool] = {}
    sources = [entries[0].seq]
    for entry in entries:
        match entry.event:
            case Understood(request=str(name)) if name not in NO_MATTER:
                requests[name] = requests.pop(name, False)
            case Decided(action="answer", request=str(name)):
                requests[name] = True
            case Promised() | Bridged():
                pass
            case _:
                continue
        sources.append(entry.seq)
    return PastCall(
        call=entries[0].call,
        ago=(now - entries[0].at).total_seconds(),
        requests=tuple(requests),
        open=tuple(name for name, answered in requests.items() if not answered),
        promised=tuple(entry.event.text for entry in entries if isinstance(entry.event, Promised)),
        person=any(isinstance(entry.event, Bridged) for entry in entries),
        sources=tuple(sources),
    )
