import csv
from pathlib import Path

import pytest

from tests.voice.bot_stand_ins import playbook, understanding
from voice.dialogue.classifier import Classifier
from voice.dialogue.ngrams import NGrams, plain
from voice.dialogue.playbook import Language
from voice.dialogue.understanding import Understanding
from voice.models import sentence_model
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import VoiceSettings

HELD_OUT = Path(__file__).with_name("data") / "requests_held_out.tsv"


def shares(reader: Understanding, language: Language) -> tuple[float, float]:
    """Return the shares of requests placed right and of everything else declined."""
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in rows if row["lang"] == language]
    known = [row for row in rows if row["intent"]]
    found = {row["text"]: [intent.name for intent in reader.read(row["text"], language)] for row in rows}
    right = sum(found[row["text"]] == [row["intent"]] for row in known)
    declined = sum(not found[row["text"]] for row in rows if not row["intent"])
    return right / len(known), declined / (len(rows) - len(known))


@pytest.mark.parametrize(("language", "right", "declined"), [("en", 0.70, 0.90), ("fr", 0.76, 0.85)])
def test_by_words_alone_it_is_right_more_often_than_not(
    language: Language, right: float, declined: float
) -> None:
    measured = shares(understanding(), language)
    assert measured[0] >= right
    assert measured[1] >= declined


@pytest.mark.models
@pytest.mark.parametrize(("language", "right", "declined"), [("en", 0.87, 0.92), ("fr", 0.76, 0.85)])
def test_with_the_sentence_model(language: Language, right: float, declined: float) -> None:
    encoder = SentenceEncoder(sentence_model(VoiceSettings()))
    measured = shares(Understanding(playbook(), encoder.embed), language)
    assert measured[0] >= right
    assert measured[1] >= declined


def test_two_requests_are_read_in_the_order_said() -> None:
    found = understanding().read("When is my next payment? And what are your opening hours?", "en")
    assert [intent.name for intent in found] == ["next_payment_date", "opening_hours"]


@pytest.mark.parametrize("words", ["", "...", "xyzzy"])
def test_nothing_that_means_anything_is_nothing(words: str) -> None:
    assert understanding().read(words, "en") == ()


def test_the_same_examples_always_teach_the_same() -> None:
    texts = ["my balance", "what do I owe", "when do I pay", "next payment date", "nice weather", "a joke"]
    labels = ["balance", "balance", "date", "date", None, None]
    one, other = (Classifier(texts, labels, None) for _ in range(2))
    assert (one.confidences(["owe you"]) == other.confidences(["owe you"])).all()
    assert one.labels == ("balance", "date")


def test_plain_words() -> None:
    assert plain("Euh, où est-il, MON remboursement ?") == "ou est il mon remboursement"
    assert plain("Um... what's my balance, erm?") == "what s my balance"


def test_unknown_words_weigh_nothing() -> None:
    assert not NGrams(["my balance"]).embed(["zzz qqq"]).any()
