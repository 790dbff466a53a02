"""One turn's voice, measured in pieces of two seconds as it is spoken, so that it is never measured twice."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.emotion.frames import Frames, cut
from voice.emotion.line_noise import LEAST_SNR_DB, snr
from voice.emotion.model import LAYERS, PROSODY
from voice.emotion.prosody import SHORTEST_S, statistics
from voice.emotion.speech import RATE, CallerSpeech
from voice.emotion.views import NamedArrays

Array = NDArray[np.float64]

PIECE_S = 2.0
"""As much as the weights that ship were trained on of each clip."""
_PIECE = int(PIECE_S * RATE)


class EncoderView(Protocol):
    """Measures a piece with the recogniser's own encoder; one for the process."""

    fingerprint: str
    """Of the encoder's weights."""

    def measure(self, speech: CallerSpeech, frames: Frames) -> Array:
        """Return the pooled encoder layers."""


class TurnVoice:
    """What a turn's voice measures so far: each view's mean over the pieces, weighed by their speech.

    Args:
        encoder: the recogniser's; None for prosody alone.

    Attributes:
        noisy: the line drowns it; the pieces are measured all the same.
    """

    def __init__(self, encoder: EncoderView | None = None) -> None:
        self._encoder = encoder
        self._taken = 0
        self._seconds = 0.0
        self._sums: NamedArrays = {}
        self._snr = 0.0

    @property
    def noisy(self) -> bool:
        """Whether no piece had a moment quiet enough to hear the voice apart from the line."""
        return self._seconds > 0 and self._snr < LEAST_SNR_DB

    @property
    def measured(self) -> NamedArrays | None:
        """Return the turn by view, None while there is too little speech to tell anything."""
        if not self._seconds:
            return None
        return {name: total / self._seconds for name, total in self._sums.items()}

    def take(self, speech: CallerSpeech, *, over: bool) -> bool:
        """Measure what of the turn has not been measured yet; return whether that brought anything.

        Args:
            speech: the turn from its beginning, as far as it has come.
            over: there will be no more, so that what is left after whole pieces is measured too.
        """
        before = self._seconds
        while len(speech.samples) - self._taken >= _PIECE:
            self._measure(speech.samples[self._taken : self._taken + _PIECE])
            self._taken += _PIECE
        if over and self._taken < len(speech.samples):
            self._measure(speech.samples[self._taken :])
            self._taken = len(speech.samples)
        if over and not self._seconds:
            self._measure(speech.samples[: 2 * _PIECE])
        return self._seconds > before

    def _measure(self, samples: NDArray[np.float32]) -> None:
        piece = CallerSpeech(samples, 0.0, len(samples) / RATE)
        frames = cut(piece)
        if frames.seconds < SHORTEST_S:
            return
        prosody = statistics(frames)
        if prosody is None:
            return
        measured = {PROSODY: prosody}
        if self._encoder is not None:
            measured[LAYERS] = self._encoder.measure(piece, frames)
        for name, values in measured.items():
            self._sums[name] = self._sums.get(name, np.zeros_like(values)) + frames.seconds * values
        self._seconds += frames.seconds
        self._snr = max(self._snr, snr(frames))
