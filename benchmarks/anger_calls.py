"""Calls put together from a corpus's clips: five calm turns, then twelve that stay calm or grow angry."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from voice.emotion.model import AngerModel
from voice.emotion.running import RunningVoice
from voice.emotion.views import NamedArrays
from voice.emotion.voice_training import ANGRY, CALM, Clips

CALM_TURNS = 5
TURNS = 12
_ANGRY_SHARE = 0.7
_OTHER_SHARE = 0.1

Speakers = NDArray[np.str_]


def simulate(
    clips: Clips, speakers: Sequence[str], rng: np.random.Generator, *, count: int, angry: bool
) -> list[list[int]]:
    """Return calls as rows of `clips`, each of one of the speakers.

    Calm turns are neutral or calm ones, every tenth another feeling but anger; in angry calls seven of ten
    turns from the sixth on are angry. The first five are not repeated while others are left.
    """
    made = []
    for _ in range(count):
        own = clips.speaker == rng.choice(speakers)
        calm = rng.permutation(np.flatnonzero(own & np.isin(clips.emotion, CALM)))
        other = np.flatnonzero(own & ~np.isin(clips.emotion, (*CALM, ANGRY)))
        furious = np.flatnonzero(own & clips.angry)
        rest = calm[CALM_TURNS:] if len(calm) > CALM_TURNS else calm
        call = calm[:CALM_TURNS].tolist()
        for _ in range(TURNS):
            pool = other if rng.random() < _OTHER_SHARE else rest
            call.append(int(rng.choice(furious if angry and rng.random() < _ANGRY_SHARE else pool)))
        made.append(call)
    return made


def voices(
    model: AngerModel,
    clips: Clips,
    beginnings: Sequence[Sequence[NamedArrays]],
    made: Iterable[Sequence[int]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each call's highest running score, which its line learns from, and the highest it sustained.

    Within turns too, as a live call has them; what is sustained above the line's threshold is handed over.
    """
    peaks, sustained = [], []
    for call in made:
        voice = RunningVoice(model)
        highest = []
        for row in call:
            highest += [
                voice.glimpse({name: begun[name] for name in clips.measured})[2] for begun in beginnings[row]
            ]
            voice.hear({name: values[row] for name, values in clips.measured.items()})
            highest.append(voice.sustained)
        peaks.append(voice.peak if voice.peak is not None else 0.0)
        sustained.append(max(highest))
    return np.array(peaks), np.array(sustained)
