"""A rendered call's JSON: what happens when in the WAV beside it, and which script it comes from."""

import msgspec

from audio_fixtures.script import CALLS


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key the caller presses, `at` seconds of the recording."""

    at: float
    digit: str


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A line, in seconds of the recording."""

    start: float
    end: float
    text: str


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """One rendered call. Times are seconds from the recording's start."""

    script_sha256: str
    audio_sha256: str
    caller: str
    """The caller's number."""
    duration: float
    dtmf: tuple[Key, ...] = ()
    person_from: float | None = None
    """When the words for a person begin."""
    hang_up_at: float | None = None
    """None: the caller stays until the other side hangs up."""
    lines: tuple[Spoken, ...] = ()
    agent_audio_sha256: str | None = None
    agent_lines: tuple[Spoken, ...] = ()
    """What the person says, from the start of their own recording."""


def load(name: str) -> Recording:
    """Read a rendered call's story. Raises `FileNotFoundError` for one that is not there."""
    return msgspec.json.decode((CALLS / f"{name}.json").read_bytes(), type=Recording)
