"""The bot's own voice coming back on the caller's track. Pure: what was played and what is heard in.

Told by the normalised cross-correlation of the two, both whitened by a first difference, over all delays a
telephone may have. Two voices hardly correlate; an echo does however faint it is, until somebody talks over
it.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

HEARD_RATE, PLAYED_RATE = 16_000, 8_000
EARLY, LATE = 0.25, 0.8
"""Seconds by which the echo may come before and after the moment its original is reckoned to be played."""
ALIKE = 0.5
"""Correlation from which what is heard is an echo."""
LONGEST = 1.0
"""Seconds of what is heard that are compared, the newest."""
_CHUNKS = 64

Array = NDArray[np.float64]


class Echo:
    """Knows what the bot has played lately."""

    def __init__(self) -> None:
        self._played: deque[tuple[float, NDArray[np.int16]]] = deque(maxlen=_CHUNKS)

    def played(self, samples: NDArray[np.int16], start: float) -> None:
        """Note a piece of a sentence, 8 kHz, that the line plays from second `start` of the call."""
        self._played.append((start, samples))

    def likeness(self, samples: NDArray[np.float32], end: float) -> float:
        """Return how much of what was heard up to second `end` is what was played, 0..1.

        Args:
            samples: 16 kHz, -1..1.
            end: second of the call.
        """
        heard = _whitened(samples[-int(LONGEST * HEARD_RATE) :][::2])
        seconds = len(heard) / PLAYED_RATE
        original = _whitened(self._between(end - seconds - LATE, end + EARLY))
        energy = float(heard @ heard)
        if energy < 1e-9 or len(original) < len(heard):
            return 0.0
        size = len(original) + len(heard)
        spectrum = np.fft.rfft(original, size) * np.fft.rfft(heard, size).conj()
        products = np.fft.irfft(spectrum, size)[: len(original) - len(heard) + 1]
        sums = np.concatenate(([0.0], np.cumsum(original**2)))
        energies = sums[len(heard) :] - sums[: -len(heard)]
        floor = 1e-4 * float(energies.max(initial=0.0)) + 1e-9
        return float(np.max(np.abs(products) / np.sqrt(np.maximum(energies, floor) * energy), initial=0.0))

    def _between(self, start: float, end: float) -> Array:
        """Return what was played between two seconds, silence where there was none."""
        out = np.zeros(max(0, round((end - start) * PLAYED_RATE)))
        for began, samples in self._played:
            at = round((began - start) * PLAYED_RATE)
            low, high = max(0, at), min(len(out), at + len(samples))
            if high > low:
                out[low:high] = samples[low - at : high - at] / 32768.0
        return out


def _whitened(samples: NDArray[np.generic]) -> Array:
    return np.diff(samples.astype(np.float64))
