import json
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from click.testing import CliRunner

from tests.voice.bot_stand_ins import playbook, understanding
from voice.dialogue.promises_command import promises
from voice.evaluation_files import interval, read_lines, read_table
from voice.settings import load_settings
from voice.takeover import dialogues_command, wording_command
from voice.takeover.similarity import Similarity
from voice.text_line import TextLine

DATA = Path(__file__).with_name("data")


@pytest.fixture(autouse=True)
def _by_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def line(name: str | None) -> TextLine:
        return TextLine(load_settings(), playbook(), understanding(), Similarity())

    monkeypatch.setattr(dialogues_command, "open_line", line)
    monkeypatch.setattr(wording_command, "open_line", line)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_dialogues_are_answered_in_order(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(
        dialogues_command.dialogues, [str(DATA / "dialogues.jsonl"), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert "of 13" in result.output
    kinds = {line["id"]: [why["kind"] for why in line["triggers"]] for line in lines(out)}
    assert kinds["asks"][0] == "asked"
    assert kinds["calm"] == []
    assert kinds["missed"] == ["not_understood"]
    assert "amount" in kinds["amount"]
    assert kinds["failed"] == kinds["failed_offered"] == ["bot_failed"]
    assert kinds["again"] == kinds["again_offered"] == kinds["again_after_a_question"] == ["repeated"]
    assert kinds["two_orders"] == kinds["filling_in"] == []
    assert [line["id"] for line in lines(out)] == [line["id"] for line in lines(DATA / "dialogues.jsonl")]


def test_wording_reads_every_row(tmp_path: Path) -> None:
    table, out = tmp_path / "in.tsv", tmp_path / "out.jsonl"
    table.write_text(
        "lang\ttext\tasks\tintent\n"
        "en\tPut me through to somebody\t1\t\n"
        "fr\tQuel est mon solde ?\t0\tbalance\n"
        "en\tWho won the match\t0\t\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(wording_command.wording, [str(table), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "asks found: 1 of 1" in result.output
    assert [line["wants_human"] >= 0.5 for line in lines(out)] == [True, False, False]
    assert lines(out)[1]["intents"]


def test_promises_are_judged_line_by_line(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(promises, [str(DATA / "promises.jsonl"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "unsupported texts held back" in result.output
    assert all(line["why"] for line in lines(out))


@pytest.mark.parametrize(
    ("content", "named"), [("{", "in.jsonl:1"), ('{"id": 1}', "lang"), ("\n\n{}", "in.jsonl:3")]
)
def test_a_bad_line_is_named(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(promises, [str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert named in result.output


SEPARATOR = "\N{LINE SEPARATOR}\x0b\x85\r"


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_bytes(f"lang\ttext\tintent\r\nen\tone{SEPARATOR}two\r\n\nfr\tun\tx\tmore\n".encode())
    assert read_table(file, "lang", "text") == [
        {"lang": "en", "text": f"one{SEPARATOR}two", "intent": ""},
        {"lang": "fr", "text": "un", "intent": "x"},
    ]
    file.write_bytes(b'{"text": "one\xe2\x80\xa8two"}\n{"text": "three"}')
    assert [item["text"] for item in read_lines(file, dict)] == ["one\u2028two", "three"]


def test_an_empty_table_is_missing_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_text("")
    with pytest.raises(ClickException, match="no column `lang`"):
        read_table(file, "lang")


def test_intervals_hold_the_share() -> None:
    low, high = interval(98, 100)
    assert 0.92 < low < 0.98 < high < 1.0
    assert interval(0, 0) == (0.0, 1.0)
