"""Recorded callers: a fixture by name, or any 8 kHz WAV, with the keys they pressed where those are known."""

import asyncio
import json
import struct
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pipecat.audio.utils import pcm_to_ulaw

from voice.hearing.resampling import DoublingResampler
from voice.replay.line import Caller

RATE = 8_000
PCM, MULAW, EXTENSIBLE = 1, 7, 0xFFFE
FIXTURES = "audio_fixtures"


class UnreadableRecordingError(ValueError):
    """A recording cannot be replayed; the message is one sentence with what to do."""


async def load(name: str, linger: float) -> Caller:
    """Return the caller that `name` stands for.

    Args:
        name: a fixture's name, or the path of a WAV: mono is the caller, of stereo the left channel is.
        linger: seconds the caller stays on the line after the audio's end.

    Raises:
        UnreadableRecordingError: there is no such recording, or it is of another kind.
    """
    path = Path(name)
    if path.suffix.lower() == ".wav":
        return Caller(audio=await _read(path), linger=linger)
    fixtures = Path(str(resources.files(FIXTURES)))
    path = fixtures / "calls" / f"{name}.wav"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in path.parent.glob("*.wav")))
        raise UnreadableRecordingError(f"There is no fixture {name!r}: name a WAV file, or one of {known}.")
    notes = json.loads(path.with_suffix(".json").read_text())
    agent = fixtures / "agents" / path.name
    return Caller(
        audio=await _read(path),
        number=notes["caller"],
        keys=tuple((press["at"], press["digit"]) for press in notes["dtmf"]),
        agent=await _read(agent) if agent.is_file() else b"",
        linger=linger,
    )


async def _read(path: Path) -> bytes:
    """Return the first channel of a WAV as mu-law."""
    try:
        data = await asyncio.to_thread(path.read_bytes)
        code, channels, rate, bits, samples = _parse(data)
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
        return samples[::channels]
    first: NDArray[np.int16] = np.frombuffer(samples, "<i2")[::channels]
    mulaw: bytes = await pcm_to_ulaw(first.tobytes(), RATE, RATE, DoublingResampler())
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
