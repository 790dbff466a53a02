import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing.decoding import (
    UNSURE,
    compression_ratio,
    doubtful,
    is_nothing,
    loop_start,
    may_be_nothing,
    others,
    token_limit,
    unsure,
)

SENTENCE = [10, 11, 12, 13, 14, 15, 16]


@pytest.mark.parametrize(
    ("tokens", "start"),
    [
        (SENTENCE, None),
        (SENTENCE * 2, 7),
        (SENTENCE * 3, 7),
        ([1, 2, *SENTENCE * 2], 9),
        ([*SENTENCE * 2, 10, 11], 7),
        ([7, 8, *[5] * 9], 3),
        ([5, 6] * 5, 2),
        ([5] * 4, None),  # "no, no, no, no" is what people say
        ([5, 6] * 2, None),
        ([], None),
        ([1], None),
    ],
)
def test_loops_are_found_where_they_begin_to_repeat(tokens: list[int], start: int | None) -> None:
    assert loop_start(tokens) == start


@given(
    st.lists(st.integers(0, 5), max_size=10),
    st.lists(st.integers(6, 50), min_size=4, max_size=8, unique=True),
    st.integers(2, 5),
)
def test_what_is_cut_off_a_loop_leaves_the_pattern_once(
    before: list[int], pattern: list[int], times: int
) -> None:
    start = loop_start(before + pattern * times)
    assert start == len(before) + len(pattern)


@given(st.lists(st.integers(0, 100), max_size=60, unique=True))
def test_text_without_repetition_is_no_loop(tokens: list[int]) -> None:
    assert loop_start(tokens) is None


def test_a_good_decoding_is_believed() -> None:
    assert not doubtful(SENTENCE, "I would like to know my balance.", -0.3, limit=40, seconds=2.0)


@pytest.mark.parametrize(
    ("tokens", "text", "score", "limit"),
    [
        (SENTENCE, "I would like to know my balance.", -1.2, 40),
        (SENTENCE, "I would like to know my balance.", -0.3, 7),
        (SENTENCE * 2, "I want to go. I want to go.", -0.1, 40),
        (SENTENCE, "ha" * 60, -0.3, 40),
    ],
)
def test_a_poor_decoding_is_not(tokens: list[int], text: str, score: float, limit: int) -> None:
    assert doubtful(tokens, text, score, limit=limit, seconds=2.0)


def test_a_single_word_is_not_decoded_again_for_its_score() -> None:
    assert not doubtful([10], "six", -2.5, limit=20, seconds=0.7)
    assert doubtful([10], "Do", -2.5, limit=30, seconds=2.1)  # too little for so much speech


def test_words_are_made_up_only_where_both_signs_agree() -> None:
    assert is_nothing(0.75, -2.0)
    assert not is_nothing(0.75, -0.4)
    assert not is_nothing(0.1, -2.0)


def test_limits_grow_with_the_clip_and_texts_compress_with_repetition() -> None:
    assert token_limit(0.0) == 16
    assert token_limit(10.0) == 106
    assert compression_ratio("") == 0.0
    assert compression_ratio("the same again " * 20) > 3 > compression_ratio("quite a plain sentence")


@pytest.mark.parametrize(
    ("no_speech", "score", "seconds", "asked"),
    [
        (0.5, -0.3, 2.0, True),
        (0.3, -2.0, 2.0, True),  # a laugh
        (0.3, -2.0, 0.7, False),  # single words are improbable, too
        (0.2, -0.4, 3.0, False),
    ],
)
def test_only_clips_in_doubt_are_asked_about(
    no_speech: float, score: float, seconds: float, asked: bool
) -> None:
    assert may_be_nothing(no_speech, score, seconds=seconds) is asked


def test_other_hypotheses_are_those_that_say_something_else() -> None:
    hypotheses = [
        " My card is stuck.",
        "My car is stuck",
        "my card, is stuck",
        "",
        "My cart is stuck.",
        "Me.",
    ]
    assert others("My car is stuck.", hypotheses) == ("My card is stuck.", "My cart is stuck.")
    assert others("Yes.", ["yes", "Yes!"]) == ()


def test_only_words_that_were_badly_made_out_are_unsure() -> None:
    assert unsure(UNSURE - 0.01)
    assert not unsure(UNSURE)
    assert not unsure(0.0)  # nothing was heard
