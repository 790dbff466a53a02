"""Changing how recorded speech sounds: pitch, spectral tilt, loudness, the telephone's band. Pure, seeded.

Pitch is moved by time-domain pitch-synchronous overlap-add (Moulines and Charpentier, Speech Communication
9, 1990), which leaves the formants where they are, as a speaker who raises the voice does.
Audio is float64, mono, full scale at 1.0.
"""

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float64]

_HOP = 0.01
_WINDOW = 0.04
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 320.0
_VOICED = 0.5
_UNVOICED_PERIOD = 0.006


def pitch_track(audio: Audio, rate: int) -> Audio:
    """Return the fundamental in Hz every 10 ms, 0 where unvoiced, from the normalised autocorrelation."""
    hop, width = round(_HOP * rate), round(_WINDOW * rate)
    shortest, longest = int(rate / _HIGHEST_HZ), int(rate / _LOWEST_HZ)
    padded = np.pad(audio, (width // 2, width))
    track = np.zeros(len(audio) // hop + 1)
    for place in range(len(track)):
        frame = padded[place * hop : place * hop + width]
        frame = frame - frame.mean()
        if np.sqrt(np.mean(frame**2)) < 0.004:
            continue
        spectrum = np.fft.rfft(frame, 2 * width)
        correlation = np.fft.irfft(spectrum * spectrum.conj())[:width]
        overlap = 1.0 - np.arange(longest + 1) / width
        normalised = correlation[: longest + 1] / (correlation[0] * overlap + 1e-12)
        track[place] = rate / lag if (lag := _period(normalised, shortest)) else 0.0
    return _without_outliers(track)


def _period(correlation: Audio, shortest: int) -> int:
    """Return the lag of the first peak nearly as high as the highest (twice a period fits as well), or 0."""
    highest = correlation[shortest:].max()
    if highest < _VOICED:
        return 0
    middle = correlation[1:-1]
    peaks = np.flatnonzero((middle >= correlation[:-2]) & (middle >= correlation[2:])) + 1
    good = peaks[(peaks >= shortest) & (correlation[peaks] > 0.94 * highest)]
    return int(good[0]) if len(good) else 0


def _without_outliers(track: Audio) -> Audio:
    """Take each voiced value as the median of the voiced ones around it, which repairs octave errors."""
    smooth = track.copy()
    for place in np.flatnonzero(track):
        near = track[max(0, place - 4) : place + 5]
        smooth[place] = np.median(near[near > 0])
    return smooth


def move_pitch(audio: Audio, rate: int, semitones: float, liveliness: float = 1.0) -> Audio:
    """Return `audio` with its pitch moved and its movement scaled; length and formants stay."""
    track = pitch_track(audio, rate)
    voiced = track[track > 0]
    if not len(voiced) or (semitones == 0 and liveliness == 1.0):
        return audio.copy()
    middle = float(np.exp(np.mean(np.log(voiced))))
    marks, periods = _periods(audio, rate, track)
    pitches = track[np.minimum(len(track) - 1, np.round(marks / (_HOP * rate)).astype(int))]
    wanted = 2 ** (semitones / 12) * (np.maximum(pitches, 1) / middle) ** (liveliness - 1.0)
    ratios = np.where(pitches > 0, np.clip(wanted, 0.5, 2.2), 1.0)
    out = np.zeros(len(audio) + rate)
    weight = np.zeros_like(out)
    at, nearest = float(marks[0]), 0
    while at < len(audio):
        while nearest + 1 < len(marks) and abs(marks[nearest + 1] - at) <= abs(marks[nearest] - at):
            nearest += 1
        half = int(periods[nearest])
        centre, target = int(marks[nearest]), round(at)
        low, high = max(0, centre - half), min(len(audio), centre + half)
        start = target - (centre - low)
        if start >= 0:
            window = np.hanning(2 * half + 1)[low - (centre - half) : high - (centre - half)]
            out[start : start + high - low] += audio[low:high] * window
            weight[start : start + high - low] += window
        at += periods[nearest] / ratios[nearest]
    # Where grains lie closer together than their windows add up to one, the sum is brought back to it.
    return out[: len(audio)] / np.maximum(weight[: len(audio)], 0.6)


def _periods(audio: Audio, rate: int, track: Audio) -> tuple[Audio, Audio]:
    """Return where each pitch period is centred (voiced: on its peak) and its length, both in samples."""
    marks, periods = [], []
    at, hop = 0.0, _HOP * rate
    while at < len(audio):
        pitch = track[min(len(track) - 1, round(at / hop))]
        period = rate / pitch if pitch else _UNVOICED_PERIOD * rate
        if pitch:
            reach = round(period * 0.2)
            low = max(0, round(at) - reach)
            at = low + float(np.argmax(audio[low : round(at) + reach + 1]))
        marks.append(at)
        periods.append(float(round(period)))
        at += period
    return np.array(marks), np.array(periods)


def press(audio: Audio, rate: int, effort: float) -> Audio:
    """Return `audio` spoken with more `effort` (0..1).

    Up to 5 dB an octave are added between 500 and 4000 Hz, the flatter source spectrum of a raised voice,
    and peaks are pressed as a handset overdriven by one does.
    """
    if effort == 0:
        return audio.copy()
    spectrum = np.fft.rfft(audio)
    hertz = np.fft.rfftfreq(len(audio), 1 / rate)
    octaves = np.log2(np.clip(hertz, 500, 4000) / 500)
    tilted = np.fft.irfft(spectrum * 10 ** (effort * 5 * octaves / 20), len(audio))
    drive = 1 + 2 * effort
    peak = np.abs(tilted).max() + 1e-12
    return np.asarray(np.tanh(drive * tilted / peak) / np.tanh(drive) * peak)


def shout(audio: Audio, rate: int, amount: float) -> Audio:
    """Return `audio` shouted in anger, by `amount` (0..1).

    A pressed voice closes the glottis faster: its spectrum falls far less, here up to 12 dB an octave between
    250 and 4000 Hz, and it rings where the upper formants meet, here up to 6 dB around 2.5 kHz (Sundberg,
    The Science of the Singing Voice, 1987). What a handset cannot carry any more is pressed flat.
    """
    if amount == 0:
        return audio.copy()
    spectrum = np.fft.rfft(audio)
    hertz = np.fft.rfftfreq(len(audio), 1 / rate)
    octaves = np.log2(np.clip(hertz, 250, 4000) / 250)
    ring = np.exp(-((2 * np.log2(np.maximum(hertz, 50) / 2500)) ** 2))
    pressed = np.fft.irfft(spectrum * 10 ** (amount * (12 * octaves + 6 * ring) / 20), len(audio))
    drive = 1 + 3 * amount
    peak = np.abs(pressed).max() + 1e-12
    return np.asarray(np.tanh(drive * pressed / peak) / np.tanh(drive) * peak)


def level(audio: Audio, rate: int) -> float:
    """Return the level of the speech in `audio` in dB below full scale, frames of pause left out."""
    frame = round(0.02 * rate)
    frames = audio[: len(audio) // frame * frame].reshape(-1, frame)
    power = np.mean(frames**2, axis=1)
    loud = power[power > power.max(initial=0.0) * 10**-3]
    return float(10 * np.log10(loud.mean() + 1e-12)) if len(loud) else -120.0


def set_level(audio: Audio, rate: int, decibels: float) -> Audio:
    """Return `audio` with its speech at `decibels` below full scale, peaks rounded off, not clipped."""
    scaled = audio * 10 ** ((decibels - level(audio, rate)) / 20)
    over = np.abs(scaled) > 0.8
    scaled[over] = np.sign(scaled[over]) * (0.8 + 0.18 * np.tanh((np.abs(scaled[over]) - 0.8) / 0.18))
    return scaled


def telephone_band(audio: Audio, rate: int) -> Audio:
    """Return `audio` as a telephone passes it: 300 to 3400 Hz, with edges a few dozen Hz wide."""
    spectrum = np.fft.rfft(audio)
    hertz = np.fft.rfftfreq(len(audio), 1 / rate)
    low = 1 / (1 + np.exp(-(hertz - 260) / 30))
    high = 1 / (1 + np.exp((hertz - 3450) / 60))
    return np.fft.irfft(spectrum * low * high, len(audio))


def coloured_noise(samples: int, rate: int, decibels: float, colour: float, seed: int) -> Audio:
    """Return noise at `decibels` below full scale whose power falls by `3 * colour` dB an octave."""
    if not samples:
        return np.zeros(0)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    hertz = np.maximum(np.fft.rfftfreq(samples, 1 / rate), 50)
    noise = np.fft.irfft(spectrum / hertz ** (colour / 2), samples)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)) * 10 ** (decibels / 20))
