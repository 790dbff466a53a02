"""How far two readings of the same words lie apart. Pure."""

from collections.abc import Sequence


def edits(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many insertions, deletions and replacements lie between two (Levenshtein's distance)."""
    before = list(range(len(heard) + 1))
    for row, one in enumerate(said, start=1):
        now = [row]
        for column, other in enumerate(heard, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (one != other)))
        before = now
    return before[-1]
