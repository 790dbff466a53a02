import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from voice.replay.command import replay

ROOT = Path(__file__).parents[3]


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *arguments: str) -> str:
    monkeypatch.setenv("HOOKFLASH_PLAYBOOKS", str(ROOT / "playbooks"))
    monkeypatch.setenv("HOOKFLASH_DATA", str(tmp_path))
    result = CliRunner().invoke(replay, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.models
@pytest.mark.timeout(150)
def test_the_same_call_twice_gives_the_same_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    once = run(monkeypatch, tmp_path, "asks_for_person", "--linger", "1")
    again = run(monkeypatch, tmp_path, "asks_for_person", "--linger", "1")
    digests = re.findall(r"^digest ([0-9a-f]{12})$", once + again, re.MULTILINE)
    assert len(digests) == 2
    assert len(set(digests)) == 1
    assert "triggered    asked" in once
    assert "x real time" in once


def test_a_recording_that_is_not_there_is_one_sentence() -> None:
    result = CliRunner().invoke(replay, ["nobody"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: There is no fixture 'nobody'")


def test_missing_models_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOOKFLASH_PLAYBOOKS", str(ROOT / "playbooks"))
    monkeypatch.setenv("HOOKFLASH_CACHE", str(tmp_path))
    result = CliRunner().invoke(replay, ["calm_contained"])
    assert result.exit_code == 1
    assert "run `hookflash models`" in result.output
