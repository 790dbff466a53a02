"""What a waiting caller is told of their wait, as the names of fixed prompts. Pure.

The prompts are rendered beforehand, so that the updates are spoken with the worker dead: places from the
first to the tenth, and spans of minutes in words.
"""

from dataclasses import dataclass

from telephony.takeover.waiting_time import Span

PLACES = 10


@dataclass(frozen=True)
class Wait:
    """A caller's place in line, from 1, and how long they will wait; None: it cannot be told."""

    place: int | None = None
    span: Span | None = None
    """In all likelihood between its ends."""
    seconds: float | None = None
    """The likeliest single number, which is not told: it is off by more than a quarter too often."""


def update(wait: Wait) -> tuple[str, ...]:
    """Return the prompts that tell a caller of their wait; none where there is nothing honest to say."""
    if wait.place is None:
        return ()
    place = f"place_{wait.place}" if wait.place <= PLACES else "place_later"
    return (place, f"wait_{wait.span.name}") if wait.span is not None else (place,)
