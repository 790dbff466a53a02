import csv
import json
import re
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from tests.voice.emotion.synthetic_voice import speak
from voice.emotion import calibration_command, evaluation_command, training_command
from voice.emotion.figures import auc, calibration_error, curve, detected_at, interval
from voice.emotion.model import load
from voice.evaluation import evaluate

PLAYBOOKS = Path(__file__).parents[3] / "playbooks"


def write(path: Path, samples: NDArray[np.float32]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return four speakers who speak four calm clips and two furious ones each; also calls of six turns."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "speaker", "emotion", "lang", "call", "turn", "text", "licence"])
        for speaker in range(4):
            for turn in range(6):
                angry = turn > 3
                pitch = 100 + 20 * speaker + (60 if angry else 0)
                clip = speak(
                    1.6, pitch=pitch, tilt=0.4 if angry else 1.2, rate=5 if angry else 3.5, noise=0.002,
                    seed=10 * speaker + turn,
                )  # fmt: skip
                name = f"{speaker}-{turn}.wav"
                write(folder / name, clip.samples[::2])
                words = (
                    "This is unacceptable, I want a manager right now" if turn == 5 else "my balance please"
                )
                emotion = "anger" if angry else "neutral"
                rows.writerow([name, speaker, emotion, "en", f"call{speaker}", turn, words, "ours"])
    return folder


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOOKFLASH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOOKFLASH_PLAYBOOKS", str(PLAYBOOKS))


def test_training_gives_the_same_file_and_a_card(corpus: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "first.npz", tmp_path / "second.npz"]
    for out in outs:
        done = CliRunner().invoke(training_command.anger, [str(corpus), "--out", str(out), "--prosody-only"])
        assert done.exit_code == 0, done.output
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert load(outs[0]).views["prosody"].spread[0] > 0
    card = outs[0].with_suffix(".md").read_text(encoding="utf-8")
    assert "| `corpus` | 24 | 8 | 4 | ours |" in card


def test_the_card_says_what_others_would_have_brought_and_the_model_has_none_of_them(
    corpus: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(corpus, other)
    outs = [tmp_path / "alone.npz", tmp_path / "beside.npz"]
    for out, more in zip(outs, ([], ["--beside", str(other)]), strict=True):
        arguments = [str(corpus), "--out", str(out), "--prosody-only", *more]
        assert CliRunner().invoke(training_command.anger, arguments).exit_code == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    cards = [out.with_suffix(".md").read_text(encoding="utf-8") for out in outs]
    assert "| `other` | 4 |" in cards[1]
    assert "with more speakers" not in cards[0]
    assert "| `corpus` | 4 |" in cards[0]


def test_evaluation_writes_a_line_a_clip_and_fires_once_a_call(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.jsonl"
    done = CliRunner().invoke(evaluation_command.anger, [str(corpus), "--out", str(out), "--prosody-only"])
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 24
    assert set(lines[0]) == {"file", "call", "turn", "voice", "wording", "anger", "fired", "why"}
    assert [line["turn"] for line in lines if line["fired"]] == [5, 5, 5, 5]
    assert "4 angry ones handed over" in done.output
    assert out.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")


def scores(out: Path, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """Evaluate; return the lines written and what was said."""
    done = CliRunner().invoke(evaluation_command.anger, [*arguments, "--out", str(out), "--prosody-only"])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], done.output


def test_evaluation_on_a_line_that_has_learnt_fires_for_the_voice_alone(corpus: Path, tmp_path: Path) -> None:
    calm, wordless = tmp_path / "calm", tmp_path / "wordless"
    for folder in (calm, wordless):
        shutil.copytree(corpus, folder)
    with (corpus / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    manifest(calm, [row for row in rows if int(row["turn"]) < 4])
    manifest(
        wordless, [{**row, "text": ""} for row in rows if row["call"] != "call3" or int(row["turn"]) < 4]
    )
    before, _ = scores(tmp_path / "before.jsonl", str(wordless))
    assert not any(line["fired"] for line in before)
    after, said = scores(tmp_path / "after.jsonl", str(wordless), "--calibrate-on", str(calm))
    assert "for 2 false calls in 100, learnt from 4 calls" in said
    assert [(line["call"], line["turn"]) for line in after if line["fired"]] == [
        (f"call{number}", 5) for number in range(3)
    ]
    assert all(line["why"] for line in after if line["fired"])
    assert re.search(r"AUC of the highest anger 1.000 \(1.000-1.000\)", said)


def manifest(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, rows[0])
        written.writeheader()
        written.writerows(rows)


def test_a_line_that_leaves_feelings_alone_is_not_evaluated(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "playbooks"
    shutil.copytree(PLAYBOOKS, own)
    line = own / "fjord-pay" / "line.yaml"
    text = line.read_text(encoding="utf-8")
    line.write_text(text.replace("    strong: 0.85", "    felt: false\n    strong: 0.85"), encoding="utf-8")
    monkeypatch.setenv("HOOKFLASH_PLAYBOOKS", str(own))
    out = tmp_path / "out.jsonl"
    done = CliRunner().invoke(evaluation_command.anger, [str(corpus), "--out", str(out), "--prosody-only"])
    assert done.exit_code == 1
    assert "thresholds.anger.felt: false" in done.output
    assert not out.exists()


def test_training_where_nothing_can_be_written_says_so_at_once(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "missing" / "anger.npz"
    done = CliRunner().invoke(training_command.anger, [str(corpus), "--out", str(out), "--prosody-only"])
    assert done.exit_code == 1
    assert "name another file with --out" in done.output


def test_calibration_teaches_the_line(corpus: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(calibration_command.anger, [str(corpus), "--line", "pay", "--prosody-only"])
    assert done.exit_code == 0, done.output
    assert "pay: threshold" in done.output
    assert "for 2 false calls in 100, learnt from 4 calls" in done.output
    state = json.loads((tmp_path / "data" / "lines" / "pay.json").read_text(encoding="utf-8"))
    assert state["calls"] == 4


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "There is no readable manifest.csv"),
        ("speaker\n1\n", "has no column `file`"),
        ("file\nmissing.wav\n", "manifest.csv:2 names no file that is there: missing.wav"),
    ],
)
def test_a_folder_that_is_no_corpus_is_refused_in_one_sentence(
    manifest: str | None, said: str, tmp_path: Path
) -> None:
    if manifest is not None:
        (tmp_path / "manifest.csv").write_text(manifest, encoding="utf-8")
    arguments = [str(tmp_path), "--out", str(tmp_path / "out.jsonl"), "--prosody-only"]
    done = CliRunner().invoke(evaluation_command.anger, arguments)
    assert done.exit_code == 1
    assert said in done.output


def test_too_little_to_train_on_is_said(corpus: Path, tmp_path: Path) -> None:
    lines = (corpus / "manifest.csv").read_text(encoding="utf-8").splitlines()
    (corpus / "manifest.csv").write_text("\n".join(lines[:7]), encoding="utf-8")
    arguments = [str(corpus), "--out", str(tmp_path / "m.npz"), "--prosody-only"]
    done = CliRunner().invoke(training_command.anger, arguments)
    assert done.exit_code == 1
    assert "too little to train on" in done.output


def test_groups_find_their_subjects() -> None:
    assert "anger" in CliRunner().invoke(evaluate, ["--help"]).output


def test_figures_of_known_scores() -> None:
    scores, truth = np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    assert auc(scores, truth) == 0.75
    assert detected_at(scores, truth) == 0.5
    assert calibration_error(np.array([0.0, 1.0]), np.array([False, True])) == 0.0
    assert curve(scores, truth)[-1] == (1.0, 1.0)
    low, high = interval(auc, scores, truth, np.array(["a", "b", "c", "d"]))
    assert 0 <= low <= high <= 1
