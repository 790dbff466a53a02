"""YAML by the rules of 1.2, with the line of everything."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voice.yaml_file import Document, YamlError, load

_NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


def test_what_people_write_without_quotes_means_what_they_think() -> None:
    text = "answer: no\nopens: 09:30\nday: 2026-11-30\ncode: 0123\nshare: .5\n"
    text += "more: 1e3\nnothing:\nquoted: '7'\n"
    assert Document(text).content == {
        "answer": "no",
        "opens": "09:30",
        "day": "2026-11-30",
        "code": 123,
        "share": 0.5,
        "more": 1000.0,
        "nothing": None,
        "quoted": "7",
    }


def test_a_block_of_text_is_text() -> None:
    assert Document("says: |\n  5\n").content == {"says": "5\n"}


def test_everything_knows_its_line() -> None:
    document = Document("a:\n  b:\n    - x\n    - c: 1\n      d: 2\n")
    assert document.line(("a", "b", 1, "d")) == 5
    assert document.line(("a", "b", 7)) == 2, "the deepest part that is written down"
    assert document.line(()) == 1


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: [1\n", 3, "expected"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is written twice"),
        ("? [a, b]\n: 1\n", 1, "a name is a single word or text"),
        ("a: \x07", 1, ""),
        ("a: &x [1]\nb: [" + "*x, " * 1_002 + "]\n", 1, "too many aliases"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(YamlError) as error:
        Document(text)
    assert error.value.line == line
    assert problem in error.value.problem


@given(_VALUES)
def test_what_was_written_is_read_again(value: object) -> None:
    assert Document(yaml.safe_dump(value, allow_unicode=True)).content == value


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("dit: été\n", encoding="utf-8")
    assert load(path) == {"dit": "été"}
