"""A Piper voice cut in two where its vocoder begins: a sentence can be heard before all of it is made.

The first half turns phonemes into a sequence of latent frames: short work, and the length of the sentence is
known after it. The second, the vocoder, turns frames into samples, most of the work; it looks a few frames to
either side and no further, so any stretch of frames can be turned into its samples alone.

The first is kept as ONNX Runtime has rearranged it, which takes longer than the rest of a voice's loading;
the second with its convolutions `in_planes`.
"""

import contextlib
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnxruntime
from loguru import logger

from voice import kept_file
from voice.speaking.planes import in_planes

_WEIGHTS = "dec.conv_pre.weight"
"""The vocoder's first weights, by the name Piper's training gives them in every voice."""


@dataclass(frozen=True)
class Halves:
    """Two ONNX files, and the name of the frames between them."""

    frames: Path
    sound: Path
    between: str


def digest(path: Path) -> str:
    """Return what tells a voice's weights and configuration from all others: size, edges, `.onnx.json`."""
    known = hashlib.sha256(kept_file.edges(path))
    known.update(path.with_name(f"{path.name}.json").read_bytes())
    return known.hexdigest()[:16]


def halves(path: Path, folder: Path) -> Halves | None:
    """Return the voice's halves, made in `folder` where they are not there. Blocks; a second the first time.

    Returns:
        None where the voice is built otherwise or `onnx` is missing: it then says a sentence in one piece.
    """
    try:
        if (there := made(path, folder)) is not None:
            return there
        folder.mkdir(parents=True, exist_ok=True)
        _cut(path, *_files(path, folder))
        return made(path, folder)
    except Exception as error:  # the readers of damaged or foreign files raise whatever they like
        logger.warning("The voice {} is not cut and says its sentences in one piece: {}", path.name, error)
        return None


def made(path: Path, folder: Path) -> Halves | None:
    """Return the voice's halves where they have been made."""
    frames, sound, name = _files(path, folder)
    if not (frames.is_file() and sound.is_file() and name.is_file()):
        return None
    return Halves(frames, sound, name.read_text())


def _files(path: Path, folder: Path) -> tuple[Path, Path, Path]:
    stem = f"{digest(path)}-{onnxruntime.__version__}"
    return folder / f"{stem}-frames.onnx", folder / f"{stem}-sound.onnx", folder / f"{stem}-between"


def _cut(path: Path, frames: Path, sound: Path, name: Path) -> None:
    import onnx  # noqa: PLC0415  (slow, large, and needed once)
    from onnx.utils import Extractor  # noqa: PLC0415

    model = onnx.load(path)
    first = next((node for node in model.graph.node if _WEIGHTS in node.input), None)
    if first is None:
        raise ValueError(f"no node uses {_WEIGHTS}")
    between = first.input[0]
    extractor = Extractor(model)
    inputs = [given.name for given in model.graph.input]
    outputs = [given.name for given in model.graph.output]
    vocoder = extractor.extract_model([between], outputs)
    with contextlib.suppress(ValueError):  # built otherwise: it runs as it is
        vocoder = in_planes(vocoder)
    kept_file.write(frames, _rearranged(extractor.extract_model(inputs, [between]).SerializeToString()))
    kept_file.write(sound, vocoder.SerializeToString())
    kept_file.write(name, between.encode())


def _rearranged(model: bytes) -> bytes:
    """Return a network as ONNX Runtime rearranges it, without what holds for this processor alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rearranged.onnx"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])
        return path.read_bytes()
