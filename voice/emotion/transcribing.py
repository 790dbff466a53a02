"""Words for recordings whose manifest has none: transcribed by the recogniser that hears the calls."""

import asyncio
from types import TracebackType
from typing import Self

from voice.emotion.corpus import Recording
from voice.emotion.speech import RATE, CallerSpeech
from voice.hearing.engine import SpeechEngine
from voice.models.location import whisper_weights
from voice.settings import VoiceSettings

_LONGEST_S = 29


class Transcriber:
    """The recogniser, loaded when the first recording without words comes; a context manager.

    Args:
        settings: where the weights are.
    """

    def __init__(self, settings: VoiceSettings) -> None:
        self._settings = settings
        self._runner = asyncio.Runner()
        self._engine: SpeechEngine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._engine is not None:
            self._engine.close()
        self._runner.close()

    def __call__(self, recording: Recording, speech: CallerSpeech) -> tuple[str, float]:
        """Return the words and how sure they are: the manifest's as they are, else what is recognised.

        Raises:
            MissingModel: there is no recogniser.
        """
        if recording.text is not None:
            return recording.text, 1.0
        if self._engine is None:
            self._engine = SpeechEngine(
                whisper_weights(self._settings), threads=self._settings.speech_threads
            )
        clip = speech.samples[: _LONGEST_S * RATE]
        transcript = self._runner.run(self._engine.transcribe(clip, language=recording.language))
        return transcript.text, transcript.confidence
