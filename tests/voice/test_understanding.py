import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.voice.bot_stand_ins import playbook, understanding
from voice.dialogue.classifier import Classifier, Sentence
from voice.dialogue.gloss import gloss
from voice.dialogue.ngrams import NGrams, Vocabulary, plain
from voice.dialogue.playbook import Language
from voice.dialogue.understanding import Understanding
from voice.sentence_views import learn_all, open_encoders
from voice.settings import VoiceSettings

DATA = Path(__file__).with_name("data")
HALVES = ("development", "final")


def rows(half: str, language: Language) -> list[dict[str, str]]:
    with (DATA / f"requests_{half}.tsv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in found if row["lang"] == language]


def shares(reader: Understanding, language: Language, half: str) -> tuple[float, float]:
    """Return the shares of requests placed right and of everything else declined."""
    said = rows(half, language)
    found = {row["text"]: [intent.name for intent in reader.read(row["text"], language)] for row in said}
    known = [row for row in said if row["intent"]]
    right = sum(found[row["text"]] == [row["intent"]] for row in known)
    declined = sum(not found[row["text"]] for row in said if not row["intent"])
    return right / len(known), declined / (len(said) - len(known))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sentences_are_held_out_and_enough(language: Language) -> None:
    book = playbook()
    taught = {plain(text) for part in book.taught.values() for text in part.examples[language]}
    taught |= {plain(text) for text in book.elsewhere[language]}
    said = [row for half in HALVES for row in rows(half, language)]
    counts = Counter(row["intent"] for row in said)
    assert set(counts) == {*book.taught, ""}
    assert min(counts.values()) >= 40
    assert not [row["text"] for row in said if plain(row["text"]) in taught]


@pytest.mark.parametrize(("language", "right", "declined"), [("en", 0.70, 0.85), ("fr", 0.70, 0.80)])
def test_by_words_alone_it_is_right_more_often_than_not(
    language: Language, right: float, declined: float
) -> None:
    measured = shares(understanding(), language, "development")
    assert measured[0] >= right
    assert measured[1] >= declined


HELD_OUT: list[tuple[str, Language, float, float]] = [
    ("development", "en", 0.95, 0.90),
    ("final", "en", 0.95, 0.90),
    ("unseen", "en", 0.96, 0.92),
    ("strangers", "en", 0.93, 0.92),
    ("development", "fr", 0.91, 0.78),
    ("final", "fr", 0.91, 0.92),
    ("unseen", "fr", 0.93, 0.92),
    ("strangers", "fr", 0.91, 0.92),
]


@pytest.mark.models
@pytest.mark.parametrize(("half", "language", "right", "declined"), HELD_OUT)
def test_with_the_sentence_model(half: str, language: Language, right: float, declined: float) -> None:
    encoders, shelf = open_encoders(VoiceSettings())
    assert encoders.multilingual
    reader = Understanding(playbook(), encoders, shelf)
    measured = shares(reader, language, half)
    assert measured[0] >= right
    assert measured[1] >= declined


@pytest.mark.models
def test_the_models_command_leaves_nothing_to_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    learn_all(VoiceSettings(), lambda _: None)
    monkeypatch.setattr(Classifier, "_learn", None)
    Understanding(playbook(), *open_encoders(VoiceSettings()))


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Où est mon remboursement ?", "where my refund"),
        ("Je ne peux pas payer vendredi.", "I cannot pay friday"),
        ("Vous remboursez quand ?", "you refund me when"),
        ("", ""),
    ],
)
def test_a_gloss_says_what_a_sentence_is_about(french: str, english: str) -> None:
    assert gloss(french) == english


def test_two_requests_are_read_in_the_order_said() -> None:
    found = understanding().read("When is my next payment? And what are your opening hours?", "en")
    assert [intent.name for intent in found] == ["next_payment_date", "opening_hours"]


@pytest.mark.parametrize("words", ["", "...", "xyzzy"])
def test_nothing_that_means_anything_is_nothing(words: str) -> None:
    assert understanding().read(words, "en") == ()


def test_the_same_examples_always_teach_the_same() -> None:
    texts = ["my balance", "what do I owe", "when do I pay", "next payment date", "nice weather", "a joke"]
    labels = ["balance", "balance", "date", "date", None, None]
    examples = [Sentence(text, text) for text in texts]
    one, other = (Classifier(examples, labels) for _ in range(2))
    asked = [Sentence("owe you", "owe you")]
    sure, as_sure = (each.confidences(asked, each.leanings(asked)) for each in (one, other))
    assert (sure == as_sure).all()
    assert one.labels == ("balance", "date")


def test_plain_words() -> None:
    assert plain("Euh, où est-il, MON remboursement ?") == "ou est il mon remboursement"
    assert plain("Um... what's my balance, erm?") == "what s my balance"


def test_unknown_words_weigh_nothing() -> None:
    grams = NGrams(Vocabulary.of(["my balance"]))
    assert not grams.embed(["zzz qqq"]).any()
    assert not grams.weigh(["zzz qqq"], np.ones((grams.embed([""]).shape[1], 2))).any()


def test_rows_have_unit_length_and_weigh_what_their_columns_do() -> None:
    texts = ["my balance", "your balance, your balance", "nothing of it"]
    grams = NGrams(Vocabulary.of(texts[:2]))
    rows = grams.embed(texts)
    np.testing.assert_allclose(np.linalg.norm(rows[:2], axis=1), 1, rtol=1e-6)
    weights = np.arange(2.0 * rows.shape[1]).reshape(-1, 2)
    np.testing.assert_allclose(grams.weigh(texts, weights), rows @ weights, rtol=1e-5)


def test_a_known_word_counts_less_among_unknown_ones() -> None:
    grams = NGrams(Vocabulary.of(["a flat", "my balance"]))
    alone, among = grams.embed(["flat", "bicycle flat tyre"])
    assert float(among @ alone) < 0.7 * float(alone @ alone)
