"""What can be set for the voice side, from the environment: each name here in capitals after `HOOKFLASH_`.

The switchboard has settings of its own; those both sides need (data, cache, playbooks, the link's token)
carry the same names there.
"""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from voice.hearing.patience import Patience
from voice.hearing.segments import TurnTaking
from voice.journal.settings import PREFIX, SettingsError, mistake

__all__ = ["PREFIX", "SettingsError", "VoiceSettings", "load_settings"]

CALLS_A_CORE = 5
"""A call takes about a fifth of one, with the models that come with the project."""
_TURNS = TurnTaking()
_PATIENCE = Patience()
Probability = Annotated[float, Field(gt=0, lt=1)]


class VoiceSettings(BaseSettings):
    """Everything the worker, `hookflash models` and replay can be told. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Path("data")
    """Folder for what calls leave behind."""
    cache: Path = Path("~/.cache/hookflash")
    """Folder for what can be made again: prepared models, rendered prompts."""
    playbooks: Path = Path("playbooks")
    """Folder of playbooks, one folder each."""
    playbook: str = Field("fjord-pay", min_length=1)
    """The playbook for calls that name none."""
    keep_days: int = Field(90, ge=1, le=3650)
    """Days after which a line forgets the numbers it learnt from a call; the switchboard deletes the call
    itself by the same setting."""

    link_token: SecretStr = SecretStr("")
    """The secret a switchboard must show to open a voice link; `hookflash serve` makes one."""
    worker_host: str = "127.0.0.1"
    """Address the worker listens on."""
    worker_port: int = Field(8081, ge=0, le=65535)
    """Port the worker listens on; 0 takes any free one."""

    llm_url: str = ""
    """An OpenAI-compatible endpoint for the bot, as `http://127.0.0.1:11434/v1`; empty: no language model."""
    llm_model: str = ""
    """The model's name there."""
    llm_key: SecretStr = SecretStr("")
    """The endpoint's key; may be empty."""
    llm_patience: float = Field(1.2, gt=0, le=1.6)
    """How long the model has for each sentence before the playbook answers without it."""

    calls: int = Field(default_factory=lambda: CALLS_A_CORE * (os.cpu_count() or 1), ge=1, le=1000)
    """Calls this worker serves at once; the next one is refused at the door. Unset: five a core."""

    whisper_weights: Path | None = None
    """Folder of Whisper weights for CTranslate2; unset: Whisper base as `hookflash models` prepares it."""
    whisper_model: str = Field("", pattern=r"^[\w.-]*(/[\w.-]+)?$")
    """A model of faster-whisper's by its name, as `small` or `owner/name`; unset: `whisper_weights`."""
    whisper_languages: dict[str, str] = Field(default={})
    """Models for single languages, by name or folder, as `{"fr": "small"}`."""
    hearing_url: str = ""
    """An OpenAI-compatible transcription endpoint, as `http://127.0.0.1:8000/v1`; empty: none."""
    hearing_model: str = ""
    """The model's name there."""
    hearing_key: SecretStr = SecretStr("")
    """The endpoint's key; may be empty."""
    hearing_patience: float = Field(1.5, gt=0, le=5)
    """How long the endpoint has for a turn before it is heard here instead."""
    voice: Path | None = None
    """A Piper voice (`.onnx`, its `.onnx.json` beside it); unset: the prepared English one. For others a
    playbook may name voices of its own; what has none is said by eSpeak NG."""
    speech_threads: int = Field(1, ge=1, le=64)
    """Threads one transcription may use; a second one gains nothing on clips as short as turns."""
    voice_threads: int = Field(1, ge=1, le=64)
    """Threads the synthesis of one sentence may use."""
    voice_url: str = ""
    """An OpenAI-compatible speech endpoint, as `http://127.0.0.1:8880/v1`; empty: the local voices alone."""
    voice_model: str = ""
    """The model's name there."""
    voice_name: str = "alloy"
    """The voice's name there."""
    voice_key: SecretStr = SecretStr("")
    """The endpoint's key; may be empty."""
    voice_patience: float = Field(2.0, gt=0, le=8)
    """How long the endpoint has for each sentence before the local voice says it."""
    prompt_memory: int = Field(1200, ge=1)
    """Seconds of rendered speech kept in memory, 16 kB each; fixed prompts are all kept on disk."""

    speech_start: Probability = _TURNS.start
    """Voice-activity probability at which speech begins."""
    speech_stop: Probability = _TURNS.stop
    """Probability below which it may be over; lower than `speech_start`."""
    speech_min: float = Field(_TURNS.min_speech, gt=0, le=2)
    """Shorter bursts are no speech: clicks, breath."""
    speech_pause: float = Field(_TURNS.pause, gt=0, le=2)
    """Silence after which decoding starts on the chance that the turn is over."""
    speech_timeout: float = Field(_TURNS.timeout, gt=0, le=10)
    """Silence after which a turn may be over, and one that is plainly complete is; from the last speech, so
    longer than `speech_pause`."""
    pause_note: float = Field(_PATIENCE.note, ge=0, le=5)
    """Silence after a bare "yes" or "no" that the bot expects before it says a word, as "Right."; more may
    follow. 0: it says none."""
    pause_noted: float = Field(_PATIENCE.noted, gt=0, le=5)
    """Silence that ends the turn then."""
    pause_answer: float = Field(_PATIENCE.answer, gt=0, le=5)
    """The same where no such word is said."""
    pause_served: float = Field(_PATIENCE.served, gt=0, le=5)
    """Silence after what the bot can answer at once, in a voice that sounds finished."""
    pause_please: float = Field(_PATIENCE.please, gt=0, le=5)
    """Silence after a "please" in a voice that sounds finished."""
    pause_asked: float = Field(_PATIENCE.asked, gt=0, le=5)
    """Silence after a question in such a voice."""
    pause_told: float = Field(_PATIENCE.told, gt=0, le=5)
    """Silence after a statement in such a voice: who tells a story pauses behind each sentence."""
    pause_doubtful: float = Field(_PATIENCE.doubtful, gt=0, le=5)
    """Silence after words that look finished, but were hardly made out or do not sound so."""
    pause_unfinished: float = Field(_PATIENCE.unfinished, gt=0, le=5)
    """Silence after words that cannot be all, such as "my number is"."""
    pause_number: float = Field(_PATIENCE.number, gt=0, le=5)
    """Silence in the middle of a number or an address."""
    pause_collecting: float = Field(_PATIENCE.collecting, gt=0, le=5)
    """Silence while digits, a date or a name are given that the bot asked for; a playbook's step may say
    otherwise."""
    partials: bool = True
    """Read what callers have said so far while they talk, where nothing else is to be decoded."""
    turn_max: float = Field(_TURNS.max_turn, gt=1, le=29)
    """A turn is ended here however long the caller goes on: Whisper hears 30 s at once."""

    background: float = Field(_TURNS.background, ge=0, le=60)
    """Decibels below the caller's own voice from which another is taken for somebody's behind them, or for a
    television's, and not heard; 0: all are heard."""

    @field_validator("data", "cache", "playbooks", "whisper_weights", "voice")
    @classmethod
    def _home(cls, path: Path | None) -> Path | None:
        return path and path.expanduser()

    @property
    def turn_taking(self) -> TurnTaking:
        """The values the segmenter needs.

        Raises:
            SettingsError: two of them contradict each other.
        """
        if self.speech_stop >= self.speech_start:
            raise SettingsError(
                f"{PREFIX}SPEECH_STOP ({self.speech_stop}) must be lower than "
                f"{PREFIX}SPEECH_START ({self.speech_start})."
            )
        if self.speech_timeout < self.speech_pause:
            raise SettingsError(
                f"{PREFIX}SPEECH_TIMEOUT ({self.speech_timeout}) must not be shorter than "
                f"{PREFIX}SPEECH_PAUSE ({self.speech_pause})."
            )
        return TurnTaking(
            start=self.speech_start,
            stop=self.speech_stop,
            min_speech=self.speech_min,
            pause=self.speech_pause,
            timeout=self.speech_timeout,
            max_turn=self.turn_max,
            background=self.background,
        )

    @property
    def patience(self) -> Patience:
        """How long pauses may last."""
        return Patience(
            note=self.pause_note,
            noted=self.pause_noted,
            answer=self.pause_answer,
            served=self.pause_served,
            whole=self.speech_timeout,
            please=self.pause_please,
            asked=self.pause_asked,
            told=self.pause_told,
            doubtful=self.pause_doubtful,
            number=self.pause_number,
            unfinished=self.pause_unfinished,
            collecting=self.pause_collecting,
        )


_SECRETS = frozenset(
    name for name, field in VoiceSettings.model_fields.items() if field.annotation is SecretStr
)


def _check_endpoint(name: str, what: str, url: str, model: str) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(f"{PREFIX}{name}_URL must begin with http:// or https://.")
    if bool(url) != bool(model):
        missing = "MODEL" if url else "URL"
        raise SettingsError(f"{PREFIX}{name}_{missing} is missing: {what} needs both URL and model.")


def load_settings() -> VoiceSettings:
    """Read the environment.

    Raises:
        SettingsError: a value cannot be used; one sentence, without the value where it is a secret.
    """
    try:
        settings = VoiceSettings()
    except ValidationError as error:
        raise mistake(error.errors(include_url=False)[0], _SECRETS) from None
    except UnreadableError:  # it is the only one of several parts
        raise SettingsError(f'{PREFIX}WHISPER_LANGUAGES must be JSON, as {{"fr": "small"}}.') from None
    _ = settings.turn_taking
    _check_endpoint("LLM", "a language model", settings.llm_url, settings.llm_model)
    _check_endpoint("VOICE", "a voice behind an endpoint", settings.voice_url, settings.voice_model)
    _check_endpoint("HEARING", "an ear behind an endpoint", settings.hearing_url, settings.hearing_model)
    if settings.whisper_weights and settings.whisper_model:
        raise SettingsError(f"Only one of {PREFIX}WHISPER_WEIGHTS and {PREFIX}WHISPER_MODEL can be set.")
    return settings
