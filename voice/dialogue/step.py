"""What one turn of the caller led to in a request that is being served."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from voice.dialogue.requests import Line
from voice.dialogue.verification import NOT_VERIFIED
from voice.journal.events import AnyEvent, Decided


class Result(StrEnum):
    """Where a request stands after a turn."""

    ASKED = "asked"
    """Something was asked of the caller."""
    ANSWERED = "answered"
    DROPPED = "dropped"
    """The caller does not want it any more."""
    UNSERVED = "unserved"
    """The back office failed; the playbook says how often that may be before a person is needed."""
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

    def decided(self, request: str) -> Decided:
        """Return what it comes to for the journal."""
        if self.result is Result.FAILED:
            why = self.why if self.why == NOT_VERIFIED else f"{request}: {self.why}"
            return Decided(action="hand_over", why=why, request=request)
        if self.result is Result.UNSERVED:
            return Decided(action="apologise", why=f"{request}: {self.why}", request=request)
        action: Literal["answer", "ask", "wait"] = "answer" if self.result is Result.ANSWERED else "ask"
        if self.result is Result.ASKED and not self.lines:
            action = "wait"
        return Decided(action=action, why=self.why, request=request)
