"""Recorded callers: a fixture by name, or any 8 kHz WAV, with the keys they pressed where those are known."""

import asyncio
import struct
from importlib import resources
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from pipecat.audio.utils import pcm_to_ulaw

from voice.hearing.resampling import DoublingResampler
from voice.replay.line import Caller

RATE = 8_000
PCM, MULAW, EXTENSIBLE = 1, 7, 0xFFFE
FIXTURES = "audio_fixtures"

_Channel = tuple[int, bytes]
"""Format code, and the samples in that format."""


class UnreadableRecordingError(ValueError):
    """A recording cannot be replayed; the message is one sentence with what to do."""


class _Key(msgspec.Struct, frozen=True):
    at: float
    digit: str


class _Notes(msgspec.Struct, frozen=True):
    """What is known of a recorded caller besides the sound: a JSON file beside the WAV."""

    caller: str = ""
    dtmf: tuple[_Key, ...] = ()
    hang_up_at: float | None = None


async def load(name: str, linger: float) -> Caller:
    """Return the caller that `name` stands for.

    Args:
        name: a fixture's name, or the path of a WAV: mono is the caller, of stereo the left channel is.
        linger: seconds the caller stays on the line after the audio's end, unless they are known to hang up.

    Raises:
        UnreadableRecordingError: there is no such recording, or it is of another kind.
    """
    path = Path(name) if name.lower().endswith(".wav") else _fixture(name)
    audio, notes, agent = await asyncio.to_thread(_read_all, path)
    return Caller(
        audio=await _mulaw(audio),
        number=notes.caller,
        keys=tuple((key.at, key.digit) for key in notes.dtmf),
        agent=await _mulaw(agent),
        linger=linger if notes.hang_up_at is None else 0.0,
    )


def _fixture(name: str) -> Path:
    path = Path(str(resources.files(FIXTURES))) / "calls" / f"{name}.wav"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in path.parent.glob("*.wav")))
        raise UnreadableRecordingError(f"There is no fixture {name!r}: name a WAV file, or one of {known}.")
    return path


def _read_all(path: Path) -> tuple[_Channel, _Notes, _Channel]:
    """Return the caller, what is noted of them, and the agent, whose voice lies in the next folder."""
    agent = path.parent.with_name("agents") / path.name
    notes = path.with_suffix(".json")
    try:
        noted = msgspec.json.decode(notes.read_bytes(), type=_Notes) if notes.is_file() else _Notes()
    except msgspec.MsgspecError as error:
        raise UnreadableRecordingError(f"{notes} cannot be used: {error}.") from None
    return _read(path), noted, _read(agent) if agent.is_file() else (MULAW, b"")


def _read(path: Path) -> _Channel:
    """Return the first channel of a WAV."""
    try:
        code, channels, rate, bits, samples = _parse(path.read_bytes())
    except OSError as error:
        raise UnreadableRecordingError(f"{path} cannot be read: {error.strerror}.") from None
    except (struct.error, KeyError):
        raise UnreadableRecordingError(f"{path} is no WAV file.") from None
    if rate != RATE or channels not in (1, 2) or (code, bits) not in {(PCM, 16), (MULAW, 8)}:
        raise UnreadableRecordingError(
            f"{path} has {rate} Hz, {bits} bits and {channels} channels: "
            "convert it to 8 kHz, mu-law or 16-bit, mono or stereo with the caller on the left."
        )
    if code == MULAW:
        return code, samples[::channels]
    first: NDArray[np.int16] = np.frombuffer(samples, "<i2")[::channels]
    return code, first.tobytes()


async def _mulaw(channel: _Channel) -> bytes:
    code, samples = channel
    if code == MULAW:
        return samples
    mulaw: bytes = await pcm_to_ulaw(samples, RATE, RATE, DoublingResampler())
    return mulaw


def _parse(data: bytes) -> tuple[int, int, int, int, bytes]:
    """Return format code, channels, rate, bits a sample, and the samples, even of a file cut short."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise KeyError("RIFF")
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        chunks.setdefault(name, data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    code, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if code == EXTENSIBLE:
        (code,) = struct.unpack_from("<H", chunks[b"fmt "], 24)
    samples = chunks[b"data"]
    return code, channels, rate, bits, samples[: len(samples) // max(block, 1) * max(block, 1)]
