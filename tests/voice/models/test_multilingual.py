"""The multilingual sentence encoder, beside the package its weights come in."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from voice.models.multilingual import PACKAGE, Multilingual, multilingual_encoder
from voice.settings import VoiceSettings

pytestmark = pytest.mark.models
TEXTS = (
    "where is my refund",
    "Où en est mon remboursement ?",
    "yes",
    "I have moved, so could you send the invoice to the new address, please, and say what I still owe",
    "je voudrais parler à quelqu'un",
)


@pytest.fixture(scope="module")
def encoder() -> Multilingual:
    pytest.importorskip(PACKAGE)
    opened = multilingual_encoder(VoiceSettings().cache)
    assert isinstance(opened, Multilingual)
    return opened


def test_sentences_mean_what_the_package_makes_of_them(encoder: Multilingual) -> None:
    theirs = importlib.import_module(PACKAGE).USE(threads=1).encode(list(TEXTS))
    assert (encoder(TEXTS) * theirs).sum(axis=1).min() > 0.998


def test_a_sentence_means_the_same_in_any_company(encoder: Multilingual) -> None:
    together = encoder(TEXTS)
    assert together == pytest.approx(np.concatenate([encoder([text]) for text in TEXTS]), abs=1e-3)


def test_many_sentences_are_read_in_their_order(encoder: Multilingual) -> None:
    many = [f"{text} {number}" for number in range(30) for text in TEXTS]
    picked = (0, 71, 149)
    assert encoder(many)[list(picked)] == pytest.approx(encoder([many[place] for place in picked]), abs=1e-3)


def test_without_the_package_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.models.multilingual.PACKAGE", "no_such_package")
    assert multilingual_encoder(tmp_path) is None
