"""How alike two things sound on a telephone: what was heard against what is expected.

Names are compared by what is left of them in sound (after Philips' Metaphone of 1990, much shortened and
with the French endings that are not spoken), codes figure by figure, where those that lines confuse are near.
"""

import re
from collections.abc import Sequence

from voice.dialogue.slots.words import bare

_NEAR = 0.4
_CONFUSED = ("bdpvtecg", "mn", "fsx", "akjh8", "iy", "59i", "qu", "lr", "0o", "67", "23", "13")
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""), (r"eau|au|ou|oo", "o"), (r"ph", "f"), (r"gn", "n"), (r"tch|sch|ch|sh", "S"),
        (r"th", "t"), (r"qu|ck|q|c(?![eiy])", "k"), (r"c|z", "s"), (r"g(?=[eiy])", "j"), (r"w", "v"),
        (r"h", ""), (r"x", "ks"),
        (r"(.)\1+", r"\1"), (r"(?<=..)(?:es?|s|t|d|x)$", ""), (r"[aeiouy]+", "a"),
    )
)  # fmt: skip


def name_sound(name: str) -> str:
    """Return how a name sounds, vowels all alike: "Fontaine" and "Fonten" are one."""
    sound = bare(name)
    for pattern, replacement in _RULES:
        sound = pattern.sub(replacement, sound)
    return sound


def names_apart(heard: str, expected: str) -> float:
    """Return how far apart two names are: 0 the same sound, 1 nothing in common."""
    return (_apart(name_sound(heard), name_sound(expected)) + _apart(bare(heard), bare(expected))) / 2


def codes_apart(heard: str, expected: str) -> float:
    """Return how far apart two codes are: 0 the same, 1 nothing in common; `B` is near `D`, `5` near `9`."""
    return _apart(heard.lower(), expected.lower())


def closest(
    heard: Sequence[str], expected: Sequence[str], limit: float, *, names: bool = False
) -> tuple[str, float] | None:
    """Return what of `expected` is nearest to anything heard, and how far that is; None beyond `limit`.

    Two that are equally near are told apart by nobody: then, too, it is None.
    """
    apart = names_apart if names else codes_apart
    distances = {value: min((apart(one, value) for one in heard), default=1.0) for value in expected}
    ranked = sorted(distances, key=lambda value: distances[value])
    if not ranked or distances[ranked[0]] > limit:
        return None
    if len(ranked) > 1 and distances[ranked[1]] - distances[ranked[0]] < 1e-9:
        return None
    return ranked[0], distances[ranked[0]]


def _apart(one: str, other: str) -> float:
    """Return the edit distance (Levenshtein 1966), confused letters at less, by the longer one's length."""
    row = [float(place) for place in range(len(other) + 1)]
    for place, here in enumerate(one, 1):
        before, row = row, [float(place)]
        for column, there in enumerate(other, 1):
            changed = before[column - 1] + _price(here, there)
            row.append(min(before[column] + 1, row[-1] + 1, changed))
    return row[-1] / max(len(one), len(other), 1)


def _price(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return _NEAR if any(one in group and other in group for group in _CONFUSED) else 1.0
