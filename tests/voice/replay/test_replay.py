import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from audio_fixtures import recording
from audio_fixtures.script import load
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


@pytest.mark.models
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "name", ["angry_voice", "angry_words", "cheerful_loud", "cools_down", "impatient_words"]
)
def test_anger_hands_over_in_its_turn_each_time_and_never_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    expected, lines = load(name).expect, recording.load(name).lines
    for _ in range(2):
        told = run(monkeypatch, tmp_path, name, "--linger", "1")
        fired = [
            (float(t), why) for t, why in re.findall(r"^ *([0-9.]+)  triggered +(\w+)", told, re.MULTILINE)
        ]
        assert [why for _, why in fired][:1] == list(expected.triggers)
        if expected.turn is not None:
            assert sum(line.start <= fired[0][0] for line in lines) == expected.turn


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
