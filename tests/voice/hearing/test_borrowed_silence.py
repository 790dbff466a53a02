"""The borrowed silence is encoded once for the weights there are."""

from pathlib import Path

import numpy as np
import pytest

from voice.hearing.borrowed_silence import Floats, recall


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    (tmp_path / "model.bin").write_bytes(b"some weights")
    return tmp_path


def encoding(value: float) -> Floats:
    return np.full((1, 4, 2), value, dtype=np.float32)


def fails() -> Floats:
    raise AssertionError("it was kept")


def test_it_is_made_once(weights: Path) -> None:
    assert np.array_equal(recall(weights, lambda: encoding(1)), encoding(1))
    assert np.array_equal(recall(weights, fails), encoding(1))


def test_other_weights_have_another(weights: Path) -> None:
    recall(weights, lambda: encoding(1))
    (weights / "model.bin").write_bytes(b"other weights")
    assert np.array_equal(recall(weights, lambda: encoding(2)), encoding(2))
    assert np.array_equal(recall(weights, fails), encoding(2))


@pytest.mark.parametrize("content", [b"", b"no such format", b"PK\x03\x04cut"])
def test_a_file_that_cannot_be_read_is_made_anew(weights: Path, content: bytes) -> None:
    (weights / "borrowed_silence.npz").write_bytes(content)
    assert np.array_equal(recall(weights, lambda: encoding(3)), encoding(3))
    assert np.array_equal(recall(weights, fails), encoding(3))


def test_without_a_folder_to_write_to_it_is_made_each_time(tmp_path: Path) -> None:
    assert np.array_equal(recall(tmp_path / "missing", lambda: encoding(4)), encoding(4))
