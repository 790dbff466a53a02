"""Why a turn sounded angry: what moved its score most, as manners of speaking.

A view's score is a sum, so what each statistic adds to it can be told: its weight times how far it is from
the caller's calm turns, or from the middle of the training voices where there are none yet. Statistics that
say the same in plain words are added up. What the recogniser's encoder adds has one name, the tone, because
no part of it has another.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.emotion.model import LAYERS, PROSODY, SHARES, AngerModel
from voice.emotion.prosody import NAMES
from voice.emotion.views import Baseline, NamedArrays, View
from voice.journal.events import Sign

Array = NDArray[np.float64]

_TONE = "tone"
_ADVERBS = ("harder", "softer", "higher", "lower", "faster", "slower")
_MOST = 3
_LEAST_SHARE = 0.25
"""What adds less than this part of what adds most is not told."""

_MANNERS: tuple[tuple[str, str, str, str], ...] = (
    ("higher", "lower", r"pitch_(mean|median|low|high)", ""),
    ("rising", "falling", r"pitch_(slope|rising|fall)", ""),
    ("sharper", "smoother", r"attack.*|decay_high|level_movement|flux_.*", ""),
    ("stressed", "even", r"level_.*|pitch_level", ""),
    ("livelier", "flatter", r"pitch_.*", ""),
    (
        "faster",
        "slower",
        r"syllable_rate|modulation_(mid|fast)|voiced_rate",
        r"modulation_slow|voiced_(length|longest)",
    ),
    ("more_pauses", "fewer_pauses", r"pause_.*|syllable_spread", ""),
    ("clearer", "rougher", r"voiced|periodicity(_low)?", r"periodicity_std|flatness_mean"),
    (
        "harder",
        "softer",
        r"tilt_(mean|low)|alpha_(mean|high)|centroid_mean|band_(1000|1500|2200|2900)_mean",
        r"hammarberg_mean|band_(100|300|600)_mean|cepstrum_1_mean",
    ),
    ("articulate", "slurred", r".*_(std|movement)", ""),
    ("timbre", "timbre", r".*", ""),
)
"""A manner and its opposite, and the statistics that rise and fall with it; the first that fits counts."""


def explain(model: AngerModel, measured: NamedArrays, baseline: Baseline) -> tuple[Sign, ...]:
    """Return the manners that moved a turn's score most towards anger, three at most, single words first.

    Args:
        model: what the turn is scored with.
        measured: the turn, by view.
        baseline: the caller's calm turns before it.

    Returns:
        At least one sign: where nothing but the encoder speaks for anger, the tone.
    """
    whole = sum(SHARES[name] for name in measured)
    added = {
        manner: amount * SHARES[PROSODY] / whole
        for manner, amount in _manners(model.views[PROSODY], measured[PROSODY], baseline).items()
    }
    if LAYERS in measured:
        gains = model.views[LAYERS].gains(measured[LAYERS], baseline.mean(LAYERS), baseline.turns)
        added[_TONE] = float(gains.sum()) * SHARES[LAYERS] / whole
    most = max(added.values())
    told = [manner for manner, amount in added.items() if amount > 0 and amount >= _LEAST_SHARE * most]
    told = sorted(told, key=added.__getitem__, reverse=True)[:_MOST] or [_TONE]
    return tuple(
        Sign(
            kind=manner,
            than="start" if baseline.turns else "callers",
            strength=round(added.get(manner, 0.0), 2),
        )
        for manner in sorted(told, key=lambda manner: manner not in _ADVERBS)
    )


def _manners(view: View, measured: Array, baseline: Baseline) -> dict[str, float]:
    """Return what each manner adds; which of two opposites it is, what speaks for anger in it says."""
    calm = baseline.mean(PROSODY)
    added = view.gains(measured, calm, baseline.turns)
    moved = (measured - (view.alone.mean if calm is None else calm)) / view.alone.scale
    found = {}
    for (more, less, _, _), (columns, signs) in zip(_MANNERS, _columns(), strict=True):
        direction = float(np.maximum(added[columns], 0.0) @ (signs * moved[columns]))
        found[more if direction >= 0 else less] = float(added[columns].sum())
    return found


@cache
def _columns() -> tuple[tuple[NDArray[np.int64], Array], ...]:
    """Return for each manner its statistics' columns, and 1 or -1 for those that rise and fall with it."""
    places: list[list[int]] = [[] for _ in _MANNERS]
    signs: list[list[float]] = [[] for _ in _MANNERS]
    for column, name in enumerate(NAMES):
        for number, (_, _, rising, falling) in enumerate(_MANNERS):
            if re.fullmatch(rising, name) or re.fullmatch(falling, name):
                places[number].append(column)
                signs[number].append(1.0 if re.fullmatch(rising, name) else -1.0)
                break
    return tuple(
        (np.array(place, dtype=np.int64), np.array(sign)) for place, sign in zip(places, signs, strict=True)
    )
