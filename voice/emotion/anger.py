"""The caller's anger, turn by turn: voice and wording joined, smoothed, and explained.

Strong words count by themselves. A voice counts as it lasts: one loud turn moves the score less than two.
Where the voice cannot be told, for want of speech or for noise, the words decide.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.emotion import model as models
from voice.emotion import wording as words_of
from voice.emotion.explanation import explain
from voice.emotion.model import PROSODY, AngerModel
from voice.emotion.plain_words import plain_words
from voice.emotion.running import RunningVoice
from voice.emotion.speech import CallerSpeech
from voice.emotion.turn_voice import EncoderView, Measures, TurnVoice
from voice.emotion.views import NamedArrays
from voice.emotion.wording import Wording, WordingModel
from voice.journal.events import Felt, Sign

__all__ = ["AngerMeter", "AngerSettings", "CallerSpeech", "EncoderView", "Measures"]

Array = NDArray[np.float64]

_HEARD = 0.5
_FELT = 0.4
_RELIEF = 0.3
"""What an apology that works leaves of what was felt before."""
# On the running score, where 0 is the middle between calm and angry of the training set.
_USUAL = 0.0
_EXTREME = 0.6
# On the scale of the playbook, whose `strong` turn hands over at once and `sustained` ones together.
_STRONG = 0.85
_WEAK = 0.59


@dataclass(frozen=True, slots=True)
class AngerSettings:
    """How turns become one score.

    Attributes:
        threshold: the line's own, on the voice's running score; None before the line has learnt one.
        words_memory: how much of the last turns' wording is still felt in the next.
        calm_words: wording below this is no anger at all.
        heard: False leaves the voice out altogether; the words remain.
    """

    threshold: float | None = None
    words_memory: float = 0.5
    calm_words: float = 0.3
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
        self._turn = TurnVoice(self._encoder)
        self._running = RunningVoice(self._voice)
        self._words = 0.0
        self._apologised = False
        self._was_angry = False

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

    def prepare(self, words: str, language: str) -> None:
        """Have a turn's words encoded, which takes time: `weigh` finds them in the encoder's memory."""
        self._wording.read(words, language)

    def weigh(self, measures: Measures, words: str, language: str, confidence: float) -> Felt:
        """Return the same from a turn that has been measured."""
        said = self._wording.read(words, language, confidence)
        voice, signs = self._hear(measures)
        return self._felt(said, voice, signs, measures.speech.start, measures.speech.end)

    def read(self, words: str, language: str, t: float) -> Felt:
        """Return the caller's anger after a turn that was written, at second `t`: by its words alone."""
        return self._felt(self._wording.read(words, language), None, (), t, t)

    def _felt(
        self, said: Wording, voice: float | None, signs: tuple[Sign, ...], start: float, end: float
    ) -> Felt:
        calm = said.score <= self._settings.calm_words
        if self._apologised:
            self._apologised = calm and (voice is None or voice < _HEARD)
            if self._apologised and self._was_angry:
                self._settle()
                signs = (*signs, Sign(kind="calmer"))
        strength = max(said.score - self._settings.calm_words, 0.0) / (1 - self._settings.calm_words)
        self._words = 1 - (1 - strength) * (1 - self._settings.words_memory * self._words)
        anger = 1 - (1 - self._words) * (1 - self._heard_anger(self._running.score))
        self._was_angry = anger >= _FELT
        if not calm:
            signs = (*signs, Sign(kind="said", words=said.quote))
        return Felt(
            anger=round(anger, 6),
            voice=None if voice is None else round(voice, 6),
            wording=said.score,
            why=plain_words(signs),
            signs=signs,
            start=start,
            end=end,
        )

    def glimpse(self, measures: Measures) -> Felt | None:
        """Return the caller's anger within a turn that goes on, by the voice; None where it cannot be told.

        Nothing of it stays but the call's peak: the turn is weighed as a whole when it is over.
        """
        if measures.views is None or measures.noisy:
            return None
        voice, score = self._running.glimpse(measures.views)
        words = self._settings.words_memory * self._words
        anger = 1 - (1 - words) * (1 - self._heard_anger(score))
        signs = self._explained(measures.views, voice, self._running.baseline.mean(PROSODY))
        return Felt(
            anger=round(anger, 6),
            voice=round(voice, 6),
            wording=0.0,
            why=plain_words(signs),
            signs=signs,
            start=measures.speech.start,
            end=measures.speech.end,
            so_far=True,
        )

    def apologised(self) -> None:
        """Note that the bot has just apologised: if the caller is calm now, what was felt fades at once."""
        self._apologised = True

    def _settle(self) -> None:
        self._words *= _RELIEF
        self._running.settle(_RELIEF)

    def _heard_anger(self, score: float) -> float:
        """Return what the voice alone amounts to: under `sustained` up to the threshold, `strong` from there.

        Before the line has a threshold of its own only a plainly extreme voice gets there alone.
        """
        if self.peak is None:
            return 0.0
        own = self._settings.threshold
        short = score - (_USUAL if own is None else own)
        fires = score - (_EXTREME if own is None else own)
        if fires >= 0:
            return 1 - (1 - _STRONG) * math.exp(-3 * fires)
        return _WEAK / (1 + math.exp(-5 * short - 1.5))

    def measure(self, speech: CallerSpeech) -> Measures:
        """Measure a turn's voice, or as much of it as there is: nearly all the work; decides nothing."""
        return self._turn.measure(speech) if self._settings.heard else Measures(speech, None)

    def _hear(self, measures: Measures) -> tuple[float | None, tuple[Sign, ...]]:
        """Return the turn's voice score, None where it cannot be told, and why."""
        if measures.views is None or measures.noisy:
            return None, (Sign(kind="noisy"),) if measures.noisy else ()
        calm = self._running.baseline.mean(PROSODY)
        voice = self._running.hear(measures.views)
        return voice, self._explained(measures.views, voice, calm)

    def _explained(self, views: NamedArrays, voice: float, calm: Array | None) -> tuple[Sign, ...]:
        return explain(self._voice.views[PROSODY], views[PROSODY], calm) if voice >= _HEARD else ()
