"""A call's journal as lines that are the same whenever the same happened, and their fingerprint. Pure."""

import hashlib
from collections.abc import Iterable, Iterator

from voice.journal.events import (
    AnyEvent,
    BargedIn,
    Decided,
    Felt,
    Heard,
    LookedUp,
    Measured,
    Promised,
    Refused,
    Said,
    Triggered,
    Understood,
    WentOn,
)
from voice.replay.line import Happening


def lines(journal: Iterable[Happening]) -> Iterator[str]:
    """Yield one line an event: second, kind, words. Latencies are left out: they tell of the machine."""
    for happening in journal:
        if not isinstance(happening.event, Measured):
            yield f"{happening.t:7.2f}  {kind(happening.event):<12} {words(happening.event)}".rstrip()


def digest(journal: Iterable[Happening]) -> str:
    """Return twelve hexadecimal digits that stand for the journal's lines."""
    return hashlib.sha256("\n".join(lines(journal)).encode()).hexdigest()[:12]


def kind(event: AnyEvent) -> str:
    """Return the event's kind as the wire names it."""
    return str(event.__struct_config__.tag)


def words(event: AnyEvent) -> str:  # noqa: PLR0911  # one return for each kind of event
    """Return what an event says, in a few words."""
    match event:
        case Heard():
            return f"{event.who}: {event.text}"
        case Felt():
            voice = "-" if event.voice is None else f"{event.voice:.2f}"
            return (
                f"anger {event.anger:.2f} (voice {voice}, wording {event.wording:.2f}) {'; '.join(event.why)}"
            )
        case Understood():
            read = f' as "{event.reading}"' if event.reading else ""
            return f"{event.request or 'nothing'} ({event.confidence:.2f}){read}"
        case Decided():
            return f"{event.action}: {event.why}"
        case LookedUp():
            return f"{event.request}: {event.error or event.facts}"
        case Said():
            return event.text if event.heard == 1.0 else f"{event.text} [{event.heard:.0%} heard]"
        case Promised():
            return f"{event.text} [{event.clause}]"
        case BargedIn():
            return f"after: {event.said}"
        case WentOn():
            return f"as one: {event.text}"
        case Triggered():
            return f"{event.trigger.kind}: {event.trigger.evidence}"
        case Refused():
            return f"{event.leg}: {event.why}"
        case _:
            return ""
