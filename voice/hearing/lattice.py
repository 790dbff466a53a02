"""Where a clip may be cut into words, and what may lie between two cuts. Pure.

The nodes are its ends and the frames at which it is quietest for a moment; the edges lead from each node to
those between which one word may lie, with the pauses of somebody who dictates.
"""

import numpy as np
from numpy.typing import NDArray

from voice.hearing.short_answers import Floats, features, levels, span

SHORTEST, LONGEST = 5, 60
"""Frames of 20 ms that one word is spoken."""
_WITH_PAUSES = 110
"""Frames between two nodes with one word and pauses around it: a longer pause ends a turn."""
_SMOOTH = 3
_NEAR = 3
"""Frames between two nodes."""

Edge = tuple[int, int]
"""Places of two nodes among the nodes."""


class Lattice:
    """One clip.

    Args:
        frames: of the encoder, (frames, width).
        samples: the clip, 16 kHz.

    Attributes:
        nodes: frames at which it may be cut, its beginning and its end among them.
        spans: what one word may be: of each edge, the first frame that is spoken and the one behind the last.
    """

    def __init__(self, frames: Floats, samples: Floats) -> None:
        self._frames = frames
        loudness = levels(samples)
        self.nodes = _nodes(loudness)
        self.spans: dict[Edge, tuple[int, int]] = {}
        for low, start in enumerate(self.nodes):
            for high in range(low + 1, len(self.nodes)):
                if SHORTEST <= self.nodes[high] - start <= _WITH_PAUSES:
                    first, last = span(loudness[start : self.nodes[high]])
                    if last - first <= LONGEST:
                        self.spans[low, high] = start + first, start + last

    def features(self, edge: Edge) -> Floats:
        """Return what is spoken on an edge as `short_answers` measures a word."""
        return features(self._frames, *self.spans[edge])

    def nearest(self, frame: float) -> int:
        """Return the place of the node nearest to a frame."""
        return int(np.abs(np.array(self.nodes) - frame).argmin())


def _nodes(loudness: NDArray[np.float64]) -> list[int]:
    if not len(loudness):
        return [0]
    smooth = np.convolve(np.pad(loudness, _SMOOTH // 2, mode="edge"), np.ones(_SMOOTH) / _SMOOTH, "valid")
    nodes = [0]
    for at in range(1, len(smooth) - 1):
        around = smooth[max(0, at - _NEAR) : at + _NEAR + 1]
        if smooth[at] <= around.min() and at - nodes[-1] >= _NEAR:
            nodes.append(at)
    return [*nodes, len(loudness)]
