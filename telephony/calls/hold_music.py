"""What a caller hears on hold, made here: slow soft chords, single notes over them, and never a silence.

It plays on by the clock, so that it goes on in its place after a sentence, and softly under the sentence.
"""

from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from telephony.legs import mulaw

CHORD_SECONDS = 4.0
PEAK = 2_400
"""Of 32,767: the loudest moment, about -23 dBov; on the whole it is softer than quiet speech."""
DUCKED = 0.25
"""How loud the music is under a sentence, of 1: 12 dB down."""
_CHORDS = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
"""Hertz: C, A minor, F and G, in the middle of the telephone's band."""
_MELODY = (0, 2, 1, 2, 0, 1, 2, 1)
"""Which note of the chord is struck, an octave up, eight times a chord."""
_DECAY = 0.45
"""Seconds in which a struck note falls to a third."""
_PAD, _STRUCK = 0.5, 0.8

Samples = NDArray[np.float64]


class Music(Protocol):
    """What a caller hears on hold. Times are seconds since the music began."""

    def at(self, start: float, seconds: float) -> bytes:
        """Return the music from `start` on, 8 kHz mu-law."""

    def under(self, speech: bytes, start: float) -> bytes:
        """Return what is said with the music softly under it."""


@cache
def _loop() -> NDArray[np.int16]:
    """Return the whole piece, 16 s at 8 kHz; its end leads into its beginning."""
    piece = np.concatenate([_pad(chord) for chord in _CHORDS])
    length = round(CHORD_SECONDS * mulaw.SAMPLE_RATE)
    for place, chord in enumerate(_CHORDS):
        for strike, note in enumerate(_MELODY):
            start = place * length + strike * length // len(_MELODY)
            sound = _struck(2.0 * chord[note])
            piece[(start + np.arange(len(sound))) % len(piece)] += sound
    return np.asarray(piece * (PEAK / np.abs(piece).max()), np.int16)


def _pad(chord: tuple[int, ...]) -> Samples:
    seconds = _seconds(CHORD_SECONDS)
    swell = 0.35 + 0.65 * np.sin(np.pi * seconds / CHORD_SECONDS) ** 2
    return np.asarray(_PAD * swell * sum(np.sin(2 * np.pi * note * seconds) for note in chord))


def _struck(frequency: float) -> Samples:
    seconds = _seconds(4 * _DECAY)
    attack = np.minimum(seconds / 0.03, 1.0)
    return np.asarray(_STRUCK * attack * np.exp(-seconds / _DECAY) * np.sin(2 * np.pi * frequency * seconds))


def _seconds(length: float) -> Samples:
    return np.arange(round(length * mulaw.SAMPLE_RATE)) / mulaw.SAMPLE_RATE


class HoldMusic:
    """Our own `Music`, the same for every call."""

    def at(self, start: float, seconds: float) -> bytes:
        """Return the music from `start` on, 8 kHz mu-law."""
        return mulaw.encode(self._take(start, round(seconds * mulaw.SAMPLE_RATE)))

    def under(self, speech: bytes, start: float) -> bytes:
        """Return what is said with the music softly under it."""
        music = self._take(start, len(speech)).astype(np.float64) * DUCKED
        mixed = np.clip(mulaw.decode(speech) + music, -32768, 32767)
        return mulaw.encode(mixed.astype(np.int16))

    def _take(self, start: float, count: int) -> NDArray[np.int16]:
        piece = _loop()
        first = round(start * mulaw.SAMPLE_RATE)
        return np.take(piece, np.arange(first, first + count), mode="wrap")
