import pytest

from voice.dialogue.questions import Question, expected, figures
from voice.dialogue.slots.reading import Kind, Wanted
from voice.hearing.expected import Digits, OneOf, passes_luhn


def test_what_was_heard_and_a_change_want_a_yes_or_a_no_in_the_calls_language() -> None:
    for question in (Question.SURE, Question.CONFIRM):
        wants = expected(question, None, "fr")
        assert isinstance(wants, OneOf)
        assert [answer.value for answer in wants.answers] == ["oui", "non"]


def test_which_part_is_wrong_may_be_said_in_any_words() -> None:
    assert expected(Question.PART, None, "en") is None


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [(r"\d{6}", 6, 6), (r"\d{4,12}", 4, 12), (r"[1-9]\d{3}", 4, 4), (r"\d\d\d", 3, 3)],
)
def test_an_order_number_of_figures_is_expected_as_digits(pattern: str, least: int, most: int) -> None:
    assert figures(Wanted("order_number", pattern)) == Digits(least, most)


def test_its_check_digit_is_expected_too() -> None:
    wanted = Wanted("order_number", r"\d{8}", check_digit=True)
    assert expected(Question.SLOT, wanted, "en") == Digits(8, 8, passes_luhn)


@pytest.mark.parametrize("pattern", [r"[A-Z]{0,3}\d{4,12}", r"FJ\d{6}", r"\d{4}-\d{2}", r"\d+"])
def test_a_number_with_more_than_figures_is_not(pattern: str) -> None:
    assert figures(Wanted("order_number", pattern)) is None


def test_postcodes_are_digits_where_their_country_has_no_letters() -> None:
    assert expected(Question.FACT, Wanted("postcode", country="FR"), "fr") == Digits(5, 5)
    assert expected(Question.SLOT, Wanted("postcode", country="GB"), "en") is None


@pytest.mark.parametrize("kind", ["amount", "birthday", "date", "name", "place", "street"])
def test_what_is_said_in_other_words_is_not_expected_as_digits(kind: Kind) -> None:
    assert expected(Question.SLOT, Wanted(kind), "en") is None
