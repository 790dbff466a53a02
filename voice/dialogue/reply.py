"""What the bot says to a turn, and what it has done for it."""

from dataclasses import dataclass

from voice.hearing.patience import Collecting
from voice.journal.events import AnyEvent


@dataclass(frozen=True)
class Reply:
    """What the bot says and has done.

    Attributes:
        sentences: in the order they are spoken.
        events: for the journal, in order.
        hang_up: the call is over once they have been played.
        collects: what the last sentence asks the caller to give.
    """

    sentences: tuple[str, ...] = ()
    events: tuple[AnyEvent, ...] = ()
    hang_up: bool = False
    collects: Collecting | None = None
