"""The vectors of a playbook's examples, kept on disk, so that only what is new in it has to be embedded."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from loguru import logger
from numpy.typing import NDArray

from voice.dialogue.classifier import Embed

FOLDER = "example-vectors"


def kept(embed: Embed, folder: Path, model: str) -> Embed:
    """Return `embed`, remembering each vector in `folder`.

    A file that is missing, torn or of another encoder only costs the time to embed again; a folder that
    cannot be written costs it every time.

    Args:
        embed: sentence vectors, one a row.
        folder: is made where it is not there.
        model: names the encoder, so that another one's vectors are never used.
    """
    path = folder / FOLDER / f"{hashlib.sha256(model.encode()).hexdigest()[:16]}.npz"
    return lambda texts: _embedded(texts, embed, path)


def _embedded(texts: Sequence[str], embed: Embed, path: Path) -> NDArray[np.float32]:
    known = _read(path)
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    if missing:
        known.update(zip(missing, embed(missing), strict=True))
        _write(path, known)
    return np.stack([known[text] for text in texts])


def _read(path: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(io.BytesIO(path.read_bytes())) as file:
            return dict(zip((str(text) for text in file["texts"]), file["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _write(path: Path, known: dict[str, NDArray[np.float32]]) -> None:
    part = path.with_suffix(".part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(part, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
        part.replace(path)
    except OSError as error:
        logger.warning("The examples' vectors cannot be kept in {}: {}.", path.parent, error.strerror)
