"""The ear the settings name: the local engine alone, or an endpoint with that standing by."""

from voice.hearing.endpoint import TranscriptionEndpoint
from voice.hearing.engine import SpeechEngine
from voice.hearing.standby import StandbyEngine
from voice.journal.clock import Clock
from voice.models.location import language_weights, whisper_weights
from voice.settings import VoiceSettings


def speech_engine(settings: VoiceSettings, clock: Clock) -> SpeechEngine | StandbyEngine:
    """Return the process's speech engine, not loaded yet.

    Raises:
        MissingModel: weights are not there.
    """
    engine = SpeechEngine(
        whisper_weights(settings), own=language_weights(settings), threads=settings.speech_threads
    )
    if not settings.hearing_url:
        return engine
    endpoint = TranscriptionEndpoint(
        settings.hearing_url,
        settings.hearing_model,
        settings.hearing_key.get_secret_value(),
        limit=settings.hearing_patience,
    )
    return StandbyEngine(endpoint, engine, clock)
