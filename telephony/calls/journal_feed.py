"""Every entry of every call: written to the store, and told to whoever listens."""

import logging
from collections.abc import Callable

from voice.journal.events import Entry
from voice.journal.store import JournalStore

_log = logging.getLogger(__name__)

Listener = Callable[[Entry], None]


class JournalFeed:
    """Passes entries on.

    Args:
        journal: where they are kept; when it fails, calls go on unwritten.
    """

    def __init__(self, journal: JournalStore) -> None:
        self._journal = journal
        self._listeners: list[Listener] = []
        self._failed = False

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Let `listener` have every entry of every call from now on; returns what ends that.

        It is called on the event loop in the journal's order and must return at once.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def keep(self, entry: Entry) -> None:
        """Write an entry and tell of it."""
        try:
            self._journal.write(entry)
        except OSError as error:
            if not self._failed:
                _log.critical("Calls go on, but are no longer written down: %s", error)
            self._failed = True
        for listener in list(self._listeners):
            try:
                listener(entry)
            except Exception:
                _log.exception("A subscriber failed on entry %d of call %s.", entry.seq, entry.call)
