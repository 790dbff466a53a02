"""A network ready to run, its graph kept beside the weights it was made of."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import onnxruntime

from voice import kept_file

EDITION = 1
"""To be raised whenever the same weights would make other graphs."""


def kept(
    weights: Path, name: str, make: Callable[[], bytes], threads: int = 1, *, folder: Path | None = None
) -> onnxruntime.InferenceSession:
    """Return a session of a graph; it is made only where none is kept of these weights. Blocks.

    Args:
        weights: the file the graph is made of.
        name: of the graph, among those of the same weights.
        make: makes it.
        threads: threads one run may use.
        folder: where it is kept, that of the weights unless told; nothing is where it cannot be written.

    Raises:
        OSError: the weights cannot be read.
    """
    made_of = f"{crc32(kept_file.edges(weights)):08x}"
    path = (folder or weights.parent) / f"{name}-{EDITION}-{made_of}.onnx"
    if not path.is_file():
        graph = make()
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            kept_file.write(path, graph)
        return session(graph, threads)
    return session(str(path), threads)


def session(
    graph: str | bytes, threads: int = 1, *, rearranged: bool = False
) -> onnxruntime.InferenceSession:
    """Return a session of a graph, or of the file it is in; one that is rearranged already runs as it is."""
    options = onnxruntime.SessionOptions()
    if rearranged:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # threads that wait cost nothing
    return onnxruntime.InferenceSession(graph, sess_options=options, providers=["CPUExecutionProvider"])
