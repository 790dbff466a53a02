"""Key tones as a telephone makes them: two sines at once, ITU-T Q.23, for a line that carries only sound."""

from functools import cache
from typing import Final

import numpy as np

from telephony.legs import mulaw

KEYS: Final = "123456789*0#"
_ROWS: Final = (697, 770, 852, 941)
_COLUMNS: Final = (1209, 1336, 1477)
_TONE_SECONDS: Final = 0.1
_GAP_SECONDS: Final = 0.08
"""Receivers want 40 ms of each (Q.24); telephone exchanges of old like twice that."""
_PEAK: Final = 5_000
"""Of 32,767 for each sine, about -19 dBov together: as loud as a telephone's own keys."""


def tones(digits: str) -> bytes:
    """Return the keys' tones one after the other, 8 kHz mu-law.

    Raises:
        ValueError: a key no telephone has.
    """
    if missing := set(digits) - set(KEYS):
        raise ValueError(f"No telephone has the key {min(missing)!r}: use 0 to 9, * and #.")
    return b"".join(_tone(digit) for digit in digits)


@cache
def _tone(digit: str) -> bytes:
    row, column = divmod(KEYS.index(digit), len(_COLUMNS))
    seconds = np.arange(round(_TONE_SECONDS * mulaw.SAMPLE_RATE)) / mulaw.SAMPLE_RATE
    low, high = (np.sin(2 * np.pi * hertz * seconds) for hertz in (_ROWS[row], _COLUMNS[column]))
    return mulaw.encode(((low + high) * _PEAK).astype(np.int16)) + mulaw.silence(_GAP_SECONDS)
