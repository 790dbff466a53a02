"""What the bot says to a turn, and what it has done for it."""

from dataclasses import dataclass, replace

import msgspec

from voice.hearing.expected import Expected
from voice.hearing.patience import Collecting
from voice.journal.events import AnyEvent, Understood


@dataclass(frozen=True)
class Reply:
    """What the bot says and has done.

    Attributes:
        sentences: in the order they are spoken.
        events: for the journal, in order.
        hang_up: the call is over once they have been played.
        expects: what the caller is likely to say to that; None where it may be anything.
        collects: what they have been asked to give piece by piece.
    """

    sentences: tuple[str, ...] = ()
    events: tuple[AnyEvent, ...] = ()
    hang_up: bool = False
    expects: Expected | None = None
    collects: Collecting | None = None

    def read_from(self, reading: str) -> "Reply":
        """Return it with its journal saying by what words the turn was understood: not the first heard."""
        events = (
            msgspec.structs.replace(event, reading=reading) if isinstance(event, Understood) else event
            for event in self.events
        )
        return replace(self, events=tuple(events))
