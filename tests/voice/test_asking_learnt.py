"""Who asks for a person, by what many people said; the sentences here taught nothing."""

import csv
from functools import cache
from pathlib import Path

import pytest

from tests.voice.bot_stand_ins import playbook
from voice.dialogue.playbook import Language
from voice.sentence_views import open_encoders
from voice.settings import VoiceSettings
from voice.takeover.asking_learnt import ASKS, Asking

pytestmark = pytest.mark.models
DATA = Path(__file__).with_name("data")
FINAL = ("asking_strangers_final", "asking_second_final", "asking_third_final")


@cache
def asking() -> Asking:
    encoders, shelf = open_encoders(VoiceSettings())
    return Asking(playbook(), encoders.multilingual, shelf)


def share(asks: str) -> float:
    taken = []
    for name in FINAL:
        with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            rows = [
                row
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["asks"] == asks
            ]
        taken += [
            asking().chance(row["text"], playbook().language_or_default(row["lang"])) >= ASKS for row in rows
        ]
    return sum(taken) / len(taken)


def test_strangers_who_ask_are_heard_and_those_who_mention_people_are_not_handed_over() -> None:
    # 97.9 % and 1.1 % when these were read; docs/understanding.md has each set's.
    assert share("1") >= 0.97
    assert share("0") <= 0.015


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("agent", "en"),
        ("Agent!", "en"),
        ("un conseiller", "fr"),
        ("a real person please", "en"),
        ("what do I owe, no wait, just put me through to somebody", "en"),
    ],
)
def test_one_plain_word_is_enough(words: str, language: Language) -> None:
    assert asking().chance(words, language) >= ASKS


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Your man on the chat said the parcel left on Sunday.", "en"),
        ("je voudrais postuler comme opérateur chez vous", "fr"),
        ("", "en"),
        ("...", "fr"),
    ],
)
def test_who_only_tells_of_people_is_answered_by_the_bot(words: str, language: Language) -> None:
    assert asking().chance(words, language) < ASKS


def test_the_words_that_asked_are_the_evidence() -> None:
    words = asking().said("An agent told me to wait, so put me through to somebody!", "en")
    assert words == "put me through to somebody"


def test_without_an_encoder_it_goes_by_the_words() -> None:
    alone = Asking(playbook())
    assert alone.chance("put me through to a person", "en") >= ASKS
    assert alone.chance("where is my refund", "en") < ASKS
