from hypothesis import given
from hypothesis import strategies as st

from voice.journal.events import BargedIn, Heard, Measured, Said, Understood
from voice.replay.digest import digest, lines, words
from voice.replay.line import Happening


def heard(text: str, t: float = 1.0) -> Happening:
    return Happening(t, Heard(who="caller", text=text, start=t - 1, end=t, confidence=0.9))


def test_a_line_tells_when_what_and_the_words() -> None:
    assert list(lines([heard("my refund", 12.344)])) == ["  12.34  heard        caller: my refund"]


def test_a_sentence_cut_off_says_how_much_was_heard() -> None:
    happening = Happening(2.0, Said(text="one two", start=1.0, end=2.0, heard=0.5))
    assert list(lines([happening])) == ["   2.00  said         one two [50% heard]"]


def test_latencies_do_not_count() -> None:
    slow = Happening(1.0, Measured(name="answer", ms=900.0))
    assert digest([heard("yes"), slow]) == digest([heard("yes")])


@given(st.text(min_size=1), st.text(min_size=1))
def test_other_words_are_another_digest(one: str, other: str) -> None:
    assert (digest([heard(one)]) == digest([heard(other)])) == (
        list(lines([heard(one)])) == list(lines([heard(other)]))
    )


def test_the_order_and_the_time_count() -> None:
    a, b = heard("a"), Happening(1.0, BargedIn(said="b"))
    assert len({digest([a, b]), digest([b, a]), digest([a]), digest([heard("a", 1.5)])}) == 4
    assert len(digest([])) == 12


def test_what_the_bot_went_by_is_shown_where_it_is_not_what_was_heard() -> None:
    shown = words(Understood(request="card_blocked", confidence=0.8, reading="my card is stuck"))
    assert shown == 'card_blocked (0.80) as "my card is stuck"'
    assert words(Understood(request=None, confidence=0.0)) == "nothing (0.00)"
