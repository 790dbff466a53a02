import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing import expected
from voice.hearing.distance import aligned, edits
from voice.hearing.expected import (
    Digits,
    beginning,
    most_agreed,
    passes_luhn,
    passes_mod_97,
    spoken_digits,
    without_loop,
)

SIX = Digits(6, 6)


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("4, 7 1-2", "en", "4712"),
        ("Oh seven double four", "en", "0744"),
        ("triple three", "en", "333"),
        ("zéro six 12", "fr", "0612"),
        ("", "en", ""),
        ("I don't have it, 4", "en", None),
    ],
)
def test_digits_are_read_out_of_a_text_of_nothing_else(text: str, language: str, digits: str | None) -> None:
    assert spoken_digits(text, language) == digits


def test_the_reading_nearest_to_the_others_counts() -> None:
    assert most_agreed(["471293", "471293", "471298"], SIX) == "471293"
    assert most_agreed(["471298", "471293", "471293"], SIX) == "471293"
    assert most_agreed(["47129", "4712933"], SIX) is None


def test_a_reading_of_the_wrong_length_is_mended_by_one_of_the_right_length() -> None:
    by_sound = most_agreed(["36865", "36865", "036875"], SIX, lambda digits: 0.0)
    assert by_sound == "036865"
    assert most_agreed(["36865"], SIX, lambda digits: 0.0) is None


def test_the_sound_decides_between_readings_that_agree_as_much() -> None:
    likely = {"471293": -9.0, "471298": -1.0}
    assert most_agreed(["471293", "471298"], SIX, lambda digits: likely[digits]) == "471298"


def test_a_reading_that_goes_on_repeating_its_end_is_cut_there() -> None:
    assert without_loop("471298" + 20 * "8", SIX) == "471298"
    assert without_loop("471298" + 10 * "98", SIX) == "471298"
    assert without_loop("4712934", SIX) == "4712934"
    assert without_loop("88888888888", Digits(6, 16)) == "88888888888"
    assert without_loop(None, SIX) is None


@given(st.text("0123", max_size=8), st.text("0123", max_size=8))
def test_aligned_rows_have_the_patterns_length(row: str, pattern: str) -> None:
    assert len(aligned(row, pattern)) == len(pattern)
    if len(row) == len(pattern):
        assert edits(aligned(row, pattern), row) <= 2 * edits(row, pattern)


def test_fewer_digits_than_expected_are_their_beginning() -> None:
    assert beginning(["4711", "4711", "411"], Digits(8, 8)) == "4711"
    assert beginning([], Digits(8, 8)) is None


def test_all_the_digits_with_a_wrong_check_digit_are_no_beginning() -> None:
    assert beginning(["12345678", "1234567"], Digits(8, 8, passes_luhn)) is None


def test_a_check_digit_decides_against_the_majority() -> None:
    checked = Digits(4, 16, passes_luhn)
    assert most_agreed(["79927398710", "79927398710", "79927398713"], checked) == "79927398713"
    assert passes_mod_97("3214282912345698765432161182")
    assert not passes_mod_97("3214282912345698765432161183")
    assert not passes_mod_97("")


@pytest.mark.parametrize(("language", "asking"), [("en-GB", "operator"), ("fr", "conseiller")])
def test_whoever_asks_for_a_person_is_among_the_alternatives(language: str, asking: str) -> None:
    for expectation in (expected.yes_or_no(language), expected.digit(language)):
        among = expected.alternatives(expectation, language)
        assert {asking, *(answer.spellings[0] for answer in expectation.answers)} <= set(among)
        assert len(among) == len(set(among))


def test_one_word_is_no_choice() -> None:
    with pytest.raises(ValueError, match="two or more"):
        expected.words(["medium", "medium"])


@given(st.text("0123", max_size=8), st.text("0123", max_size=8))
def test_edits_are_a_distance(one: str, other: str) -> None:
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
