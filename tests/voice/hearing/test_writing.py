"""Writing down a clip: the likeliest tokens, and when they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from voice.hearing.speech_model import Written
from voice.hearing.writing import begins, write

END = 9


@dataclass
class Scripted:
    """A decoder that wants to write certain tokens; those behind the end are no text."""

    wanted: Sequence[int]
    second: int = 5
    read: int = 0

    @property
    def logits(self) -> NDArray[np.float32]:
        logits = np.zeros(12, np.float32)
        logits[self.second] = 3.0
        logits[self.wanted[min(self.read, len(self.wanted) - 1)]] = 6.0
        return logits

    @property
    def looks(self) -> NDArray[np.float32]:
        looks = np.full((1, 1, 10), 0.01, np.float32)
        looks[0, 0, min(9, 2 * self.read)] = 1.0
        return looks

    def then(self, *tokens: int) -> "Scripted":
        return Scripted(self.wanted, self.second, self.read + len(tokens))


def begun(*wanted: int) -> Written:
    return cast(Written, Scripted(wanted))


def test_the_likeliest_tokens_are_written_until_the_end() -> None:
    text = write(begun(3, 1, END), 20, END)
    assert text.tokens == (3, 1)
    assert text.looks.shape == (1, 3, 10)
    assert all(0.9 < probability < 1.0 for probability in text.probabilities)
    assert -0.3 < text.score < 0.0


def test_what_is_forbidden_gives_way_to_the_next_and_costs_probability() -> None:
    text = write(begun(3, 1, END), 20, END, forbidden=(1,), forbidden_first=(3,))
    assert text.tokens == (5, 5)
    assert max(text.probabilities) < 0.1


def test_tokens_beyond_the_end_are_no_text() -> None:
    assert write(begun(11, END), 20, END).tokens == (5,)


def test_a_text_without_an_end_stops_where_it_must() -> None:
    text = write(begun(3), 4, END)
    assert text.tokens == (3, 3, 3, 3)
    assert text.looks.shape[1] == 5


def test_tokens_begin_where_the_heads_looked() -> None:
    looks = np.full((3, 4, 60), 0.001, np.float32)
    for token, (first, last) in enumerate(((0, 12), (12, 30), (30, 42), (42, 60))):
        looks[:, token, first:last] = 0.1
    assert begins(looks, 60) == pytest.approx([0, 12, 30, 42], abs=2)


@given(tokens=st.integers(1, 12), states=st.integers(1, 40), seed=st.integers(0, 99))
def test_beginnings_never_fall_and_lie_within_the_clip(tokens: int, states: int, seed: int) -> None:
    looks = np.random.default_rng(seed).random((2, tokens, 50), np.float32)
    found = begins(looks, states)
    assert len(found) == tokens
    assert found[0] == 0
    assert all(one <= other for one, other in pairwise(found))
    assert found[-1] < states


def test_where_it_nearly_went_on_otherwise_is_kept_the_nearest_first() -> None:
    script = Scripted((3, 1, END))
    script.second = 5
    sure = write(cast(Written, script), 20, END)
    assert sure.forks == ()

    class Torn(Scripted):
        @property
        def logits(self) -> NDArray[np.float32]:
            logits = super().logits
            logits[self.second] = 5.5 if self.read else 4.5
            return logits

        def then(self, *tokens: int) -> "Torn":
            return Torn(self.wanted, self.second, self.read + len(tokens))

    torn = write(cast(Written, Torn((3, 1, END))), 20, END)
    assert [(fork.place, fork.token) for fork in torn.forks] == [(1, 5), (2, 5), (0, 5)]
    assert [fork.probability for fork in torn.forks] == sorted(
        (fork.probability for fork in torn.forks), reverse=True
    )
    again = write(torn.forks[0].begun.then(5), 20, END)
    assert again.tokens == ()
