"""The language model the settings name."""

from voice.dialogue.language_model import LanguageModel
from voice.journal.clock import Clock
from voice.settings import VoiceSettings


def language_model(settings: VoiceSettings, clock: Clock) -> LanguageModel | None:
    """Return the language model the settings name; None where they name none."""
    if not settings.llm_url:
        return None
    from voice.dialogue.model_endpoint import ModelEndpoint  # noqa: PLC0415  (openai is slow to import)

    return ModelEndpoint(settings.llm_url, settings.llm_model, settings.llm_key.get_secret_value(), clock)
