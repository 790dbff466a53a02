import pytest

from voice.emotion.phrases import graded
from voice.emotion.wording import COLUMNS, LANGUAGES, features, normalised, shipped
from voice.emotion.wording_training import train

CALM = [
    ("en", "Hello, I'd like to know when my next payment is due."),
    ("en", "My husband died last week and I need to close his account."),
    ("en", "Somebody stole my card and spent nine hundred pounds, I think it's fraud."),
    ("en", "Sorry, my damn phone fell down. Could you say that again?"),
    ("en", "Oh that's wonderful, thank you so much!"),
    ("fr", "Bonjour, je voudrais savoir où en est mon remboursement."),
    ("fr", "Ma mère est décédée dimanche et je dois fermer son compte."),
    ("fr", "On m'a volé ma carte, il faut la bloquer s'il vous plaît."),
]
IRRITATED = [
    ("en", "Oh brilliant, another twenty minutes."),
    ("en", "I have already told you my number twice."),
    ("fr", "Ah bravo, encore vingt minutes."),
    ("fr", "Je vous l'ai déjà dit deux fois."),
]
ANGRY = [
    ("en", "I've been waiting for two hours, this is unacceptable."),
    ("en", "You people are useless. I want a manager right now!"),
    ("en", "You'll be hearing from my lawyer."),
    ("fr", "Ça fait deux heures que j'attends, c'est inadmissible !"),
    ("fr", "Vous vous moquez de moi, passez-moi un responsable tout de suite."),
]


@pytest.mark.parametrize(("language", "text"), CALM)
def test_calm_words_and_calm_reports_of_terrible_things(language: str, text: str) -> None:
    assert shipped().read(text, language).score < 0.3


@pytest.mark.parametrize(("language", "text"), IRRITATED)
def test_irritation_lies_between(language: str, text: str) -> None:
    assert 0.3 <= shipped().read(text, language).score < 0.8


@pytest.mark.parametrize(("language", "text"), ANGRY)
def test_anger_is_read(language: str, text: str) -> None:
    assert shipped().read(text, language).score >= 0.75


def test_the_sentence_that_says_it_is_quoted() -> None:
    said = shipped().read("I'm calling about my refund. This is a disgrace! My name is Miller.", "en-GB")
    assert said.quote == "This is a disgrace"
    assert "condemnation" in said.cues


def test_a_doubtful_transcript_counts_for_less() -> None:
    sure = shipped().read("this is unacceptable", "en", 0.9)
    assert shipped().read("this is unacceptable", "en", 0.3).score == pytest.approx(sure.score / 2, abs=1e-3)


@pytest.mark.parametrize("text", ["", "...", " ?! "])
def test_nothing_said_is_calm(text: str) -> None:
    assert shipped().read(text, "en").score == 0


def test_another_language_is_not_judged() -> None:
    assert shipped().read("das ist eine Unverschämtheit", "de").score == 0


def test_case_and_punctuation_do_not_matter() -> None:
    assert normalised("DON\u2019T you  dare!") == normalised("don't you dare") == "dont you dare"


def test_no_phrase_is_in_two_levels() -> None:
    for language in LANGUAGES:
        phrases = [text for text, _ in graded(language)]
        assert len(phrases) > 500
        levels: dict[str, set[int]] = {}
        for text, level in graded(language):
            levels.setdefault(normalised(text), set()).add(level)
        assert {text for text, found in levels.items() if len(found) > 1} == set()


def test_the_shipped_weights_are_what_training_gives() -> None:
    trained = train(languages=("fr",))
    for language, text in CALM + ANGRY:
        if language != "fr":
            continue
        again, stored = trained.read(text, language).score, shipped().read(text, language).score
        assert again == pytest.approx(stored, abs=0.01)


def test_features_stay_within_their_columns() -> None:
    columns, values = features("you bloody thieves", "en")
    assert len(columns) == len(values)
    assert columns.max() >= COLUMNS
