"""Card numbers never reach the record; everything else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from voice.journal.redaction import redact

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
