"""What Whisper makes of a sentence of our own and the long silence behind it, kept beside its weights.

A whole window takes over a second to encode, and a worker that was killed has to be back sooner.
"""

import contextlib
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SENTENCE = Path(__file__).with_name("utterance.wav")
"""Something said, 8 kHz: our own words in the voice "joe" of Piper (CC0)."""
_KEPT = "borrowed_silence.npz"
_UNREADABLE = (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile)


def recall(weights: Path, encode: Callable[[], Floats]) -> Floats:
    """Return the encoding, made anew where none is kept or it is of other weights or words.

    Args:
        weights: the model's folder; where it cannot be written, nothing is kept.
        encode: makes the encoding, (1, frames, width).
    """
    path = weights / _KEPT
    try:
        made_of = np.array([crc32((weights / "model.bin").read_bytes()), crc32(SENTENCE.read_bytes())])
    except OSError:
        return encode()
    with contextlib.suppress(*_UNREADABLE), path.open("rb") as file, np.load(file) as kept:
        if np.array_equal(kept["made_of"], made_of):
            return np.asarray(kept["encoded"], dtype=np.float32)
    encoded = encode()
    with contextlib.suppress(OSError):
        with tempfile.NamedTemporaryFile(dir=weights, suffix=".npz", delete=False) as draft:
            np.savez(draft, made_of=made_of, encoded=encoded)
        Path(draft.name).replace(path)
    return encoded
