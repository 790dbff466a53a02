"""Reading the WAV files of the fixtures."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read(path: Path) -> NDArray[np.int16]:
    """Return the samples of a mono file of 16 bits."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
