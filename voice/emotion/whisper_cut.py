"""A CTranslate2 Whisper file cut after an early encoder layer, so that its encoder shows that layer.

CTranslate2 counts layers by the variables it finds: with `encoder/layer_N` left out from some N on, the
encoder's output is layer N-1 behind the final normalisation. The decoder is never run; one layer of it
stays, because the format wants one. Layout of the file: `ctranslate2.specs.model_spec`, version 6.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

_KNOWN_VERSIONS = (5, 6)


class UnreadableWeights(ValueError):  # noqa: N818  (it is the weights that cannot be read)
    """The file is no CTranslate2 Whisper model this can cut; one sentence says why."""


def cut_after(path: Path, layer: int) -> bytes:
    """Return the model file with only its first `layer` encoder layers.

    Args:
        path: a `model.bin` of a Whisper model converted for CTranslate2.
        layer: how many layers stay, from 1.

    Raises:
        UnreadableWeights: the file has another layout or fewer layers.
        OSError: it cannot be read.
    """
    data = memoryview(path.read_bytes())
    try:
        head, variables, tail = _parse(data)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise UnreadableWeights(f"{path} is not a CTranslate2 model file this version can read.") from error
    names = {name for name, _ in variables}
    if not any(name.startswith(f"encoder/layer_{layer - 1}/") for name in names):
        raise UnreadableWeights(f"{path} has no encoder layer {layer}: it is not a Whisper model.")
    kept = [raw for name, raw in variables if _stays(name, layer)]
    out = BytesIO()
    out.write(head)
    out.write(struct.pack("<I", len(kept)))
    for raw in kept:
        out.write(raw)
    gone = {name for name, _ in variables if not _stays(name, layer)}
    aliases = [raw for alias, target, raw in tail if _stays(alias, layer) and target not in gone]
    out.write(struct.pack("<I", len(aliases)))
    for raw in aliases:
        out.write(raw)
    return out.getvalue()


def _stays(name: str, layer: int) -> bool:
    part, _, rest = name.partition("/layer_")
    number = rest.partition("/")[0]
    if not number.isdigit():
        return True
    return int(number) < (layer if part == "encoder" else 1)


_Variables = list[tuple[str, memoryview]]
_Aliases = list[tuple[str, str, memoryview]]


def _parse(data: memoryview) -> tuple[memoryview, _Variables, _Aliases]:
    """Return the bytes before the variables' count, each variable and each alias with its own bytes."""
    (version,) = struct.unpack_from("<I", data)
    if version not in _KNOWN_VERSIONS:
        raise ValueError(f"version {version}")
    _, at = _string(data, 4)
    at += 4
    head = data[:at]
    variables = list(_variables(data, at))
    at += 4 + sum(len(raw) for _, raw in variables)
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    aliases: _Aliases = []
    for _ in range(count):
        start = at
        alias, at = _string(data, at)
        target, at = _string(data, at)
        aliases.append((alias, target, data[start:at]))
    return head, variables, aliases


def _variables(data: memoryview, at: int) -> Iterator[tuple[str, memoryview]]:
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    for _ in range(count):
        start = at
        name, at = _string(data, at)
        (rank,) = struct.unpack_from("<B", data, at)
        at += 1 + 4 * rank + 1
        (size,) = struct.unpack_from("<I", data, at)
        at += 4 + size
        if at > len(data):
            raise ValueError("truncated")
        yield name, data[start:at]


def _string(data: memoryview, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<H", data, at)
    at += 2
    return bytes(data[at : at + size - 1]).decode(), at + size
