"""The sound of being on hold, made here: two soft notes that follow each other without a silence between."""

import numpy as np

from telephony.legs import mulaw

_NOTES = (392.0, 523.25)
"""Hertz: G4 and C5, a fourth, well inside the telephone's band."""
_NOTE_SECONDS = 1.5
_PEAK = 1_500
"""Of 32,767: about -27 dBov, the level of quiet speech."""


def hold_tone() -> bytes:
    """Return one period (3 s) as 8 kHz mu-law; repeated end to end it is heard as one sound."""
    seconds = np.arange(round(_NOTE_SECONDS * mulaw.SAMPLE_RATE)) / mulaw.SAMPLE_RATE
    swell = 0.25 + 0.75 * np.sin(np.pi * seconds / _NOTE_SECONDS) ** 2
    notes = [np.sin(2 * np.pi * frequency * seconds) * swell for frequency in _NOTES]
    return mulaw.encode((np.concatenate(notes) * _PEAK).astype(np.int16))
