"""The ear the settings name: the local engine alone, or an endpoint with that standing by."""

from voice.hearing.engine import SpeechEngine
from voice.hearing.recogniser import Recogniser
from voice.journal.clock import Clock
from voice.models.location import language_weights, whisper_weights
from voice.settings import VoiceSettings


def local_engine(settings: VoiceSettings) -> SpeechEngine:
    """Return the engine that hears on this machine, not loaded yet.

    Raises:
        MissingModel: weights are not there.
    """
    weights, own = whisper_weights(settings), language_weights(settings)
    return SpeechEngine(weights, own=own, threads=settings.speech_threads)


def speech_engine(settings: VoiceSettings, clock: Clock) -> Recogniser:
    """Return the process's speech engine, not loaded yet.

    Raises:
        MissingModel: weights are not there.
    """
    engine = local_engine(settings)
    if not settings.hearing_url:
        return engine
    from voice.hearing.endpoint import TranscriptionEndpoint  # noqa: PLC0415  (openai is slow to import)
    from voice.hearing.standby import StandbyEngine  # noqa: PLC0415

    endpoint = TranscriptionEndpoint(
        settings.hearing_url,
        settings.hearing_model,
        settings.hearing_key.get_secret_value(),
        limit=settings.hearing_patience,
    )
    return StandbyEngine(endpoint, engine, clock)
