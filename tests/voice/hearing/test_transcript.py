import pytest

from voice.hearing.transcript import timed_words

PIECES = [(" Where", 1), (" is", 1), (" my", 1), (" refund", 2), ("?", 1)]
STARTS = (5, 20, 30, 40, 50, 70, 75)
SURE = (0.9, 0.8, 1.0, 0.6, 0.4, 0.1)


def test_words_carry_their_times_and_confidence() -> None:
    words = timed_words(PIECES, SURE, STARTS, seconds=2.0)
    assert [word.text for word in words] == ["Where", "is", "my", "refund?"]
    assert [word.start for word in words] == [0.1, 0.4, 0.6, 0.8]
    assert [word.end for word in words] == pytest.approx([0.4, 0.6, 0.8, 1.4])
    assert [word.confidence for word in words] == [0.9, 0.8, 1.0, 0.5]


def test_no_word_passes_the_clips_end() -> None:
    words = timed_words(PIECES, SURE, STARTS, seconds=1.0)
    assert max(word.end for word in words) == 1.0
    assert all(word.start <= word.end for word in words)


def test_nothing_said_is_no_words() -> None:
    assert timed_words([], (), (), seconds=1.0) == ()
    assert timed_words([(" ", 1)], (0.5,), (0, 1), seconds=1.0) == ()
