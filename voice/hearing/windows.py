"""The windows in which a track is looked at, and how loud one is."""

import math

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
WINDOW = 512
"""Samples the voice-activity model judges at a time: 32 ms."""
WINDOW_SECONDS = WINDOW / RATE
FLOOR = 1e-12
"""Power below which there is nothing."""

Samples = NDArray[np.float32]


def power(window: Samples) -> float:
    """Return the mean power of samples, -1..1."""
    return float(window @ window) / len(window)


def decibels(power: float) -> float:
    """Return a power in decibels to full scale."""
    return 10 * math.log10(power + FLOOR)
