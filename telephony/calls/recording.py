"""A call's recording on disk: a stereo WAV of 8 kHz mu-law, left the caller, right what the caller heard."""

import io
import struct
import wave
from pathlib import Path
from typing import Final

from telephony.legs.mulaw import SAMPLE_RATE, decode

_CHANNELS: Final = 2
_MULAW_FORMAT: Final = 7
_HEADER = struct.Struct("<4sI4s4sIHHIIHHH4sII4sI")
HEADER_BYTES: Final = _HEADER.size
_COUNT_BYTES: Final = 4


def recordings(data: Path) -> Path:
    """Return the folder in the data folder where calls are kept."""
    return data / "recordings"


def recording(folder: Path, call: str) -> Path:
    """Return where in the folder a call is kept."""
    return folder / f"{call}.wav"


def header(count: int) -> bytes:
    """Return the header before `count` bytes of interleaved mu-law."""
    return _HEADER.pack(
        b"RIFF", HEADER_BYTES - 8 + count, b"WAVE",
        b"fmt ", 18, _MULAW_FORMAT, _CHANNELS, SAMPLE_RATE, _CHANNELS * SAMPLE_RATE, _CHANNELS, 8, 0,
        b"fact", 4, count // _CHANNELS,
        b"data", count,
    )  # fmt: skip


def caller_voice(path: Path, start: float, end: float) -> bytes:
    """Return a stretch of the caller's channel alone as a WAV, 8 kHz and 16 bits, as far as it is written.

    Args:
        path: the recording, which may still grow.
        start: second of the call at which it begins.
        end: second at which it ends.

    Returns:
        The WAV; empty where nothing of the stretch is there yet.

    Raises:
        OSError: there is no such recording.
    """
    with path.open("rb") as file:
        file.seek(HEADER_BYTES - _COUNT_BYTES)
        written = int.from_bytes(file.read(_COUNT_BYTES), "little")  # what lies beyond is being written
        first, last = (min(round(t * SAMPLE_RATE) * _CHANNELS, written) for t in (start, end))
        file.seek(HEADER_BYTES + first)
        caller = file.read(last - first)[::_CHANNELS]
    if not caller:
        return b""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as excerpt:
        excerpt.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        excerpt.writeframes(decode(caller).astype("<i2").tobytes())
    return sound.getvalue()
