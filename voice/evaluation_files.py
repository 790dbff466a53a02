"""What the evaluations read and write: a line an item, and shares with their confidence intervals."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from math import sqrt
from pathlib import Path
from typing import TypeVar

import click
import msgspec

T = TypeVar("T")

_Z = 1.96
"""Of the normal distribution's middle 95 %."""


def read_lines(path: Path, kind: type[T]) -> list[T]:
    """Read a file of one JSON object a line.

    Raises:
        click.ClickException: it cannot be read; the sentence names the line.
    """
    items = []
    decoder = msgspec.json.Decoder(kind)
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            items.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise click.ClickException(f"{path}:{number}: {error}.") from None
    return items


def read_table(path: Path, *columns: str) -> list[dict[str, str]]:
    """Read a file of tab-separated columns under a header.

    Raises:
        click.ClickException: it cannot be read, or one of `columns` is missing.
    """
    header, *rows = (line.split("\t") for line in _lines(path))
    for column in columns:
        if column not in header:
            raise click.ClickException(f"{path}:1: the header has no column `{column}`: add it.")
    return [dict(zip_longest(header, row[: len(header)], fillvalue="")) for row in rows if row != [""]]


def write_lines(path: Path, items: Iterable[object]) -> None:
    """Write one JSON object a line.

    Raises:
        click.ClickException: the file cannot be written.
    """
    try:
        path.write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in items))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}).") from None


def interval(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    part, square = right / of, _Z**2 / of
    middle = (part + square / 2) / (1 + square)
    half = _Z * sqrt(part * (1 - part) / of + square / (4 * of)) / (1 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def share(what: str, right: Sequence[bool]) -> str:
    """Return one line of a summary."""
    low, high = interval(sum(right), len(right))
    part = sum(right) / len(right)
    return f"{what}: {sum(right)} of {len(right)}, {part:.1%} (95 % CI {low:.1%} to {high:.1%})"


def _lines(path: Path) -> list[str]:
    """Return the lines of a file: a line feed ends one, and nothing else that Unicode would let end it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not UTF-8: save it as UTF-8.") from None
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
