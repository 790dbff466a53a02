"""How loud the bot speaks on the line, and where its sound begins."""

import numpy as np
from numpy.typing import NDArray

ACTIVE_LEVEL = -22.0
"""Active speech level (as ITU-T P.56 defines it), dB to full scale. Networks are planned for -26; a little
above that a synthetic voice carries over a loud street, and its peaks are still whole."""
PEAK = 10 ** (-1.5 / 20)
LEAD = 0.02
"""Seconds of silence left before the first sound."""
_AUDIBLE = 10 ** (-45 / 20)
_FRAME_SECONDS = 0.02
_ACTIVE_RANGE = 16.0


def gain(samples: NDArray[np.float32], rate: int) -> float:
    """Return the factor that brings speech to the active level; 1 for silence.

    Active is each 20 ms frame within 16 dB of the loud ones (95th percentile).

    Args:
        samples: mono, -1..1.
        rate: samples a second.
    """
    size = int(rate * _FRAME_SECONDS)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    if not len(power) or power.max() < 1e-9:
        return 1.0
    active = power[power >= np.percentile(power, 95) * 10 ** (-_ACTIVE_RANGE / 10)]
    return float(10 ** (ACTIVE_LEVEL / 20) / np.sqrt(active.mean()))


def silence_before(samples: NDArray[np.float32], rate: int) -> int:
    """Return how many samples of silence can go before the first sound; all, where there is none.

    Args:
        samples: mono, at the level of the line.
        rate: samples a second.
    """
    audible = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    return max(0, int(audible[0]) - int(LEAD * rate)) if len(audible) else len(samples)


def levelled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return speech at the active level, turned down further where its peaks would clip.

    Args:
        samples: mono, -1..1.
        rate: samples a second.
    """
    factor = gain(samples, rate)
    peak = float(np.abs(samples).max(initial=0.0))
    if peak * factor > PEAK:
        factor = PEAK / peak
    return (samples * factor).astype(np.float32)
