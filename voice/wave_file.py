"""WAV files of 16 bits: read and written here alone, but for the switchboard, which knows nothing of us."""

import wave
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import ArrayLike, NDArray


def read(file: Path | IO[bytes]) -> tuple[NDArray[np.int16], int]:
    """Return the samples of a mono file of 16 bits, and its rate in Hz.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is no such file.
    """
    try:
        with wave.open(str(file) if isinstance(file, Path) else file, "rb") as opened:
            if (opened.getnchannels(), opened.getsampwidth()) != (1, 2):
                raise ValueError(f"{file} is not mono of 16 bits.")
            raw = opened.readframes(opened.getnframes())
            return np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2"), opened.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{file} is no WAV file: {error}.") from None


def write(file: Path | IO[bytes], samples: ArrayLike, rate: int) -> None:
    """Write samples of 16 bits, a row or a column for each channel, at a rate in Hz.

    Raises:
        OSError: it cannot be written.
    """
    pcm = np.asarray(samples, dtype="<i2")
    with wave.open(str(file) if isinstance(file, Path) else file, "wb") as opened:
        opened.setnchannels(1 if pcm.ndim == 1 else pcm.shape[1])
        opened.setsampwidth(2)
        opened.setframerate(rate)
        opened.writeframes(pcm.tobytes())
