"""A sentence encoder that remembers what it was asked last."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.models.remembered import Remembered


class Counting:
    """An encoder that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.asked.append(tuple(texts))
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


def test_a_sentence_is_encoded_once_and_in_its_place() -> None:
    encoder = Counting()
    remembered = Remembered(encoder)
    first = remembered(["my balance", "and my invoice"])
    again = remembered(["and my invoice", "where is it", "my balance", "where is it"])
    assert encoder.asked == [("my balance", "and my invoice"), ("where is it",)]
    np.testing.assert_array_equal(again[[2, 0]], first)
    np.testing.assert_array_equal(again[1], again[3])


def test_what_was_used_longest_ago_leaves_first() -> None:
    encoder = Counting()
    remembered = Remembered(encoder, kept=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembered([text])
    assert encoder.asked == [("a",), ("b",), ("c",), ("b",)]
