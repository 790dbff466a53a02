"""What a waiting caller is told of their wait, as the names of fixed prompts. Pure.

The prompts are rendered beforehand, so that the updates are spoken with the worker dead: places from the
first to the tenth, and minutes in words.
"""

from dataclasses import dataclass

MINUTES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 45, 60)
"""The minutes there are words for."""
PLACES = 10
_MINUTE = 60.0
_SOON = 30.0


@dataclass(frozen=True)
class Wait:
    """A caller's place in line, from 1, and for how many seconds they will wait; None: it cannot be told."""

    place: int | None = None
    seconds: float | None = None


def update(wait: Wait) -> tuple[str, ...]:
    """Return the prompts that tell a caller of their wait; none where there is nothing honest to say."""
    if wait.place is None:
        return ()
    place = f"place_{wait.place}" if wait.place <= PLACES else "place_later"
    return place, *_how_long(wait.seconds)


def _how_long(seconds: float | None) -> tuple[str, ...]:
    if seconds is None:
        return ()
    if seconds < _SOON:
        return ("wait_soon",)
    minutes = seconds / _MINUTE
    if minutes > MINUTES[-1]:
        return ("wait_long",)
    return (f"wait_{min(MINUTES, key=lambda known: abs(known - minutes))}",)
