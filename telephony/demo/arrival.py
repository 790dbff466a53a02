"""Did this voice really arrive? What was sent is looked for in what was received.

The speech that was sent is cut into pieces of half a second, and each is searched for in the received audio
by normalised cross-correlation (Lewis, "Fast Normalized Cross-Correlation", 1995, in one dimension). Other
voices, hold music, noise and silence stay far below the threshold; loss of a frame here and there and any
constant delay do not matter.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telephony.legs.mulaw import SAMPLE_RATE, decode

PIECE = SAMPLE_RATE // 2
STEP = SAMPLE_RATE // 4
ALIKE = 0.65
"""Least correlation at which a piece counts as found. Other speech stays below .45, a copy is 1."""
ENOUGH = 0.8
"""Least share of the pieces that must be found."""
SLIP = 0.5
"""Seconds by which a piece's delay may differ from the others': chance matches lie anywhere."""
SPEECH_DB = 25.0
"""Pieces this much below the loudest one are pauses."""
FAINT_DBOV = -50.0
"""Nothing below this level is speech."""

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Arrival:
    """What became of a voice that was sent."""

    pieces: int
    """Half seconds of speech that were looked for; they overlap by half."""
    share: float
    """The part of them that was found, 0..1."""
    correlation: float
    """Their median likeness to what was received, 0..1."""
    delay: float | None
    """Seconds between the two recordings' starts of the same sound; None where nothing was found."""

    @property
    def arrived(self) -> bool:
        """True if there was speech, and enough of it was found in its order."""
        return self.pieces > 0 and self.share >= ENOUGH


def look_for(sent: bytes, received: bytes) -> Arrival:
    """Look for the speech in `sent` in `received`; both 8 kHz mu-law, each from its own start."""
    source, target = (decode(audio) / 32768.0 for audio in (sent, received))
    starts = _speech(source)
    if not starts or len(target) < PIECE:
        return Arrival(pieces=len(starts), share=0.0, correlation=0.0, delay=None)
    place = _Received(target)
    finds = [place.find(source[start : start + PIECE]) for start in starts]
    delays = [(at - start) / SAMPLE_RATE for start, (at, _) in zip(starts, finds, strict=True)]
    likely = [delay for delay, (_, alike) in zip(delays, finds, strict=True) if alike >= ALIKE]
    delay = float(np.median(likely)) if likely else None
    found = 0 if delay is None else sum(abs(one - delay) <= SLIP for one in likely)
    return Arrival(
        pieces=len(starts),
        share=found / len(starts),
        correlation=float(np.median([alike for _, alike in finds])),
        delay=delay,
    )


def _speech(signal: Signal) -> list[int]:
    """Return where the pieces that hold speech start."""
    starts = range(0, len(signal) - PIECE + 1, STEP)
    powers = {start: float(np.mean(signal[start : start + PIECE] ** 2)) for start in starts}
    floor = max(max(powers.values(), default=0.0) * 10 ** (-SPEECH_DB / 10), 10 ** (FAINT_DBOV / 10))
    return [start for start, power in powers.items() if power >= floor]


class _Received:
    """Received audio, made ready for many searches."""

    def __init__(self, signal: Signal) -> None:
        self._length = len(signal)
        self._size = 1 << (len(signal) + PIECE - 1).bit_length()
        self._spectrum = np.fft.rfft(signal, self._size)
        energy = np.concatenate([[0.0], np.cumsum(signal**2)])
        self._energy = energy[PIECE:] - energy[:-PIECE]

    def find(self, piece: Signal) -> tuple[int, float]:
        """Return where a piece of `PIECE` samples fits best, in samples, and how well, 0..1."""
        product = np.fft.irfft(self._spectrum * np.fft.rfft(piece, self._size).conj(), self._size)
        overlap = product[: self._length - PIECE + 1]
        own = float(np.sum(piece**2))
        # Where next to nothing was received, a likeness would be that of rounding errors.
        alike = overlap / np.sqrt(own * np.maximum(self._energy, own * 1e-4))
        best = int(np.argmax(alike))
        return best, float(np.clip(alike[best], 0.0, 1.0))
