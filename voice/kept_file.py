"""Files that are made once and kept: replaced in one step, and told from others at a glance."""

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EDGE = 1 << 20


def write(path: Path, content: bytes) -> None:
    """Replace a file in one step: whoever reads it finds the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    handle, draft = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return what an `.npz` holds; nothing where it is not there or damaged."""
    try:
        with path.open("rb") as file, np.load(file) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return {}


def edges(path: Path) -> bytes:
    """Return what tells a large file from all others: its size, its beginning and its end.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(_EDGE)
        file.seek(max(0, size - _EDGE))
        return str(size).encode() + first + file.read()
