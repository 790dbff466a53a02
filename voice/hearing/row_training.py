"""Learning digits in rows: clips of rows and of anything else in, the weights of `digit_row` out.

Where it is known at which seconds a row may be cut, its digits are taken from there; the others are cut by
what those taught. All that lies between other nodes is no digit, and so is every edge of other clips.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.hearing.answer_training import Array, Example, words_learnt
from voice.hearing.digit_row import DigitRow
from voice.hearing.lattice import Edge, Lattice
from voice.hearing.short_answers import OTHER, Words
from voice.hearing.transcript import SECONDS_PER_FRAME

_PENALTY = 30.0
"""Of the squared weights; 10 to 100 did as well on three people's digits."""
_WRONG = 14
"""Edges of a clip that teach what no digit is."""
_APART = 8
"""Frames by which both ends of a wrong stretch and a right one must differ in all."""


@dataclass(frozen=True)
class RowClip:
    """One clip.

    Attributes:
        language: its code.
        digits: said in it; empty where it is something else.
        frames: of the encoder; half precision will do.
        samples: 16 kHz.
        cuts: seconds at which one digit may be cut off from the next; empty where that is not known.
    """

    language: str
    digits: str
    frames: NDArray[np.floating]
    samples: Array
    cuts: tuple[float, ...] = ()


def learn_rows(clips: Sequence[RowClip]) -> Mapping[str, Words]:
    """Return the digits in rows of every language that has rows with known cuts."""
    languages = sorted({clip.language for clip in clips if clip.cuts})
    return {language: _rows([clip for clip in clips if clip.language == language]) for language in languages}


def _rows(clips: Sequence[RowClip]) -> Words:
    chance = random.Random(0)  # noqa: S311 (which wrong edges teach)
    examples: list[Example] = []
    uncut: list[tuple[RowClip, Lattice]] = []
    for clip in clips:
        lattice = Lattice(clip.frames.astype(np.float32), clip.samples)
        if not clip.digits:
            wrong = chance.sample(list(lattice.spans), min(_WRONG, len(lattice.spans)))
            examples += [_example(clip, lattice, edge, OTHER) for edge in wrong]
        elif clip.cuts:
            examples += _taught(clip, lattice, _edges(clip, lattice), chance)
        else:
            uncut.append((clip, lattice))
    words = words_learnt(examples, _PENALTY)
    cut_by_these: list[Example] = []
    for clip, lattice in uncut:
        edges = DigitRow(lattice, words, len(clip.digits)).edges(clip.digits)
        cut_by_these += _taught(clip, lattice, edges or [], chance)
    return words_learnt([*examples, *cut_by_these], _PENALTY) if cut_by_these else words


def _edges(clip: RowClip, lattice: Lattice) -> list[Edge]:
    """Return where the digits are, by the known cuts."""
    places = [lattice.nearest(cut / SECONDS_PER_FRAME) for cut in clip.cuts]
    return list(zip([0, *places], [*places, len(lattice.nodes) - 1], strict=True))


def _taught(clip: RowClip, lattice: Lattice, edges: list[Edge], chance: random.Random) -> Iterator[Example]:
    """Yield a row's digits, and some of what lies between other nodes; nothing where it cannot be cut."""
    if len(edges) != len(clip.digits) or not set(edges) <= set(lattice.spans):
        return
    for edge, digit in zip(edges, clip.digits, strict=True):
        yield _example(clip, lattice, edge, digit)
    right = [lattice.spans[edge] for edge in edges]
    wrong = [edge for edge, span in lattice.spans.items() if all(_apart(span, each) for each in right)]
    for edge in chance.sample(wrong, min(_WRONG, len(wrong))):
        yield _example(clip, lattice, edge, OTHER)


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) > _APART


def _example(clip: RowClip, lattice: Lattice, edge: Edge, digit: str) -> Example:
    return Example(clip.language, digit, digit, lattice.features(edge))
