"""Why a turn sounded angry, in plain words, from the prosody that moved the score."""

import numpy as np
from numpy.typing import NDArray

from voice.emotion.prosody import NAMES
from voice.emotion.views import View

Array = NDArray[np.float64]

_PHRASES: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("harder", ("tilt_mean", "alpha_mean", "alpha_high", "centroid_mean", "band_1000_mean"), 1),
    ("higher", ("pitch_mean", "pitch_median", "pitch_high"), 1),
    ("with a voice that jumps more", ("pitch_std", "pitch_range", "pitch_movement"), 1),
    ("with a flatter voice", ("pitch_std", "pitch_range", "pitch_movement"), -1),
    ("faster", ("syllable_rate",), 1),
    ("slower", ("syllable_rate",), -1),
    ("with sharper attacks", ("attack_high", "attack", "level_movement"), 1),
    ("with fewer pauses", ("pause_share", "pause_rate"), -1),
    ("with a tenser voice", ("periodicity", "hammarberg_mean"), -1),
)
_CLEAR = 0.8
_MOST = 3


def explain(view: View, measured: Array, baseline: Array | None) -> str:
    """Return a clause such as "harder and faster than at the start of the call", "" where nothing stands out.

    Args:
        view: the prosody view; its training spread says what is much.
        measured: the turn's statistics.
        baseline: the caller's calm turns, None where there are none.
    """
    size = len(NAMES)
    if baseline is None:
        moved = (measured - view.alone.mean) / view.alone.scale
    else:
        moved = (measured - baseline) / view.beside.scale[size:]
    columns = {name: index for index, name in enumerate(NAMES)}
    strength = [
        (sign * float(np.mean([moved[columns[name]] for name in names])), phrase)
        for phrase, names, sign in _PHRASES
    ]
    clear = [phrase for value, phrase in sorted(strength, reverse=True) if value >= _CLEAR][:_MOST]
    if not clear:
        return ""
    than = "than most callers" if baseline is None else "than at the start of the call"
    return f"{_listed(sorted(clear, key=lambda phrase: phrase.startswith('with')))} {than}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
