"""The caller's anger, turn by turn: voice and wording joined, smoothed, and explained.

Strong words count by themselves. A voice counts as it lasts: by itself it hands over only in the second turn
that sounds angry. Where it cannot be told, for want of speech or for noise, the words decide.
"""

import math
from dataclasses import dataclass, field

from voice.dialogue.thresholds import AngerThresholds
from voice.emotion import model as models
from voice.emotion import wording as words_of
from voice.emotion.explanation import explain
from voice.emotion.model import AngerModel
from voice.emotion.plain_words import plain_words
from voice.emotion.running import RunningVoice
from voice.emotion.speech import CallerSpeech
from voice.emotion.turn_voice import EncoderView, Measures, TurnVoice
from voice.emotion.views import NamedArrays
from voice.emotion.wording import Wording, WordingModel
from voice.journal.events import Felt, Sign

__all__ = ["AngerMeter", "AngerSettings", "CallerSpeech", "EncoderView", "Measures", "Wording"]

_HEARD = 0.5
_FELT = 0.4
_RELIEF = 0.3
"""What an apology that works leaves of what was felt before."""
# On the running score, where 0 is the middle between calm and angry of the training set.
_USUAL = 0.0
_EXTREME = 0.6
_SHORT = 0.01
"""How far below the playbook's `sustained` a voice stays that has not lasted."""


@dataclass(frozen=True, slots=True)
class AngerSettings:
    """How turns become one score.

    Attributes:
        threshold: the line's own, on the voice's running score; None before the line has learnt one.
        limits: the playbook's: `strong` and `sustained` say what a voice above the threshold is worth;
            without `heard` it is left out.
        words_memory: how much of the last turns' wording is still felt in the next.
        calm_words: wording below this is no anger at all.
    """

    threshold: float | None = None
    limits: AngerThresholds = field(default_factory=AngerThresholds)
    words_memory: float = 0.5
    calm_words: float = 0.3


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
    def limits(self) -> AngerThresholds:
        """The playbook's."""
        return self._settings.limits

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
        return self.weigh(self.measure(speech), self.read(words, language, confidence))

    def measure(self, speech: CallerSpeech) -> Measures:
        """Measure a turn's voice, or as much of it as there is: nearly all the work; decides nothing."""
        return self._turn.measure(speech) if self._settings.limits.heard else Measures(speech, None)

    def read(self, words: str, language: str, confidence: float) -> Wording:
        """Read a turn's words, most of which is encoding them; decides nothing."""
        return self._wording.read(words, language, confidence)

    def weigh(self, measures: Measures, said: Wording) -> Felt:
        """Return the caller's anger after a turn that has been measured and read."""
        voice, why = self._hear(measures)
        return self._joined(said, voice, why, (measures.speech.start, measures.speech.end))

    def _joined(
        self, said: Wording, voice: float | None, why: tuple[Sign, ...], span: tuple[float, float]
    ) -> Felt:
        calm = said.score <= self._settings.calm_words
        if self._apologised:
            self._apologised = calm and (voice is None or voice < _HEARD)
            if self._apologised and self._was_angry:
                self._settle()
                why = (*why, Sign(kind="calmer"))
        strength = max(said.score - self._settings.calm_words, 0.0) / (1 - self._settings.calm_words)
        self._words = _together(strength, self._settings.words_memory * self._words)
        heard = self._heard_anger(self._running.score, self._running.sustained)
        anger = _together(self._words, 0.0 if self.peak is None else heard)
        self._was_angry = anger >= _FELT
        if not calm:
            why = (*why, Sign(kind="said", words=said.quote))
        return self._felt(span, anger, voice, why, wording=said.score)

    def feel_written(self, words: str, language: str, t: float) -> Felt:
        """Return the caller's anger after a turn that was written, at second `t`: by its words alone."""
        return self._joined(self.read(words, language, 1.0), None, (), (t, t))

    def glimpse(self, measures: Measures) -> Felt | None:
        """Return the caller's anger within a turn that goes on, by the voice; None where it cannot be told.

        Nothing of it stays but the call's peak: the turn is weighed as a whole when it is over.
        """
        if measures.views is None or measures.noisy:
            return None
        voice, score, sustained = self._running.glimpse(measures.views)
        words = self._settings.words_memory * self._words
        anger = _together(words, self._heard_anger(score, sustained))
        why = self._explained(measures.views) if voice >= _HEARD else ()
        return self._felt((measures.speech.start, measures.speech.end), anger, voice, why, so_far=True)

    def apologised(self) -> None:
        """Note that the bot has just apologised: if the caller is calm now, what was felt fades at once."""
        self._apologised = True

    def _settle(self) -> None:
        self._words *= _RELIEF
        self._running.settle(_RELIEF)

    def _hear(self, measures: Measures) -> tuple[float | None, tuple[Sign, ...]]:
        """Return the turn's voice score, None where it cannot be told, and why."""
        if measures.views is None or measures.noisy:
            return None, (Sign(kind="noisy"),) if measures.noisy else ()
        why = self._explained(measures.views)
        voice = self._running.hear(measures.views)  # after which the turn may be part of the baseline
        return voice, why if voice >= _HEARD else ()

    def _explained(self, views: NamedArrays) -> tuple[Sign, ...]:
        return explain(self._voice, views, self._running.baseline)

    def _heard_anger(self, score: float, sustained: float) -> float:
        """Return what the voice alone amounts to: `strong` once it has been above the threshold in two turns.

        Until then it stays under the playbook's `sustained`, so that it hands over only with words beside it.
        Before the line has a threshold of its own only a plainly extreme voice gets there alone, and at once.
        """
        own, limits = self._settings.threshold, self._settings.limits
        above = score - _EXTREME if own is None else sustained - own
        if above >= 0:
            return 1 - (1 - limits.strong) * math.exp(-3 * above)
        short = score - (_USUAL if own is None else own)
        return max(limits.sustained - _SHORT, 0.0) / (1 + math.exp(-5 * short - 1.5))

    def _felt(
        self,
        span: tuple[float, float],
        anger: float,
        voice: float | None,
        why: tuple[Sign, ...],
        *,
        wording: float = 0.0,
        so_far: bool = False,
    ) -> Felt:
        if not why and anger >= min(_FELT, self._settings.limits.sustained):
            why = (Sign(kind="unsettled"),)
        return Felt(
            anger=round(anger, 6),
            voice=None if voice is None else round(voice, 6),
            wording=wording,
            why=plain_words(why),
            signs=why,
            start=span[0],
            end=span[1],
            so_far=so_far,
        )


def _together(words: float, voice: float) -> float:
    return 1 - (1 - words) * (1 - voice)
