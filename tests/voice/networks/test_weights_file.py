"""Reading the weights out of a CTranslate2 model file."""

import struct
from pathlib import Path

import numpy as np
import pytest

from voice.networks.weights_file import UnreadableWeights, read


def _string(text: str) -> bytes:
    raw = text.encode() + b"\0"
    return struct.pack("<H", len(raw)) + raw


def _variable(name: str, value: np.ndarray, kind: int) -> bytes:
    shape = struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
    raw = value.tobytes()
    return _string(name) + shape + struct.pack("<BI", kind, len(raw)) + raw


def file_of(*variables: bytes, aliases: tuple[tuple[str, str], ...] = (), version: int = 6) -> bytes:
    head = struct.pack("<I", version) + _string("WhisperSpec") + struct.pack("<I", 3)
    body = struct.pack("<I", len(variables)) + b"".join(variables)
    tail = b"".join(_string(alias) + _string(target) for alias, target in aliases)
    return head + body + struct.pack("<I", len(aliases)) + tail


def test_every_kind_is_read_and_aliases_name_the_same(tmp_path: Path) -> None:
    half = np.array([[1.5, -2.0]], "<f2")
    path = tmp_path / "model.bin"
    path.write_bytes(
        file_of(
            _variable("a/weight", half, 4),
            _variable("a/bias", np.array([0.25], "<f4"), 0),
            _variable("heads", np.array(8, "<i2"), 2),
            aliases=(("b/weight", "a/weight"),),
        )
    )
    found = read(path)
    assert np.array_equal(found["a/weight"], half)
    assert np.array_equal(found["b/weight"], half)
    assert float(found["a/bias"][0]) == 0.25
    assert int(found["heads"]) == 8


def test_weights_in_8_bits_are_multiplied_out(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    rounded, scale = np.array([[127, -64], [10, 20]], "i1"), np.array([127.0, 10.0], "<f4")
    path.write_bytes(file_of(_variable("w", rounded, 1), _variable("w_scale", scale, 0)))
    found = read(path)
    assert set(found) == {"w"}
    assert found["w"] == pytest.approx(np.array([[1.0, -64 / 127], [1.0, 2.0]]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model at all",
        file_of(version=3),
        file_of(_variable("a", np.zeros(4, "<f4"), 9)),
        file_of(_variable("a", np.zeros(4, "<f4"), 0))[:-12],
    ],
)
def test_any_other_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with pytest.raises(UnreadableWeights, match=r"model\.bin"):
        read(path)
