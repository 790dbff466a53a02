import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.hearing.completeness import Finish, digits_in, finish_of
from voice.hearing.patience import Collecting, Given, Patience, SoFar, allowed, doubtful


@pytest.mark.parametrize(
    "text",
    [
        "I sent it back on Monday and...", "I'm calling because",
        "My order number is", "It's about a refund for",
        "The parcel came but", "I'd like to", "I paid with.",
        "Is it possible to?", "My wife and...", "Well, um...",
        "I would like to know.", "Hello, I wanted to ask.", "If I pay today.", "Could you please?",
        "You said that I would.", "My name is", "I was told that.",
    ],
)  # fmt: skip
def test_english_that_cannot_be_all(text: str) -> None:
    assert finish_of(text, "en") is Finish.OPEN


@pytest.mark.parametrize(
    "text",
    [
        "What is it about?", "Yes, it is.", "I think so.",
        "I never received it.",
        "I'd like to know my balance, please.", "Hold on.",
        "I don't.", "Who is it from?", "When is my next payment please?",
         "What do you need it for?",
        "How much do I owe you?", "I have been waiting for two hours.",
    ],
)  # fmt: skip
def test_english_that_may_be_all(text: str) -> None:
    assert finish_of(text, "en") in (Finish.PLEASE, Finish.ASKED, Finish.TOLD)


@pytest.mark.parametrize(
    "text",
    [
        "Je voudrais savoir", "J'appelle parce que", "Mon numéro de commande est", "J'ai payé avec",
        "Le colis est arrivé mais...", "Il a donné le colis à mon", "Je voudrais",
        "J'habite au", "Euh", "C'est",
    ],
)  # fmt: skip
def test_french_that_cannot_be_all(text: str) -> None:
    assert finish_of(text, "fr") is Finish.OPEN


@pytest.mark.parametrize(
    "text",
    ["Combien je vous dois ?", "Oui, c'est ça.", "Moi aussi."],
)
def test_french_that_may_be_all(text: str) -> None:
    assert finish_of(text, "fr") in (Finish.PLEASE, Finish.ASKED, Finish.TOLD)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The reference is 77 31", "en"), ("It's four seven", "en"), ("My address is 12.", "en"),
        ("C'est le zéro six", "fr"), ("quatre quatre deux", "fr"), ("J'habite douze rue de la Paix", "fr"),
    ],
)  # fmt: skip
def test_half_a_number_or_address(text: str, language: str) -> None:
    assert finish_of(text, language) is Finish.NUMBER


@pytest.mark.parametrize(("text", "language"), [("Hello.", "en"), ("Bonjour", "fr")])
def test_a_greeting_may_be_followed_by_what_it_is_about(text: str, language: str) -> None:
    assert finish_of(text, language) is Finish.GREETING


@pytest.mark.parametrize(
    ("text", "language"),
    [("Thank you. Goodbye.", "en"), ("No.", "en"), ("Merci, au revoir.", "fr"), ("C'est tout.", "fr")],
)
def test_a_few_words_are_complete_however_they_sound(text: str, language: str) -> None:
    assert finish_of(text, language) is Finish.WHOLE
    assert allowed(PATIENCE, SoFar(text, language, 0.7, 0.01), None) == PATIENCE.whole


def test_no_words_are_nothing() -> None:
    assert finish_of(" ... ", "en") is Finish.NOTHING


def test_digits_at_the_end_are_counted_spoken_or_written() -> None:
    assert digits_in("my number is 44 2 one", "en") == 4
    assert digits_in("it is zéro six", "fr") == 2
    assert digits_in("forty or so", "en") == 0


PATIENCE = Patience()


def said(text: str, last_word: float = 0.95, sounds: float | None = 0.9, grasped: float = 0.0) -> SoFar:
    return SoFar(text, "en", last_word, sounds, grasped)


def test_what_the_bot_has_understood_is_answered_soon_and_a_story_is_let_be_told() -> None:
    assert allowed(PATIENCE, said("What do I owe?", grasped=0.5), None) == PATIENCE.asked
    assert allowed(PATIENCE, said("my balance, please.", sounds=None, grasped=0.5), None) == PATIENCE.please
    for story in ("The driver came on Tuesday.", "What happens?", "Tell me that story, please."):
        assert allowed(PATIENCE, said(story), None) == PATIENCE.doubtful
    assert PATIENCE.please < PATIENCE.asked < PATIENCE.told < PATIENCE.doubtful


def test_what_the_bot_can_answer_is_waited_for_less() -> None:
    assert allowed(PATIENCE, said("What do I owe?", grasped=0.95), None) == PATIENCE.served
    assert allowed(PATIENCE, said("What do I owe?", grasped=0.8), None) == PATIENCE.asked
    assert allowed(PATIENCE, said("My card is blocked.", grasped=0.95), None) == PATIENCE.told
    assert allowed(PATIENCE, said("I want another address.", grasped=0.5), None) == PATIENCE.told
    assert PATIENCE.served < PATIENCE.asked


def test_a_question_that_makes_sense_may_be_made_out_less_well_unless_the_voice_goes_on() -> None:
    assert allowed(PATIENCE, said("What do I owe?", 0.45, grasped=0.95), None) == PATIENCE.served
    assert allowed(PATIENCE, said("What do I owe?", 0.3, grasped=0.95), None) == PATIENCE.doubtful
    assert allowed(PATIENCE, said("What do I owe?", sounds=0.1, grasped=0.95), None) == PATIENCE.doubtful
    assert allowed(PATIENCE, said("my balance please", 0.5, 0.4, grasped=0.95), None) == PATIENCE.please


def test_complete_words_that_were_hardly_made_out_may_be_others() -> None:
    assert allowed(PATIENCE, said("Bye-bye", 0.2), None) == PATIENCE.told


def test_a_voice_that_goes_on_is_given_longer_and_words_that_do_much_longer() -> None:
    assert allowed(PATIENCE, said("What do I owe?", sounds=0.1), None) == PATIENCE.doubtful
    assert allowed(PATIENCE, said("My number is"), None) == PATIENCE.unfinished
    assert PATIENCE.told < PATIENCE.doubtful < PATIENCE.unfinished


def test_a_last_word_that_was_hardly_made_out_may_not_be_the_last() -> None:
    assert allowed(PATIENCE, said("I'd like to you.", 0.46), None) == PATIENCE.doubtful


def test_the_sound_is_asked_for_only_where_it_could_tell_something() -> None:
    for open_to_doubt in (said("I owe nothing."), said("What do I owe?")):
        assert doubtful(open_to_doubt, None)
    for sure in (said("My number is"), said("No."), said("I love it.", 0.3)):
        assert not doubtful(sure, None)
    assert not doubtful(said("Peter Sullivan"), Collecting("name"))


def test_digits_asked_for_are_waited_for_until_they_are_all_there() -> None:
    digits = Collecting("digits", patience=1.0, digits=6)
    assert allowed(PATIENCE, said("442"), digits) == 1.0
    assert allowed(PATIENCE, said("442 179", 0.3, 0.1), digits) == PATIENCE.whole
    assert allowed(PATIENCE, said("442 179"), Collecting("digits")) == PATIENCE.collecting
    assert allowed(PATIENCE, said("Peter"), Collecting("name")) == PATIENCE.collecting
    assert allowed(PATIENCE, said("No."), Collecting("name")) == PATIENCE.whole


@pytest.mark.parametrize(
    ("text", "what", "whole"),
    [
        ("the third", "date", False), ("on Monday the", "date", False), ("the third of March", "date", True),
        ("tomorrow", "date", True), ("in three weeks", "date", True), ("the 4th of May", "date", True),
        ("the 4th of May", "birthday", False), ("the 4th of May 1982", "birthday", True),
    ],
)  # fmt: skip
def test_a_date_wants_its_month_and_a_birthday_its_year(text: str, what: Given, whole: bool) -> None:
    seconds = allowed(PATIENCE, said(text), Collecting(what))
    assert (seconds <= PATIENCE.told) is whole
    assert whole or seconds == PATIENCE.collecting


@settings(max_examples=50)
@given(st.text(max_size=60), st.floats(0, 1), st.none() | st.floats(0, 1), st.floats(0, 1))
def test_whatever_is_said_the_pause_has_an_end(
    text: str, last_word: float, sounds: float | None, grasped: float
) -> None:
    for language in ("en", "fr"):
        for collecting in (None, Collecting("digits"), Collecting("date"), Collecting("name")):
            assert (
                0.3 < allowed(PATIENCE, SoFar(text, language, last_word, sounds, grasped), collecting) < 1.5
            )
