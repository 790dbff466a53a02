"""What callers let out that is no words: coughs, laughter, breath, a throat cleared. Pure, seeded.

A cough is a burst of noise, a longer fainter one and often a voiced end (Korpas and others, Pulmonary
Pharmacology 9, 1996); laughter is aspirated vowels, four or five a second, that sink in pitch and fade
(Bachorowski and others, Journal of the Acoustical Society of America 110, 2001).
Audio is float64, mono, 8 kHz, over the telephone's band; its level is to be set by whoever uses it.
"""

from collections.abc import Callable, Mapping

import numpy as np

from audio_fixtures.speech import LINE_RATE
from audio_fixtures.voicing import Audio, telephone_band

_THROAT = ((500.0, 200.0), (1500.0, 300.0), (2600.0, 400.0))
_OPEN = ((720.0, 150.0), (1250.0, 200.0), (2550.0, 300.0))
"""Resonances of the vocal tract: hertz and width."""


def cough(seed: int) -> Audio:
    """Return one to three coughs in a row."""
    chance = np.random.default_rng(seed)
    return _together([_one_cough(chance) for _ in range(chance.integers(1, 4))], chance, (0.12, 0.3))


def laughter(seed: int) -> Audio:
    """Return a laugh of four to nine notes."""
    chance = np.random.default_rng(seed)
    pitch, fades = chance.uniform(130, 380), chance.uniform(0.8, 0.95)
    notes: list[Audio] = []
    for place in range(chance.integers(4, 10)):
        breathed = 0.25 * _noise(chance.uniform(0.06, 0.1), chance, _OPEN)
        sung = _voice(chance.uniform(0.07, 0.13), pitch * chance.uniform(0.93, 1.07), chance, _OPEN)
        notes.append(np.concatenate([breathed, sung + 0.1 * _noise(len(sung) / LINE_RATE, chance, _OPEN)]))
        notes[-1] = notes[-1] * fades**place
        pitch *= 0.96
    return _together(notes, chance, (0.0, 0.04))


def breath(seed: int) -> Audio:
    """Return a breath, in and out, into the mouthpiece."""
    chance = np.random.default_rng(seed)
    parts = [_swelling(_noise(chance.uniform(0.5, 1.3), chance, _THROAT)) for _ in range(2)]
    return _together(parts, chance, (0.2, 0.5))


def throat(seed: int) -> Audio:
    """Return a throat being cleared, once or twice."""
    chance = np.random.default_rng(seed)
    parts = []
    for _ in range(chance.integers(1, 3)):
        seconds = chance.uniform(0.2, 0.4)
        creak = _voice(seconds, chance.uniform(70, 110), chance, _THROAT, rough=0.15)
        parts.append(_swelling(creak + 0.5 * _noise(len(creak) / LINE_RATE, chance, _THROAT)))
    return _together(parts, chance, (0.05, 0.2))


SOUNDS: Mapping[str, Callable[[int], Audio]] = {
    "coughs": cough,
    "laughter": laughter,
    "breaths": breath,
    "throats": throat,
}


def _one_cough(chance: np.random.Generator) -> Audio:
    burst = _noise(chance.uniform(0.03, 0.06), chance, _THROAT)
    blown = _noise(chance.uniform(0.12, 0.28), chance, _THROAT)
    parts = [burst, blown * np.geomspace(0.5, 0.08, len(blown))]
    if chance.random() < 0.6:
        end = _voice(chance.uniform(0.06, 0.14), chance.uniform(140, 300), chance, _OPEN, rough=0.1)
        parts.append(0.3 * _swelling(end))
    return np.concatenate(parts)


def _noise(seconds: float, chance: np.random.Generator, resonances: tuple[tuple[float, float], ...]) -> Audio:
    return _shaped(chance.standard_normal(round(seconds * LINE_RATE)), resonances)


def _voice(
    seconds: float,
    pitch: float,
    chance: np.random.Generator,
    resonances: tuple[tuple[float, float], ...],
    rough: float = 0.02,
) -> Audio:
    """Return a vowel: pulses whose distances wander by `rough` of a period."""
    pulses = np.zeros(round(seconds * LINE_RATE))
    at = 0.0
    while at < len(pulses):
        pulses[int(at)] = 1.0
        at += LINE_RATE / pitch * max(0.3, chance.normal(1.0, rough))
    return _swelling(_shaped(pulses, resonances))


def _shaped(source: Audio, resonances: tuple[tuple[float, float], ...]) -> Audio:
    """Return a source as a vocal tract passes it, at a power of one."""
    size = len(source) + LINE_RATE // 10
    hertz = np.fft.rfftfreq(size, 1 / LINE_RATE)
    gain = sum(1 / (1 + ((hertz - middle) / width) ** 2) for middle, width in resonances)
    shaped = np.fft.irfft(np.fft.rfft(source, size) * gain, size)[: len(source)]
    return np.asarray(shaped / (np.sqrt(np.mean(shaped**2)) + 1e-12))


def _swelling(sound: Audio) -> Audio:
    return np.asarray(sound * np.sqrt(np.hanning(len(sound) + 2)[1:-1]))


def _together(parts: list[Audio], chance: np.random.Generator, gaps: tuple[float, float]) -> Audio:
    spaced = [piece for part in parts for piece in (part, np.zeros(round(chance.uniform(*gaps) * LINE_RATE)))]
    return telephone_band(np.concatenate(spaced), LINE_RATE)
