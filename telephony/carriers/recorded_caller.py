"""A caller who was recorded: what they say, which keys they press, when they hang up."""

import wave
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from telephony.legs import mulaw

FIXTURES: Final = Path(__file__).resolve().parents[2] / "audio_fixtures" / "calls"
"""Where callers known by name are kept, as NAME.wav and NAME.json."""


class CallerError(Exception):
    """A recording cannot be played; one sentence says what to change."""


class KeyPress(msgspec.Struct, frozen=True, kw_only=True):
    """A key pressed `at` seconds of the call."""

    at: float
    digit: str


class _Script(msgspec.Struct, frozen=True, kw_only=True):
    dtmf: tuple[KeyPress, ...] = ()
    hang_up_at: float | None = None
    caller: str | None = None


class RecordedCaller(msgspec.Struct, frozen=True, kw_only=True):
    """8 kHz mu-law, and what happens when, in seconds of the call.

    `hang_up_at` None: the caller stays until the other side is done. `number` is theirs, where known.
    """

    audio: bytes
    keys: tuple[KeyPress, ...] = ()
    hang_up_at: float | None = None
    number: str | None = None

    @property
    def seconds(self) -> float:
        """How long the recording is."""
        return len(self.audio) / mulaw.SAMPLE_RATE


def load(name: str) -> RecordedCaller:
    """Return a caller by the fixture's name, or by the path of a WAV file with or without a JSON beside it.

    Blocks. Raises `CallerError`.
    """
    path = Path(name) if name.lower().endswith(".wav") else FIXTURES / f"{name}.wav"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in FIXTURES.glob("*.wav")))
        raise CallerError(f"There is no recording {name!r}: give a WAV file or one of {known or 'none yet'}.")
    beside = path.with_suffix(".json")
    try:
        script = msgspec.json.decode(beside.read_bytes(), type=_Script) if beside.is_file() else _Script()
    except msgspec.DecodeError as error:
        raise CallerError(f"{beside} cannot be read: {error}.") from None
    return RecordedCaller(
        audio=_read_wav(path), keys=script.dtmf, hang_up_at=script.hang_up_at, number=script.caller
    )


def _read_wav(path: Path) -> bytes:
    try:
        with wave.open(str(path)) as recording:
            shape = (recording.getframerate(), recording.getnchannels(), recording.getsampwidth())
            samples = np.frombuffer(recording.readframes(recording.getnframes()), np.int16)
    except (wave.Error, EOFError) as error:
        raise CallerError(f"{path} is not a WAV file that can be read: {error}.") from None
    if shape != (mulaw.SAMPLE_RATE, 1, 2):
        rate, channels, width = shape
        raise CallerError(
            f"{path} has {rate} Hz, {channels} channels, {8 * width} bits: convert it to 8000 Hz, 1, 16."
        )
    return mulaw.encode(samples)
