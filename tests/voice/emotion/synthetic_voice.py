"""A voice made of pulses and resonances: syllables with a melody, as loud, high and hard as told."""

import numpy as np

from voice.emotion.speech import RATE, CallerSpeech


def speak(
    seconds: float = 2.0,
    *,
    pitch: float = 120.0,
    swing: float = 0.1,
    rate: float = 4.0,
    tilt: float = 1.0,
    gain: float = 0.1,
    noise: float = 0.0,
    start: float = 0.0,
    seed: int = 0,
) -> CallerSpeech:
    """Return a turn: `tilt` is the harmonics' fall, `swing` the melody's share of the pitch."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    melody = pitch * (1 + swing * np.sin(2 * np.pi * 0.7 * t))
    phase = 2 * np.pi * np.cumsum(melody) / RATE
    harmonics = [n for n in range(1, int(3600 / pitch)) if n * pitch > 200]
    wave = sum((n * pitch / 300) ** -tilt * np.sin(n * phase) for n in harmonics)
    syllables = np.maximum(np.sin(np.pi * rate * t), 0.02) ** 1.5
    samples = wave * syllables / np.abs(wave).max() + noise * rng.standard_normal(len(t))
    return CallerSpeech((gain * samples).astype(np.float32), start, start + seconds)
