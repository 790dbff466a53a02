"""Tones of lines and machines, and simple melodies: what holds a line without a word. Pure, seeded; 8 kHz."""

import numpy as np

from audio_fixtures.speech import LINE_RATE
from audio_fixtures.voicing import Audio

_HERTZ = (350.0, 425.0, 440.0, 480.0, 620.0, 950.0, 1400.0, 1800.0)
_SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
"""Semitones of a major scale."""
_OVERTONES = (1, 2, 3)
_SECONDS = (1.0, 6.0)


def tones(seed: int) -> Audio:
    """Return one tone or two, steady or on and off."""
    chance = np.random.default_rng(seed)
    seconds = np.arange(int(chance.uniform(*_SECONDS) * LINE_RATE)) / LINE_RATE
    sound = sum(np.sin(2 * np.pi * hertz * seconds) for hertz in chance.choice(_HERTZ, chance.integers(1, 3)))
    if chance.random() < 0.5:
        sound = sound * (seconds % chance.uniform(0.3, 1.2) < chance.uniform(0.1, 0.6))
    return np.asarray(sound, np.float64)


def melody(seed: int) -> Audio:
    """Return notes of an instrument that is struck, one after the other."""
    chance = np.random.default_rng(seed)
    lowest, left = chance.uniform(180, 500), chance.uniform(*_SECONDS)
    notes: list[Audio] = []
    while left > 0:
        lasts = chance.uniform(0.12, 0.6)
        seconds = np.arange(int(lasts * LINE_RATE)) / LINE_RATE
        hertz = lowest * 2 ** (chance.choice(_SCALE) / 12)
        struck = np.exp(-seconds * chance.uniform(1, 8))
        notes.append(struck * sum(np.sin(2 * np.pi * hertz * n * seconds) / n for n in _OVERTONES))
        left -= lasts
    return np.concatenate(notes)
