"""Why a turn sounded angry: the manners of speaking that moved the score."""

import numpy as np
from numpy.typing import NDArray

from voice.emotion.prosody import NAMES
from voice.emotion.views import View
from voice.journal.events import Sign

Array = NDArray[np.float64]

_MANNERS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("harder", ("tilt_mean", "alpha_mean", "alpha_high", "centroid_mean", "band_1000_mean"), 1),
    ("higher", ("pitch_mean", "pitch_median", "pitch_high"), 1),
    ("livelier", ("pitch_std", "pitch_range", "pitch_movement"), 1),
    ("flatter", ("pitch_std", "pitch_range", "pitch_movement"), -1),
    ("faster", ("syllable_rate",), 1),
    ("slower", ("syllable_rate",), -1),
    ("sharper", ("attack_high", "attack", "level_movement"), 1),
    ("fewer_pauses", ("pause_share", "pause_rate"), -1),
    ("tenser", ("periodicity", "hammarberg_mean"), -1),
)
_ADVERBS = ("harder", "higher", "faster", "slower")
_CLEAR = 0.8
_MOST = 3


def explain(view: View, measured: Array, baseline: Array | None) -> tuple[Sign, ...]:
    """Return the manners that stand out, three at most, those of one word first.

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
        (sign * float(np.mean([moved[columns[name]] for name in names])), manner)
        for manner, names, sign in _MANNERS
    ]
    clear = [(value, manner) for value, manner in sorted(strength, reverse=True) if value >= _CLEAR][:_MOST]
    return tuple(
        Sign(kind=manner, than="callers" if baseline is None else "start", strength=round(value, 2))
        for value, manner in sorted(clear, key=lambda found: found[1] not in _ADVERBS)
    )
