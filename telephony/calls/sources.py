"""What a worker's brief rests on, in the journal's own numbers. Pure."""

from collections.abc import Iterable, Mapping

import msgspec

from voice.journal.events import Brief, Entry, Statement, Triggered

_LISTS = ("tried", "promised", "facts", "feelings")


def in_journal(brief: Brief, places: Mapping[int, int], history: Iterable[Entry] = ()) -> Brief:
    """Return the brief with each source a worker knows by its own number replaced by the entry's `seq`.

    Args:
        brief: its statements name what this worker reported as `-n`, and the call's history by `seq`.
        places: the `seq` given to what the worker reported, by `n`. A source it never reported is left out.
        history: the call's journal. A reason without a source is one that the switchboard itself wrote down.
    """

    def placed(sources: tuple[int, ...]) -> tuple[int, ...]:
        known = (source if source > 0 else places.get(-source) for source in sources)
        return tuple(source for source in known if source is not None)

    def all_placed(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(msgspec.structs.replace(one, sources=placed(one.sources)) for one in statements)

    sources = {name: placed(own) for name, own in brief.sources.items()}
    own = tuple(entry.seq for entry in history if isinstance(entry.event, Triggered))[-1:]
    for name in ("reason", "suggestion"):
        if getattr(brief, name) and not sources.get(name):
            sources[name] = own
    lists = {name: all_placed(getattr(brief, name)) for name in _LISTS}
    return msgspec.structs.replace(brief, **lists, sources=sources)
