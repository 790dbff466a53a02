"""Regular expressions compiled once and kept.

The lists of wordings are half a megabyte when spelt out. Python takes a second to compile that at each start,
and a tenth of it to read what it made of it; its public interface keeps no such thing, so this reaches behind
it. What is kept belongs to one version of Python. Anything that cannot be read is compiled anew.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]  # not in typeshed
from typing import Any, NamedTuple

import numpy as np
from loguru import logger

from voice import kept_file

VERSION = f"{sys.implementation.cache_tag}-{_compiler.MAGIC}"


class _Code(NamedTuple):
    flags: int
    groups: int
    names: dict[str, int]
    code: Sequence[int]


class _Keep(NamedTuple):
    read: dict[str, _Code]
    used: dict[str, _Code]


_open: ContextVar[_Keep | None] = ContextVar("kept expressions", default=None)


def compiled(expression: str) -> re.Pattern[str]:
    """Return what `re.compile` does; within `kept_in` at once where it is kept.

    Raises:
        re.error: it is no regular expression.
    """
    keep = _open.get()
    if keep is None:
        return re.compile(expression)
    made = keep.used[expression] = keep.read.get(expression) or _compile(expression)
    numbered: list[str | None] = [None] * (made.groups + 1)
    for name, number in made.names.items():
        numbered[number] = name
    pattern: re.Pattern[str] = _compiler._sre.compile(
        expression, made.flags, list(made.code), made.groups, made.names, tuple(numbered)
    )
    return pattern


@contextmanager
def kept_in(path: Path) -> Iterator[None]:
    """Use what is kept in a file; if that is not all, keep what was used, and nothing else."""
    keep = _Keep(_read(path), {})
    before = _open.set(keep)
    try:
        yield
    finally:
        _open.reset(before)
    if keep.used.keys() <= keep.read.keys():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept_file.write(path, _written(keep.used))
    except OSError as error:
        logger.warning("Compiled wordings are not kept in {}: {}", path, error.strerror)


def _compile(expression: str) -> _Code:
    parsed = _parser.parse(expression, 0)
    state = parsed.state
    return _Code(state.flags, state.groups - 1, dict(state.groupdict), _compiler._code(parsed, 0))


def _read(path: Path) -> dict[str, _Code]:
    kept = kept_file.arrays(path)
    try:
        index: list[Any] = json.loads(kept["index"].tobytes())
        version, *entries = index
        if version != VERSION:
            return {}
        codes = np.split(kept["code"], np.cumsum([entry[-1] for entry in entries])[:-1])
        return {
            expression: _Code(flags, groups, names, code.tolist())
            for (expression, flags, groups, names, _), code in zip(entries, codes, strict=True)
        }
    except (LookupError, ValueError, TypeError):
        return {}


def _written(used: dict[str, _Code]) -> bytes:
    index = [
        VERSION,
        *([name, made.flags, made.groups, made.names, len(made.code)] for name, made in used.items()),
    ]
    file = BytesIO()
    np.savez(
        file,
        index=np.frombuffer(json.dumps(index).encode(), np.uint8),
        code=np.concatenate([np.array(made.code, np.uint32) for made in used.values()]),
    )
    return file.getvalue()
