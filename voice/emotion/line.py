"""What a telephone line does to a voice: G.711 and level; and what a bad one does besides, for measuring."""

import numpy as np
import soxr
from numpy.typing import NDArray

from voice.emotion.speech import RATE

Samples = NDArray[np.float32]

LINE_RATE = 8_000
_MU = 255.0
_SPEECH_RMS = 0.05


def mu_law(samples: Samples) -> Samples:
    """Return samples as G.711 mu-law gives them back: companded, 8 bits, expanded."""
    clipped = np.clip(samples, -1, 1)
    companded = np.sign(clipped) * np.log1p(_MU * np.abs(clipped)) / np.log1p(_MU)
    quantised = np.round(companded * 127.5) / 127.5
    expanded = np.sign(quantised) * np.expm1(np.abs(quantised) * np.log1p(_MU)) / _MU
    return np.asarray(expanded, dtype=np.float32)


def levelled(samples: Samples, gain_db: float = 0.0) -> Samples:
    """Return samples whose louder half is at the usual level of a line (-26 dBov), or `gain_db` off it."""
    loud = np.abs(samples) >= np.median(np.abs(samples))
    rms = float(np.sqrt(np.mean(np.square(samples[loud])))) or 1.0
    return np.asarray(samples * (_SPEECH_RMS / rms * 10 ** (gain_db / 20)), dtype=np.float32)


def as_heard(samples: Samples) -> Samples:
    """Return 8 kHz samples at 16 kHz through mu-law, as the ear gets them."""
    return np.asarray(soxr.resample(mu_law(samples), LINE_RATE, RATE), dtype=np.float32)


def with_loss(samples: Samples, share: float, rng: np.random.Generator) -> Samples:
    """Return 8 kHz samples with packets of 20 ms lost in bursts, four in a row on average, as silence."""
    packet = LINE_RATE // 50
    count = len(samples) // packet + 1
    begin = share / (1 - share) / 4
    lost = np.zeros(count, dtype=bool)
    gone = False
    for n, draw in enumerate(rng.random(count)):
        gone = draw < (0.75 if gone else begin)
        lost[n] = gone
    mask = np.repeat(~lost, packet)[: len(samples)]
    return np.asarray(samples * mask, dtype=np.float32)


def with_noise(samples: Samples, noise: Samples, snr_db: float, rng: np.random.Generator) -> Samples:
    """Return samples with a random stretch of `noise` under them, `snr_db` below the louder half's level."""
    start = int(rng.integers(0, max(len(noise) - len(samples), 1)))
    under = np.resize(noise[start : start + len(samples)], len(samples))
    loud = np.abs(samples) >= np.median(np.abs(samples))
    speech = float(np.sqrt(np.mean(np.square(samples[loud]))))
    rms = float(np.sqrt(np.mean(np.square(under)))) or 1.0
    return np.asarray(samples + under * (speech / rms * 10 ** (-snr_db / 20)), dtype=np.float32)
