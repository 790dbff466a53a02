"""Card numbers never reach the record; everything else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from voice.journal.events import Heard, Word
from voice.journal.redaction import redact, redacted

bodies = st.text("0123456789", min_size=11, max_size=18)


@given(bodies, st.sampled_from(["", " ", "-", "."]))
def test_any_card_number_is_taken_out_however_it_is_grouped(body: str, between: str) -> None:
    number = body + luhn.calc_check_digit(body)
    grouped = between.join(number[place : place + 4] for place in range(0, len(number), 4))
    assert redact(f"It is {grouped}, thanks") == "It is [card number], thanks"


@given(st.text("0123456789", min_size=1, max_size=11))
def test_order_numbers_stay(number: str) -> None:
    assert redact(f"order {number}") == f"order {number}"


@pytest.mark.parametrize(
    "text", ["", "call me on 020 7946 0018", "4539 1488 0343 6468", "I paid 45.00 on 3.11.2026"]
)
def test_what_is_no_card_stays(text: str) -> None:
    assert redact(text) == text


def test_what_is_heard_shows_no_digit_of_a_card_in_text_or_words() -> None:
    said = "It is 4539 1488 0343 6467 thanks"
    words = tuple(Word(text=one, start=0, end=1, confidence=0.9) for one in said.split())
    kept = redacted(Heard(who="caller", text=said, start=0, end=4, confidence=0.9, words=words))
    assert kept.text == "It is [card number] thanks"
    assert [word.text for word in kept.words] == ["It", "is", "****", "****", "****", "****", "thanks"]


def test_what_holds_no_card_number_is_kept_word_for_word() -> None:
    words = (Word(text="4407", start=0, end=1, confidence=0.9),)
    heard = Heard(who="caller", text="4407", start=0, end=1, confidence=0.9, words=words)
    assert redacted(heard) is heard


def test_what_else_it_may_have_been_is_dropped_where_either_holds_a_card_number() -> None:
    card, near = "4539 1488 0343 6467", "4539 1488 0343 6468"
    for text, other in ((card, near), (near, card)):
        heard = Heard(who="caller", text=text, start=0, end=1, confidence=0.5, others=(other, "thanks"))
        assert redacted(heard).others == ()
    heard = Heard(who="caller", text="my car", start=0, end=1, confidence=0.5, others=("my card",))
    assert redacted(heard).others == ("my card",)
