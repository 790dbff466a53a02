"""Which voices a process has, and which of them says what."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voice.dialogue.texts import Language
from voice.journal.clock import Clock
from voice.models.location import CUT_VOICES, voice_files
from voice.settings import VoiceSettings
from voice.speaking.espeak import Espeak
from voice.speaking.line_voice import LineVoice
from voice.speaking.piper import Piper
from voice.speaking.prompts import PromptCache
from voice.speaking.urgent import UrgentFirst
from voice.speaking.voice import Voice, VoiceError

if TYPE_CHECKING:
    from voice.speaking.endpoint import SpeechEndpoint


class Voices:
    """The voices of all lines; each is loaded once.

    A language is spoken by the endpoint of the settings where there is one; then by the Piper voice the
    playbook names for it, else by that of the settings if it speaks the language, else by eSpeak NG.

    Args:
        settings: where everything is.
        clock: the process's clock.

    Raises:
        MissingModel: the local voice is not there.
        VoiceError: it cannot be read.
    """

    def __init__(self, settings: VoiceSettings, clock: Clock) -> None:
        self._settings = settings
        self._thread = UrgentFirst("voice")
        self._cache = PromptCache(settings.cache / "prompts", settings.prompt_memory)
        self._espeak = Espeak()
        self._piper: dict[Path, Piper] = {}
        self._own = self._load(voice_files(settings))
        self._endpoint = speech_endpoint(settings, clock)

    def line(self, languages: Sequence[Language], files: Mapping[Language, Path]) -> LineVoice:
        """Return a line's voice.

        Args:
            languages: those the line speaks.
            files: the Piper voices its playbook names, by language.

        Raises:
            VoiceError: one of them cannot be read, or speaks another language.
        """
        first: tuple[Voice, ...] = (self._endpoint,) if self._endpoint else ()
        return LineVoice(
            {language: (*first, self._local(language, files.get(language))) for language in languages},
            self._cache,
        )

    async def warm(self) -> None:
        """Load every Piper voice.

        Raises:
            VoiceError: one cannot be used.
        """
        for piper in self._piper.values():
            await piper.warm()

    def close(self) -> None:
        """End the threads."""
        self._thread.close()
        self._espeak.close()

    async def disconnect(self) -> None:
        """Stop what is being said, and let go of the endpoint's connections."""
        await self._cache.close()
        if self._endpoint is not None:
            await self._endpoint.disconnect()

    def _local(self, language: Language, file: Path | None) -> Voice:
        if file is None:
            return self._own if self._own.language == language else self._espeak
        piper = self._load(file)
        if piper.language != language:
            raise VoiceError(
                f"The voice {file} speaks {piper.language!r}, not {language!r}: mend the playbook's `voices`."
            )
        return piper

    def _load(self, path: Path) -> Piper:
        if path not in self._piper:
            folder = self._settings.cache / CUT_VOICES
            self._piper[path] = Piper(path, self._thread, folder, self._settings.voice_threads)
        return self._piper[path]


def speech_endpoint(settings: VoiceSettings, clock: Clock) -> "SpeechEndpoint | None":
    """Return the speech endpoint the settings name; None where they name none."""
    if not settings.voice_url:
        return None
    from voice.speaking.endpoint import SpeechEndpoint  # noqa: PLC0415  (openai is slow to import)

    return SpeechEndpoint(
        settings.voice_url,
        model=settings.voice_model,
        voice=settings.voice_name,
        key=settings.voice_key.get_secret_value(),
        limit=settings.voice_patience,
        clock=clock,
    )
