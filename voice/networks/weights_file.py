"""The weights in a CTranslate2 model file. Layout of the file: `ctranslate2.specs.model_spec`, version 6."""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_KNOWN_VERSIONS = (5, 6)
_KINDS: tuple[np.dtype[np.generic], ...] = tuple(
    np.dtype(kind) for kind in ("<f4", "i1", "<i2", "<i4", "<f2")
)
"""By the number a variable's kind has in the file."""
_SCALE = "_scale"

Weights = Mapping[str, NDArray[np.generic]]


class UnreadableWeights(ValueError):  # noqa: N818  (it is the weights that cannot be read)
    """The file holds no weights this can read; one sentence says why."""


def read(path: Path) -> Weights:
    """Return a model's variables by name, also by their aliases; weights in 8 bits are multiplied out.

    Args:
        path: a `model.bin` converted for CTranslate2.

    Raises:
        UnreadableWeights: the file has another layout.
        OSError: it cannot be read.
    """
    data = memoryview(path.read_bytes())
    try:
        stored = _stored(data)
    except (struct.error, ValueError, UnicodeDecodeError, IndexError) as error:
        raise UnreadableWeights(f"{path} is not a CTranslate2 model file this version can read.") from error
    return {
        name: _multiplied_out(value, stored.get(name + _SCALE))
        for name, value in stored.items()
        if not name.endswith(_SCALE)
    }


def _multiplied_out(value: NDArray[np.generic], scale: NDArray[np.generic] | None) -> NDArray[np.generic]:
    if scale is None:
        return value
    rows = np.asarray(scale, np.float32).reshape(-1, *(1,) * (value.ndim - 1))
    return np.asarray(value.astype(np.float32) / rows, np.float32)


def _stored(data: memoryview) -> dict[str, NDArray[np.generic]]:
    (version,) = struct.unpack_from("<I", data)
    if version not in _KNOWN_VERSIONS:
        raise ValueError(f"version {version}")
    _, at = _string(data, 4)
    stored: dict[str, NDArray[np.generic]] = {}
    at += 4
    for name, value, end in _variables(data, at):
        stored[name], at = value, end
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    for _ in range(count):
        alias, at = _string(data, at)
        target, at = _string(data, at)
        stored[alias] = stored[target]
    return stored


def _variables(data: memoryview, at: int) -> Iterator[tuple[str, NDArray[np.generic], int]]:
    """Yield each variable's name, what it holds, and where the next one begins."""
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    for _ in range(count):
        name, at = _string(data, at)
        (rank,) = struct.unpack_from("<B", data, at)
        shape = struct.unpack_from(f"<{rank}I", data, at + 1)
        at += 1 + 4 * rank
        kind, size = struct.unpack_from("<BI", data, at)
        at += 5
        yield name, np.frombuffer(data[at : at + size], _KINDS[kind]).reshape(shape), at + size
        at += size


def _string(data: memoryview, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<H", data, at)
    at += 2
    return bytes(data[at : at + size - 1]).decode(), at + size
