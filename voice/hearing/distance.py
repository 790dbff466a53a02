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


def aligned(row: str, pattern: str) -> str:
    """Return a row at a pattern's length: what it lacks is the pattern's, what it has more is left out."""
    costs = [[0] * (len(pattern) + 1) for _ in range(len(row) + 1)]
    for here in range(len(row) + 1):
        for there in range(len(pattern) + 1):
            if not here or not there:
                costs[here][there] = here + there
            else:
                costs[here][there] = min(
                    costs[here - 1][there] + 1,
                    costs[here][there - 1] + 1,
                    costs[here - 1][there - 1] + (row[here - 1] != pattern[there - 1]),
                )
    here, there, taken = len(row), len(pattern), ""
    while here or there:
        both = here and there and costs[here - 1][there - 1] + (row[here - 1] != pattern[there - 1])
        if here and there and costs[here][there] == both:
            here, there, taken = here - 1, there - 1, row[here - 1] + taken
        elif there and costs[here][there] == costs[here][there - 1] + 1:
            there, taken = there - 1, pattern[there - 1] + taken
        else:
            here -= 1
    return taken
