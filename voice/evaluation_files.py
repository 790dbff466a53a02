"""What the evaluations read and write: a line an item, and shares with their confidence intervals."""

import csv
from collections.abc import Iterable, Sequence
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
    for number, line in enumerate(_text(path).splitlines(), start=1):
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
    rows = csv.DictReader(_text(path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for column in columns:
        if column not in (rows.fieldnames or ()):
            raise click.ClickException(f"{path}:1: the header has no column `{column}`: add it.")
    return [{name: value or "" for name, value in row.items() if name} for row in rows]


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


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not UTF-8: save it as UTF-8.") from None
