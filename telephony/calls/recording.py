"""A call's recording on disk: a stereo WAV of 8 kHz mu-law, left the caller, right what the caller heard."""

import io
import struct
import wave
from pathlib import Path
from typing import Final

from telephony.legs.mulaw import SAMPLE_RATE, decode

CHANNELS: Final = 2
_MULAW_FORMAT: Final = 7
_HEADER = struct.Struct("<4sI4s4sIHHIIHHH4sII4sI")
HEADER_BYTES: Final = _HEADER.size
_COUNT = struct.Struct("<I")


def recordings(data: Path) -> Path:
    """Return the folder in the data folder where calls are kept, each as `CALL.wav`."""
    return data / "recordings"


def header(count: int) -> bytes:
    """Return the header before `count` bytes of interleaved mu-law."""
    return _HEADER.pack(
        b"RIFF", HEADER_BYTES - 8 + count, b"WAVE",
        b"fmt ", 18, _MULAW_FORMAT, CHANNELS, SAMPLE_RATE, CHANNELS * SAMPLE_RATE, CHANNELS, 8, 0,
        b"fact", 4, count // CHANNELS,
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
        file.seek(HEADER_BYTES - _COUNT.size)
        (written,) = _COUNT.unpack(file.read(_COUNT.size))  # what lies beyond is being written
        first, last = (min(round(t * SAMPLE_RATE) * CHANNELS, written) for t in (start, end))
        file.seek(HEADER_BYTES + first)
        caller = file.read(last - first)[::CHANNELS]
    if not caller:
        return b""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as excerpt:
        excerpt.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        excerpt.writeframes(decode(caller).astype("<i2").tobytes())
    return sound.getvalue()
