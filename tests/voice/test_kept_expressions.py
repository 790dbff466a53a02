"""Regular expressions that are kept find what those compiled anew find, and what is damaged is made again."""

import re
from pathlib import Path

import pytest

from voice import kept_expressions
from voice.kept_expressions import compiled, kept_in

EXPRESSIONS = [r"\b(?:agent|person)s?(?! of)\b", r"(?P<day>\d+)(?:st|nd)|(x)", "é+|[à-ü]", "(?i)Please"]
TEXTS = ["two persons", "agent of mine", "the 2nd of", "fiancée", "PLEASE", ""]


def _compiled(path: Path) -> list[re.Pattern[str]]:
    with kept_in(path):
        return [compiled(expression) for expression in EXPRESSIONS]


def _fail(expression: str) -> None:
    raise AssertionError(f"compiled again: {expression}")


def test_finds_the_same_when_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cache" / "kept.npz"
    first = _compiled(path)
    monkeypatch.setattr(kept_expressions, "_compile", _fail)
    second = _compiled(path)
    for expression, made, kept in zip(EXPRESSIONS, first, second, strict=True):
        pattern = re.compile(expression)
        for text in TEXTS:
            spans = [found.span() for found in pattern.finditer(text)]
            assert [found.span() for found in made.finditer(text)] == spans
            assert [found.span() for found in kept.finditer(text)] == spans
        assert kept.groupindex == pattern.groupindex
        assert (kept.groups, kept.flags, kept.pattern) == (pattern.groups, pattern.flags, pattern.pattern)


@pytest.mark.parametrize("damage", ["cut", "other version", "nonsense"])
def test_what_cannot_be_read_is_compiled_anew(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.npz"
    _compiled(path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "nonsense":
        path.write_bytes(b"nonsense")
    else:
        monkeypatch.setattr(kept_expressions, "VERSION", "another")
    assert _compiled(path)[0].search("an agent")
    monkeypatch.setattr(kept_expressions, "_compile", _fail)
    _compiled(path)


def test_keeps_only_what_is_used(tmp_path: Path) -> None:
    path = tmp_path / "kept.npz"
    _compiled(path)
    size = path.stat().st_size
    with kept_in(path):
        compiled("new")
    assert path.stat().st_size < size


def test_a_folder_that_cannot_be_written_costs_no_more_than_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert _compiled(tmp_path / "file" / "kept.npz")[0].search("an agent")


def test_is_plain_re_elsewhere() -> None:
    assert compiled("a|b") == re.compile("a|b")
