"""`hookflash train answers`: a folder of clips and what they say in, weights out."""

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from voice import wave_file
from voice.hearing import training_command
from voice.hearing.short_answers import load

RATE = 8_000
TONES = {"yes": 300, "no": 600, **{digit: 900 + 200 * int(digit) for digit in "0123456789"}, "boat": 450}


class HearsTones:
    """In place of Whisper: a frame of 20 ms is its spectrum up to 3.2 kHz."""

    def __init__(self, weights: Path, threads: int) -> None:
        self.fingerprint = np.ones(64, np.float32)

    def frames(self, samples: np.ndarray) -> np.ndarray:
        whole = samples[: len(samples) // 320 * 320].reshape(-1, 320)
        return np.abs(np.fft.rfft(whole))[:, :64].astype(np.float32)


def tone(word: str, chance: np.random.Generator) -> np.ndarray:
    seconds = np.arange(int(RATE * 0.3)) / RATE
    return 3000 * np.sin(2 * np.pi * TONES[word] * seconds * chance.uniform(0.99, 1.01))


def said(words: str | list[str], seed: int) -> tuple[np.ndarray, str]:
    """Words with quiet between, and the seconds at which they may be cut."""
    chance = np.random.default_rng(seed)
    quiet = np.zeros(RATE // 10)
    pcm = np.concatenate([np.concatenate([tone(word, chance), quiet]) for word in words])
    cuts = " ".join(f"{0.4 * place - 0.05:.2f}" for place in range(1, len(words)))
    return (pcm + chance.standard_normal(len(pcm)) * 3).astype(np.int16), cuts


def folder_of_clips(folder: Path, rate: int = RATE) -> Path:
    lines: list[tuple[str, ...]] = []

    def add(words: list[str], word: str, value: str) -> None:
        pcm, cuts = said(words, len(lines))
        name = f"{len(lines)}.wav"
        wave_file.write(folder / name, pcm, rate)
        lines.append((name, "en", word, value, cuts if len(words) > 1 else ""))

    for _ in range(6):
        for word in ("yes", "no", *"0123456789"):
            add([word], word, word)
        add(["boat"], "", "")
        add(list("0123456789"), "", "0123456789")
        add(list("9876543210"), "", "9876543210")
        add(["boat", "boat", "boat"], "", "")
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "lang", "word", "value", "cuts"), *lines])
    return folder


def trained(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(training_command, "Whisper", HearsTones)
    monkeypatch.setattr(training_command, "whisper_weights", lambda settings: folder)
    return CliRunner().invoke(training_command.answers, [str(folder), "--out", str(out)])


def test_single_answers_and_rows_are_learnt_from_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = trained(folder_of_clips(tmp_path), tmp_path / "weights.npz", monkeypatch)
    assert done.exit_code == 0, done.output
    assert "12 rows" in done.output
    learnt = load(tmp_path / "weights.npz")
    assert learnt is not None
    words, rows = learnt.words("en"), learnt.digits_in_rows("en")
    assert words is not None
    assert rows is not None
    assert set(words.values) == {"", "yes", "no", *"0123456789"}
    assert set(rows.values) == {"", *"0123456789"}


def test_a_clip_at_another_rate_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = trained(folder_of_clips(tmp_path, 16_000), tmp_path / "weights.npz", monkeypatch)
    assert done.exit_code == 1
    assert "0.wav has 16000 Hz: convert it to 8000." in done.output
    assert not (tmp_path / "weights.npz").exists()
