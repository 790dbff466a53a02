"""A turn's voice measured in pieces of two seconds, so that a turn that goes on is not measured again.

What a turn measures depends on its sound alone: heard in one go or bit by bit, it is the same.
"""

import math
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.emotion import pitch
from voice.emotion.encoder import Places, States, spoken
from voice.emotion.frames import Frames, cut, joined
from voice.emotion.line_noise import LEAST_SNR_DB, snr
from voice.emotion.model import LAYERS, PROSODY
from voice.emotion.prosody import SHORTEST_S, statistics
from voice.emotion.speech import RATE, CallerSpeech
from voice.emotion.views import NamedArrays

Array = NDArray[np.float64]

PIECE_S = 2.0
"""The first of these is as much as the weights that ship were trained on."""
_PIECE = int(PIECE_S * RATE)
_SHORTEST_PIECE = RATE // 5
_LEAST_STATES = 6


class EncoderView(Protocol):
    """Shows speech with the recogniser's own encoder; one for the process, from any thread."""

    fingerprint: str
    """Of the encoder's weights."""

    def states(self, speech: CallerSpeech, places: Places) -> States:
        """Return an early layer of a stretch of speech at some of its states, 20 ms each: (places, width)."""


@dataclass(frozen=True)
class Measures:
    """What one turn's voice measures, whoever speaks and whatever came before.

    Attributes:
        speech: the turn.
        views: its statistics, a view each; None under 0.6 s of speech and where hardly any of it is voiced.
        snr: how far the speech stands above the line's noise, in dB.
    """

    speech: CallerSpeech
    views: NamedArrays | None
    snr: float = math.inf

    @property
    def noisy(self) -> bool:
        """Whether there is speech, but on a line too noisy to judge a voice on."""
        return self.snr < LEAST_SNR_DB


@dataclass(frozen=True)
class _Piece:
    frames: Frames
    pitch: tuple[Array, Array]
    places: Places
    states: States | None


class TurnVoice:
    """Measures turns; keeps the pieces of the one that goes on.

    Args:
        encoder: the recogniser's; None for prosody alone.
    """

    def __init__(self, encoder: EncoderView | None = None) -> None:
        self._encoder = encoder
        self._lock = Lock()
        self._turn = float("nan")
        self._known: list[_Piece] = []

    def measure(self, speech: CallerSpeech) -> Measures:
        """Return what a turn, or as much of one as there is so far, measures.

        Args:
            speech: the turn from its beginning; of the same turn, more than the time before.
        """
        with self._lock:
            if speech.start != self._turn:
                self._turn, self._known = speech.start, []
            whole = len(speech.samples) // _PIECE
            for place in range(len(self._known), whole):
                self._known.append(self._piece(speech, place))
            pieces = self._known[:whole]
        if len(speech.samples) - whole * _PIECE >= _SHORTEST_PIECE or not pieces:
            pieces = [*pieces, self._piece(speech, whole)]
        frames = joined([piece.frames for piece in pieces])
        if frames.seconds < SHORTEST_S:
            return Measures(speech, None)
        return Measures(speech, _views(frames, pieces), snr(frames))

    def _piece(self, speech: CallerSpeech, place: int) -> _Piece:
        part = speech.part(place * _PIECE, (place + 1) * _PIECE)
        frames = cut(part)
        places = spoken(frames.active)
        states = self._encoder.states(part, places) if self._encoder and len(places) else None
        return _Piece(frames, pitch.track(frames), places, states)


def _views(frames: Frames, pieces: list[_Piece]) -> NamedArrays | None:
    semitones, periodicity = (np.concatenate(part) for part in zip(*(p.pitch for p in pieces), strict=True))
    prosody = statistics(frames, (semitones, periodicity))
    if prosody is None:
        return None
    views = {PROSODY: prosody}
    layers = _pooled(frames, pieces)
    if layers is not None:
        views[LAYERS] = layers
    return views


def _pooled(frames: Frames, pieces: list[_Piece]) -> Array | None:
    """Return mean and spread of the encoder's states over the frames with speech: (2 x width,)."""
    ends = np.cumsum([len(piece.frames.level) for piece in pieces])
    shown = [
        (piece.states, np.isin(piece.places, spoken(frames.active[end - len(piece.frames.level) : end])))
        for piece, end in zip(pieces, ends, strict=True)
        if piece.states is not None
    ]
    if not shown:
        return None
    states = np.concatenate([every for every, _ in shown]).astype(np.float64)
    active = np.concatenate([chosen for _, chosen in shown])
    if active.sum() >= _LEAST_STATES:
        states = states[active]
    return np.concatenate((states.mean(axis=0), states.std(axis=0)))
