"""What one turn of the caller led to in a request that is being served."""

from dataclasses import dataclass
from enum import StrEnum

from voice.dialogue.requests import Line
from voice.journal.events import AnyEvent


class Result(StrEnum):
    """Where a request stands after a turn."""

    ASKED = "asked"
    """Something was asked of the caller."""
    ANSWERED = "answered"
    DROPPED = "dropped"
    """The caller does not want it any more."""
    FAILED = "failed"
    """A person is needed; `why` says why."""


@dataclass(frozen=True)
class Step:
    """What one turn led to.

    Attributes:
        lines: what is said, in order.
        events: for the journal.
        result: where the request stands.
        why: in a few words.
    """

    lines: tuple[Line, ...]
    result: Result
    why: str
    events: tuple[AnyEvent, ...] = ()
