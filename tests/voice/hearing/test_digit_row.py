"""Digits in a row by their sound: learnt from rows with known cuts and without, told from anything else."""

from pathlib import Path

import numpy as np
import pytest

from tests.voice.hearing.test_short_answers import FRAME, WIDTH, direction, frames_of, loud
from voice.hearing.digit_row import DigitRow, Row
from voice.hearing.expected import Digits
from voice.hearing.expecting import digits_by_sound, like_digits
from voice.hearing.lattice import Lattice
from voice.hearing.row_training import RowClip, learn_rows
from voice.hearing.short_answers import ShortAnswers, Words, load

WORD, PAUSE = 16, 6
"""Frames of each digit, and of the quiet behind it."""


def clip(digits: str, seed: int = 0, *, cuts: bool = False, pause: int = PAUSE) -> RowClip:
    """A row of words, each of which points its own way; letters are other words."""
    frames = [
        np.concatenate([frames_of(word, seed * 100 + place, WORD), np.zeros((pause, WIDTH), np.float32)])
        for place, word in enumerate(digits)
    ]
    samples = [
        np.concatenate([loud(WORD, seed * 100 + place), loud(pause, place) * 0.001])
        for place in range(len(digits))
    ]
    seconds = (WORD + PAUSE) / 50
    known = tuple((place + 1) * seconds - PAUSE / 100 for place in range(len(digits) - 1))
    return RowClip(
        "en",
        digits if digits.isdigit() else "",
        np.concatenate(frames),
        np.concatenate(samples),
        known if cuts else (),
    )


@pytest.fixture(scope="module")
def words() -> Words:
    rows = [clip("0123456789"[n % 10 :] + "0123456789"[: n % 10], n, cuts=True) for n in range(40)]
    others = [clip(other, 50 + place) for place, other in enumerate(("abcd", "efgh", "aceg", "hfbd"))]
    return learn_rows([*rows, *others])["en"]


def row(heard: RowClip, words: Words, most: int = 16) -> DigitRow:
    return DigitRow(Lattice(heard.frames.astype(np.float32), heard.samples), words, most)


def test_digits_in_a_row_are_told_apart(words: Words) -> None:
    said = row(clip("314159", 90), words)
    likeliest = said.likeliest(6)
    assert likeliest is not None
    assert likeliest.digits == "314159"
    assert likeliest.likelihood == said.likelihood("314159")
    assert said.likelihood("314159") > said.likelihood("314158")
    assert said.likeliest(60) is None
    assert said.likelihood("3" * 60) == -np.inf


def test_how_many_there_are_need_not_be_known(words: Words) -> None:
    for digits in ("27", "314159", "1234567890"):
        best = row(clip(digits, 91), words).best
        assert best is not None
        assert best.digits == digits
        assert best.each > -0.2


def test_somebody_who_dictates_may_leave_long_pauses(words: Words) -> None:
    best = row(clip("314159", 95, pause=45), words).best
    assert best is not None
    assert best.digits == "314159"


def test_other_words_do_not_sound_like_a_row(words: Words) -> None:
    assert like_digits(row(clip("314159", 92), words))
    assert not like_digits(row(clip("badcafe", 93), words))
    assert not like_digits(None)
    assert not like_digits(row(RowClip("en", "", np.empty((0, WIDTH)), np.empty(0, np.float32)), words))


def test_clear_rows_are_answered_before_any_text(words: Words) -> None:
    answered = digits_by_sound(row(clip("314159", 94), words), Digits(6, 6))
    assert answered is not None
    assert answered.text == "314159"
    assert 0.8 < answered.confidence <= 1
    assert digits_by_sound(row(clip("314159", 94), words), Digits(7, 7)) is None
    assert digits_by_sound(row(clip("314159", 94), words), Digits(6, 6, lambda digits: False)) is None
    assert digits_by_sound(row(clip("fabcde", 94), words), Digits(6, 6)) is None


def test_no_digits_have_no_likelihood_each() -> None:
    assert Row("", 0.0).each == 0.0


def test_rows_are_cut_by_what_those_with_known_cuts_taught() -> None:
    known = [clip("0123456789"[place:] + "0123456789"[:place], place, cuts=True) for place in range(10)]
    uncut = [clip("9876543210", place) for place in range(60, 64)]
    assert learn_rows([*known, *uncut])["en"].weights.tolist() != learn_rows(known)["en"].weights.tolist()
    assert learn_rows(uncut) == {}


def test_they_are_kept_beside_the_single_answers(words: Words, tmp_path: Path) -> None:
    answers = ShortAnswers(direction("print"), {"fr": words}).with_rows({"en": words})
    answers.save(tmp_path / "weights.npz")
    kept = load(tmp_path / "weights.npz")
    assert kept is not None
    assert kept.digits_in_rows("fr") is None
    assert kept.words("en") is None
    again = kept.digits_in_rows("en")
    assert again is not None
    assert row(clip("314159", 90), again).best == row(clip("314159", 90), words).best


def test_a_lattice_leads_from_one_end_of_a_clip_to_the_other() -> None:
    heard = clip("123")
    lattice = Lattice(heard.frames.astype(np.float32), heard.samples)
    assert lattice.nodes[0] == 0
    assert lattice.nodes[-1] == len(heard.samples) // FRAME
    assert lattice.nodes == sorted(set(lattice.nodes))
    first, last = lattice.spans[lattice.nearest(0), lattice.nearest(WORD + PAUSE / 2)]
    assert first <= 2
    assert WORD <= last <= WORD + 5
