"""What sounds on a line while nobody speaks: whispers, breath, a door. Pure."""

from collections import deque

import numpy as np

from voice.hearing.windows import WINDOW_SECONDS, Samples, decibels, power
from voice.percentiles import percentiles

OVER = 0.8
"""Seconds of quiet behind a sound after which it is over."""
SHORTEST = 0.64
"""Seconds of sound that may be a few words."""
KEPT = 6.0
"""Seconds that are looked back."""
_ABOVE = 10.0
"""Decibels above the line's noise from which something sounds."""
_FAINTEST = -62.0
_NOISE = 10
"""Percentile of the levels that is the line's noise."""


class Hush:
    """What has sounded since anybody spoke, in windows of 512 samples at 16 kHz."""

    def __init__(self) -> None:
        count = round(KEPT / WINDOW_SECONDS)
        self._windows: deque[Samples] = deque(maxlen=count)
        self._levels: deque[float] = deque(maxlen=count)
        self._read = False
        self._looked_at = False
        """Whether the newest window has been."""

    def heard(self, window: Samples) -> None:
        """Take in a window in which nobody spoke."""
        self._windows.append(window)
        self._levels.append(decibels(power(window)))
        self._looked_at = self._read

    def somebody_spoke(self) -> None:
        """Begin anew."""
        self._windows.clear()
        self._levels.clear()
        self._read = False

    def sound(self) -> Samples | None:
        """Return what sounded, once it is over and once only; None where nothing did."""
        quiet, least = round(OVER / WINDOW_SECONDS), round(SHORTEST / WINDOW_SECONDS)
        if self._looked_at or len(self._levels) < quiet + least:
            return None
        self._looked_at = True
        levels = np.array(self._levels)
        if np.count_nonzero(levels >= _FAINTEST) < least:
            return None
        (noise,) = percentiles(levels, [_NOISE])
        sounding = np.flatnonzero(levels >= max(_FAINTEST, noise + _ABOVE))
        if len(sounding) < least or sounding[-1] >= len(levels) - quiet:
            return None
        self._read = True
        return np.concatenate(self._windows)
