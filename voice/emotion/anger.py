"""The caller's anger, turn by turn: voice and wording joined, smoothed, and explained.

Strong words count by themselves. A voice counts as it lasts: one loud turn moves the score less than two.
Where the voice cannot be told, for want of speech or for noise, the words decide.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.emotion import model as models
from voice.emotion import wording as words_of
from voice.emotion.explanation import explain
from voice.emotion.frames import Frames, cut
from voice.emotion.model import LAYERS, PROSODY, AngerModel
from voice.emotion.prosody import SHORTEST_S, snr, statistics
from voice.emotion.running import RunningVoice
from voice.emotion.speech import CallerSpeech
from voice.emotion.wording import WordingModel
from voice.journal.events import Felt

__all__ = ["AngerMeter", "AngerSettings", "CallerSpeech", "EncoderView"]

Array = NDArray[np.float64]

_HEARD = 0.5
# On the running score, where 0 is the middle between calm and angry of the training set.
_USUAL = 0.0
_EXTREME = 0.6
# On the scale of the playbook, whose `strong` turn hands over at once and `sustained` ones together.
_STRONG = 0.85
_WEAK = 0.59


@dataclass(frozen=True)
class Measures:
    """What one turn's voice measures, whoever speaks and whatever came before.

    Attributes:
        speech: the turn.
        views: its statistics, a view each; None where the voice cannot be told.
        why: it cannot, where there is something to say about that.
    """

    speech: CallerSpeech
    views: dict[str, Array] | None
    why: tuple[str, ...] = ()


class EncoderView(Protocol):
    """Measures a turn with the recogniser's own encoder; one for the process."""

    fingerprint: str
    """Of the encoder's weights."""

    def measure(self, speech: CallerSpeech, frames: Frames) -> Array:
        """Return the turn's pooled encoder layers."""


@dataclass(frozen=True, slots=True)
class AngerSettings:
    """How turns become one score.

    Attributes:
        threshold: the line's own, on the voice's running score; None before the line has learnt one.
        words_memory: how much of the last turns' wording is still felt in the next.
        calm_words: wording below this is no anger at all.
        least_snr: dB between loud and quiet frames under which the line is too noisy to tell.
        heard: False leaves the voice out altogether; the words remain.
    """

    threshold: float | None = None
    words_memory: float = 0.5
    calm_words: float = 0.3
    least_snr: float = 18.0
    heard: bool = True


class AngerMeter:
    """Feels with one caller; one for each call.

    Args:
        settings: how turns become one score.
        voice: the voice model; default: the one that ships.
        wording: the wording model; default: the one that ships.
        encoder: the recogniser's; without it, or where the model was trained with another, prosody alone.
    """

    def __init__(
        self,
        settings: AngerSettings | None = None,
        *,
        voice: AngerModel | None = None,
        wording: WordingModel | None = None,
        encoder: EncoderView | None = None,
    ) -> None:
        self._settings = settings or AngerSettings()
        self._voice = voice or models.shipped()
        self._wording = wording or words_of.shipped()
        fits = encoder is not None and encoder.fingerprint == self._voice.encoder
        self._encoder = encoder if fits else None
        self._running = RunningVoice(self._voice)
        self._words = 0.0

    @property
    def peak(self) -> float | None:
        """Return the voice's highest running score so far, which the line learns from; None while unknown."""
        return self._running.peak

    def feel(self, speech: CallerSpeech, words: str, language: str, confidence: float) -> Felt:
        """Return the caller's anger after a turn; milliseconds of CPU, the same for the same turns.

        Args:
            speech: the turn.
            words: what was understood of it.
            language: of the words.
            confidence: of the transcript, 0..1.
        """
        return self.weigh(self.measure(speech), words, language, confidence)

    def weigh(self, measures: Measures, words: str, language: str, confidence: float) -> Felt:
        """Return the same from a turn that has been measured."""
        said = self._wording.read(words, language, confidence)
        voice, why = self._hear(measures)
        speech = measures.speech
        calm = self._settings.calm_words
        strength = max(said.score - calm, 0.0) / (1 - calm)
        self._words = 1 - (1 - strength) * (1 - self._settings.words_memory * self._words)
        anger = 1 - (1 - self._words) * (1 - self._heard_anger())
        if said.score > calm:
            why.append(f'said: "{said.quote}"')
        return Felt(
            anger=round(anger, 6),
            voice=None if voice is None else round(voice, 6),
            wording=said.score,
            why=tuple(why),
            start=speech.start,
            end=speech.end,
        )

    def _heard_anger(self) -> float:
        """Return what the voice alone amounts to: under `sustained` up to the threshold, `strong` from there.

        Before the line has a threshold of its own only a plainly extreme voice gets there alone.
        """
        if self.peak is None:
            return 0.0
        own = self._settings.threshold
        short = self._running.score - (_USUAL if own is None else own)
        fires = self._running.score - (_EXTREME if own is None else own)
        if fires >= 0:
            return 1 - (1 - _STRONG) * math.exp(-3 * fires)
        return _WEAK / (1 + math.exp(-5 * short - 1.5))

    def measure(self, speech: CallerSpeech) -> Measures:
        """Measure a turn's voice, which is nearly all the work and changes nothing."""
        frames = cut(speech)
        if not self._settings.heard or frames.seconds < SHORTEST_S:
            return Measures(speech, None)
        if snr(frames) < self._settings.least_snr:
            return Measures(speech, None, ("too noisy to tell from the voice",))
        prosody = statistics(frames)
        if prosody is None:
            return Measures(speech, None)
        views = {PROSODY: prosody}
        if self._encoder is not None:
            views[LAYERS] = self._encoder.measure(speech, frames)
        return Measures(speech, views)

    def _hear(self, measures: Measures) -> tuple[float | None, list[str]]:
        """Return the turn's voice score, None where it cannot be told, and why."""
        if measures.views is None:
            return None, list(measures.why)
        calm = self._running.baseline.mean(PROSODY)
        voice = self._running.hear(measures.views)
        why = explain(self._voice.views[PROSODY], measures.views[PROSODY], calm) if voice >= _HEARD else ""
        return voice, [why] if why else []
