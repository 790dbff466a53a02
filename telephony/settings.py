"""What can be set for the switchboard, from the environment: each name here in capitals after `HOOKFLASH_`.

The voice side has settings of its own; those both need (data, playbook, the link's token) carry the same
names there.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from telephony.takeover.actions import Timer
from voice.journal.settings import PREFIX, SettingsError, mistake

__all__ = ["PREFIX", "SettingsError", "SwitchboardSettings", "load_settings"]

BRIEF_SECONDS = 9.0
"""A spoken brief has 8 s; the rest is for its last frames to be played."""


class SwitchboardSettings(BaseSettings):
    """Everything the switchboard can be told. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Path("data")
    """Folder for what calls leave behind: journal, recordings, accounts."""
    playbook: str = Field("fjord-pay", min_length=1)
    """The playbook for calls that name none."""
    language: str = Field("en", min_length=2, max_length=35)
    """The language a call begins in."""

    host: str = "127.0.0.1"
    """Address the switchboard listens on."""
    port: int = Field(8080, ge=0, le=65535)
    """Port it listens on; 0 takes any free one."""
    public_url: str | None = Field(None, pattern=r"^https?://[^\s/]+(/[^\s]*)?$")
    """How carriers and agents reach this switchboard, e.g. `https://calls.example.org`."""

    worker_host: str = "127.0.0.1"
    """Where `hookflash serve` starts its worker."""
    worker_port: int = Field(8081, ge=1, le=65535)
    """The port it starts it on."""
    worker_url: str | None = Field(None, pattern=r"^wss?://[^\s,]+(\s*,\s*wss?://[^\s,]+)*$")
    """The voice worker, e.g. `ws://127.0.0.1:8081`, or several with commas between them; unset: the one at
    `worker_host` and `worker_port`."""
    link_token: SecretStr = SecretStr("")
    """The secret shown to the worker; `hookflash serve` makes one."""

    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_api_url: str = Field("https://api.twilio.com", pattern=r"^https?://[^\s]+$")
    """Where Twilio's REST interface is; an emulator's in tests."""
    fallback_number: str | None = Field(None, pattern=r"^\+?[0-9]{3,15}$")
    """Whom the carrier rings when this switchboard cannot help, e.g. `+4722000000`."""

    dead_air: float = Field(15.0, ge=3, le=120)
    """Nobody heard on the line for so long: a person takes over."""
    worker_back: float = Field(15.0, ge=0, le=120)
    """How long a caller is held for a worker to come back before a person takes over."""
    ring: float = Field(20.0, ge=1, le=300)
    """How long an agent is rung."""
    reminder: float = Field(30.0, ge=5, le=300)
    """How often a waiting caller is told that nobody forgot them."""
    max_wait: float = Field(1200.0, ge=1, le=7200)
    """How long a caller waits for an agent before the carrier takes them to the fallback."""
    unstaffed: float = Field(60.0, ge=1, le=7200)
    """The same while no agent takes calls at all."""
    survey: float = Field(15.0, ge=1, le=60)
    """How long a caller has for the question at the end, the question included."""
    callbacks: bool = True
    """Whether waiting callers may choose to be rung back."""
    wrap_up: float = Field(60.0, ge=0, le=3600)
    """How long an agent has for the paperwork after a call."""
    record: bool = True
    """Keep both voices of every call in `data`/recordings."""
    keep_days: int = Field(90, ge=1, le=3650)
    """Days after which a call's journal, the caller's feelings in it and its recording are deleted. The voice
    worker has the same setting: what a line learnt from calls goes with them."""

    @field_validator("data")
    @classmethod
    def _home(cls, path: Path) -> Path:
        return path.expanduser()

    @property
    def link_urls(self) -> tuple[str, ...]:
        """Where voice links are opened."""
        return tuple(f"{worker}/link" for worker in self._workers)

    @property
    def workers_http(self) -> tuple[str, ...]:
        """Where the workers answer HTTP."""
        return tuple("http" + worker.removeprefix("ws") for worker in self._workers)

    @property
    def _workers(self) -> tuple[str, ...]:
        named = self.worker_url or f"ws://{self.worker_host}:{self.worker_port}"
        return tuple(worker.strip().rstrip("/") for worker in named.split(","))

    @property
    def limits(self) -> Mapping[Timer, float]:
        """The state machine's limits."""
        return MappingProxyType(
            {
                Timer.WORKER_BACK: self.worker_back,
                Timer.STAFF: self.unstaffed,
                Timer.WAIT: self.max_wait,
                Timer.SURVEY: self.survey,
                Timer.REMINDER: self.reminder,
                Timer.RING: self.ring,
                Timer.BRIEF: BRIEF_SECONDS,
                Timer.WRAP_UP: self.wrap_up,
            }
        )


_SECRETS = frozenset(
    name
    for name, field in SwitchboardSettings.model_fields.items()
    if field.annotation in (SecretStr, SecretStr | None)
)


def load_settings() -> SwitchboardSettings:
    """Read the environment.

    Raises:
        SettingsError: a value cannot be used; one sentence, without the value where it is a secret.
    """
    try:
        return SwitchboardSettings()
    except ValidationError as error:
        raise mistake(error.errors(include_url=False)[0], _SECRETS) from None
