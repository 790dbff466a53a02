"""Files that are made once and kept."""

from pathlib import Path

import numpy as np
import pytest

from voice import kept_file


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    kept_file.write(path, b"old")
    kept_file.write(path, b"new")
    assert path.read_bytes() == b"new"
    with pytest.raises(TypeError):
        kept_file.write(path, "no bytes")  # type: ignore[arg-type]  # what goes wrong half-way
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
    assert path.read_bytes() == b"new"


def test_a_damaged_file_holds_no_arrays(tmp_path: Path) -> None:
    path = tmp_path / "kept.npz"
    assert kept_file.arrays(path) == {}
    np.savez(path, one=np.arange(3))
    assert kept_file.arrays(path)["one"].tolist() == [0, 1, 2]
    path.write_bytes(path.read_bytes()[:40])
    assert kept_file.arrays(path) == {}


def test_large_files_differ_by_their_size_or_their_ends(tmp_path: Path) -> None:
    path, middle = tmp_path / "large", bytes(3 << 20)
    told = set()
    for content in (middle, middle + b"1", b"1" + middle, middle[:-1]):
        path.write_bytes(content)
        told.add(kept_file.edges(path))
    assert len(told) == 4
