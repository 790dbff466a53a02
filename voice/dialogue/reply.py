"""What the bot says to a turn, and what it has done for it."""

from dataclasses import dataclass

from voice.journal.events import AnyEvent


@dataclass(frozen=True)
class Reply:
    """What the bot says and has done.

    Attributes:
        sentences: in the order they are spoken.
        events: for the journal, in order.
        hang_up: the call is over once they have been played.
    """

    sentences: tuple[str, ...] = ()
    events: tuple[AnyEvent, ...] = ()
    hang_up: bool = False
