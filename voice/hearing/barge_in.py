"""Whether what sounds over the bot is a caller who wants the floor. Pure: audio in, a verdict out.

Length alone cannot tell: "mm-hm" lasts longer than "no". A hum has next to nothing above the first formant,
a cough is noise without pitch, and speech has both within its first syllable.
"""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
SOON = 0.128
"""Seconds of speech over the bot after which it stops. With what the voice-activity model takes to be sure
the bot is silent within 200 ms."""
LATE = 0.7
"""Seconds after which anything that goes on is taken for speech: nobody hums or coughs for so long."""

_FRAME = 512
_LOUD = 0.1
"""Of the loudest frame's power: frames below it are neither looked at nor counted."""
_BRIGHT_HZ = 900.0
_BRIGHT = 0.03
"""Share of the power above that in a frame that is more than a hum."""
_OPEN = 2
"""Bright frames with pitch, 64 ms, that a shut mouth does not make: speech, whatever the rest is."""
_PITCH_HZ = (70.0, 400.0)
_VOICED = 0.45
"""Autocorrelation of a frame with pitch."""

Samples = NDArray[np.float32]


class Sound(Enum):
    """What is heard over the bot."""

    SPEECH = "speech"
    HUM = "hum"
    NOISE = "noise"


def sound_of(samples: Samples) -> Sound:
    """Return what a burst of at least 32 ms sounds like: 16 kHz, -1..1."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    power = (frames**2).mean(axis=1)
    loud = frames[power > _LOUD * power.max(initial=0.0)]
    if not len(loud):
        return Sound.NOISE
    spectra = np.abs(np.fft.rfft(loud * np.hanning(_FRAME), 2 * _FRAME)) ** 2
    hertz = np.fft.rfftfreq(2 * _FRAME, 1 / RATE)
    bright = spectra[:, hertz > _BRIGHT_HZ].sum(axis=1) / (spectra.sum(axis=1) + 1e-12)
    correlation = np.fft.irfft(spectra)
    shortest, longest = (round(RATE / hz) for hz in reversed(_PITCH_HZ))
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(_FRAME), 2 * _FRAME)) ** 2)
    lags = slice(shortest, longest + 1)
    normalised = correlation[:, lags] / window[lags] * window[0] / (correlation[:, :1] + 1e-12)
    voiced = normalised.max(axis=1) >= _VOICED
    if voiced.mean() < 0.5:
        return Sound.NOISE
    return Sound.SPEECH if (bright[voiced] >= _BRIGHT).sum() >= _OPEN else Sound.HUM


def wants_the_floor(samples: Samples, seconds: float, *, echo: bool) -> bool:
    """Return whether the bot shall stop.

    Args:
        samples: what was heard since the caller began, 16 kHz, -1..1.
        seconds: of speech in it while the bot spoke.
        echo: it is the bot's own voice coming back.
    """
    if echo or seconds < SOON:
        return False
    return seconds >= LATE or sound_of(samples) is Sound.SPEECH
