import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import published_intents
from voice.dialogue.learnt import Encoders

ASKED = ["what is my balance", "how much do I have", "where is my card", "when does the card come"]


def alike(texts: Sequence[str], /) -> NDArray[np.float32]:
    """Return vectors that tell the card from the rest."""
    return np.array([[1, 0] if "card" in text else [0, 1] for text in texts], dtype=np.float32)


ENCODERS = Encoders(alike, alike)


def test_f1_counts_every_intent_of_every_sentence() -> None:
    truth = np.array([[True, True], [False, True]])
    assert published_intents.f1(truth, truth) == 1.0
    assert published_intents.f1(np.array([[True, False], [True, True]]), truth) == pytest.approx(2 / 3)
    assert published_intents.f1(~truth, np.zeros_like(truth)) == 0.0


def test_the_threshold_is_where_f1_is_best() -> None:
    scores = np.array([[0.6, -0.4], [-0.2, 0.3]])
    limit = published_intents.threshold(scores, np.array([[True, False], [False, True]]))
    assert -0.2 < limit <= 0.3


def test_folds_are_learnt_alone_and_tested_on_the_others(tmp_path: Path) -> None:
    for number in range(4):
        fold = [
            {"text": f"{text} {number}", "intents": ["card" if "card" in text else "balance"]}
            for text in ASKED
        ]
        (tmp_path / f"fold{number}.json").write_text(json.dumps([*fold, {"text": "hm"}]))
    figures = dict(published_intents.nlupp(tmp_path, ENCODERS, quick=False))
    assert (figures["nlupp_sentences"], figures["nlupp_intents"], figures["nlupp_folds"]) == (20, 2, 4)
    assert figures["nlupp_20_fold_f1"] > 80
    assert figures["nlupp_10_fold_f1"] > 80


def test_ten_examples_an_intent_are_drawn() -> None:
    labels = np.repeat([0, 1, 2], (30, 12, 10))
    drawn = published_intents._few(labels, np.random.default_rng(0))
    assert np.bincount(labels[drawn]).tolist() == [10, 10, 10]
    assert len(set(drawn)) == 30


def test_without_the_sets_each_is_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOKFLASH_CORPORA", raising=False)
    assert published_intents.figures(quick=True) == {
        "text/nlupp/banking": "skipped: not in HOOKFLASH_CORPORA",
        "text/banking77": "skipped: not in HOOKFLASH_CORPORA",
    }
