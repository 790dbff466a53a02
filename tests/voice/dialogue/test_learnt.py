"""What was learnt is learnt once, and anew when anything it rests on changes."""

from pathlib import Path

import numpy as np
import pytest

from voice.dialogue.learnt import Learnt, Shelf

TEXTS, LABELS = ["what do I owe", "good morning"], ["balance", None]


def learnt(share: float = 0.5) -> Learnt:
    figures = np.arange(6.0).reshape(3, 2)
    vectors = figures.astype(np.float32)
    return Learnt(np.array(share), vectors, vectors + 1, figures, figures + 1, figures + 2, np.ones(4))


def never() -> Learnt:
    raise AssertionError("learnt again")


def test_a_second_start_learns_nothing_anew(tmp_path: Path) -> None:
    first = Shelf(tmp_path / "learnt", "minilm").recall(Learnt, TEXTS, LABELS, learnt)
    second = Shelf(tmp_path / "learnt", "minilm").recall(Learnt, TEXTS, LABELS, never)
    for before, after in zip(first, second, strict=True):
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("encoder", "texts", "labels"),
    [
        ("other", TEXTS, LABELS),
        ("minilm", [*TEXTS[:1], "good evening"], LABELS),
        ("minilm", TEXTS, ["refund_status", None]),
    ],
)
def test_other_examples_or_another_encoder_are_learnt_anew(
    tmp_path: Path, encoder: str, texts: list[str], labels: list[str | None]
) -> None:
    Shelf(tmp_path, "minilm").recall(Learnt, TEXTS, LABELS, learnt)
    again = Shelf(tmp_path, encoder).recall(Learnt, texts, labels, lambda: learnt(0.2))
    assert again.left_out_accuracy == 0.2


def test_a_damaged_file_is_learnt_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "minilm")
    shelf.recall(Learnt, TEXTS, LABELS, learnt)
    (kept,) = tmp_path.glob("*.npz")
    kept.write_bytes(kept.read_bytes()[:40])
    assert shelf.recall(Learnt, TEXTS, LABELS, lambda: learnt(0.2)).left_out_accuracy == 0.2
    assert shelf.recall(Learnt, TEXTS, LABELS, never).left_out_accuracy == 0.2
