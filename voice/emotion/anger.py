"""The caller's anger, turn by turn: voice and wording joined, smoothed, and explained.

Strong words count by themselves. A voice counts as it lasts: one loud turn moves the score less than two.
Where the voice cannot be told, for want of speech or for noise, the words decide.
"""

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
from voice.emotion.speech import CallerSpeech
from voice.emotion.views import Baseline
from voice.emotion.wording import Wording, WordingModel
from voice.journal.events import Felt

__all__ = ["AngerMeter", "AngerSettings", "CallerSpeech", "EncoderView"]

Array = NDArray[np.float64]

_EXTREME_ODDS = 3.0


class EncoderView(Protocol):
    """Measures a turn with the recogniser's own encoder; one for the process."""

    def measure(self, speech: CallerSpeech, frames: Frames) -> Array:
        """Return the turn's pooled encoder layers."""


@dataclass(frozen=True, slots=True)
class AngerSettings:
    """How turns become one score.

    Attributes:
        smoothing: weight of the newest turn in the running score of the voice.
        voice_share: how far a lasting angry voice alone can move the score.
        words_memory: how much of the last turns' wording is still felt in the next.
        calm_words: wording below this is no anger at all.
        quiet_voice: a turn's voice score below this may enter the caller's baseline.
        least_snr: dB between loud and quiet frames under which the line is too noisy to tell.
        emotion: False leaves the voice out altogether; the words remain.
    """

    smoothing: float = 0.4
    voice_share: float = 0.75
    words_memory: float = 0.5
    calm_words: float = 0.3
    quiet_voice: float = 0.6
    least_snr: float = 9.0
    emotion: bool = True


class AngerMeter:
    """Feels with one caller; one for each call.

    Args:
        settings: how turns become one score.
        voice: the voice model; default: the one that ships.
        wording: the wording model; default: the one that ships.
        encoder: the recogniser's encoder; None leaves the voice to prosody.
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
        self._encoder = encoder if LAYERS in self._voice.views else None
        self._baseline = Baseline()
        self._heat = 0.0
        self._words = 0.0

    def feel(self, speech: CallerSpeech, words: str, language: str, confidence: float) -> Felt:
        """Return the caller's anger after a turn; milliseconds of CPU, the same for the same turns.

        Args:
            speech: the turn.
            words: what was understood of it.
            language: of the words.
            confidence: of the transcript, 0..1.
        """
        said = self._wording.read(words, language, confidence)
        voice, why = self._listen(speech) if self._settings.emotion else (None, [])
        if voice is not None:
            self._heat += self._settings.smoothing * (voice - self._heat)
        calm = self._settings.calm_words
        strength = max(said.score - calm, 0.0) / (1 - calm)
        self._words = 1 - (1 - strength) * (1 - self._settings.words_memory * self._words)
        heat = self._heat if voice is None else max(self._heat, _plain_excess(voice))
        anger = 1 - (1 - self._words) * (1 - self._settings.voice_share * heat)
        return Felt(
            anger=round(anger, 4),
            voice=None if voice is None else round(voice, 4),
            wording=said.score,
            why=(*why, *self._worded(said)),
            start=speech.start,
            end=speech.end,
        )

    def _listen(self, speech: CallerSpeech) -> tuple[float | None, list[str]]:
        """Return the voice's score, None where it cannot be told, and why."""
        frames = cut(speech)
        if frames.seconds < SHORTEST_S:
            return None, []
        if snr(frames) < self._settings.least_snr:
            return None, ["too noisy to tell from the voice"]
        prosody = statistics(frames)
        if prosody is None:
            return None, []
        measured = {PROSODY: prosody}
        if self._encoder is not None:
            measured[LAYERS] = self._encoder.measure(speech, frames)
        scores = {
            name: self._voice.views[name].score(values, self._baseline.mean(name), self._baseline.turns)
            for name, values in measured.items()
        }
        joined, calibration = self._voice.joined(scores)
        voice = calibration.chance(joined)
        why = (
            [explain(self._voice.views[PROSODY], prosody, self._baseline.mean(PROSODY))]
            if voice >= 0.5
            else []
        )
        if voice < self._settings.quiet_voice:
            self._baseline.take(measured)
        return voice, [reason for reason in why if reason]

    def _worded(self, said: Wording) -> list[str]:
        return [f'said: "{said.quote}"'] if said.score > self._settings.calm_words else []


def _plain_excess(voice: float) -> float:
    """Return a score for a voice so angry that one turn is plain: 0 up to odds of 20 to 1, then rising."""
    odds = float(np.log(max(voice, 1e-9) / max(1 - voice, 1e-9)))
    return float(np.clip((odds - _EXTREME_ODDS) / 2, 0.0, 1.0)) * 0.8
