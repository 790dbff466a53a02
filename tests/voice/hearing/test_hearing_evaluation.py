"""Recordings with known words: read, scored, and heard by the command."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing.evaluation_command import hearing
from voice.hearing.recordings import ManifestError, read_manifest, telephoned
from voice.hearing.scoring import WordErrors, interval, pooled, word_errors
from voice.hearing.turn_scoring import TurnScore, score_turns
from voice.models import MissingModel, whisper_weights
from voice.settings import VoiceSettings

CALLS = Path(__file__).parents[3] / "audio_fixtures" / "calls"


def tone(seconds: float, rate: int, hertz: float = 400.0) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def highest(samples: np.ndarray) -> float:
    """Return the frequency that is loudest, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples[1000:7000].astype(float)))
    return float(spectrum.argmax()) * 16_000 / 6_000


def manifest(folder: Path, text: str) -> Path:
    (folder / "manifest.csv").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("kind", "rate"), [("wav", 8_000), ("flac", 16_000), ("flac", 44_100), ("wav", 48_000)]
)
def test_files_of_any_rate_come_down_the_line_alike(tmp_path: Path, kind: str, rate: int) -> None:
    soundfile.write(tmp_path / f"tone.{kind}", tone(0.5, rate), rate)
    [recording] = read_manifest(manifest(tmp_path, f"file,text\ntone.{kind},a tone\n"))
    samples = telephoned(recording)
    assert len(samples) == pytest.approx(8_000, abs=40)
    assert highest(samples) == pytest.approx(400, abs=3)


def test_one_side_of_a_stereo_file_is_heard_and_it_must_be_named(tmp_path: Path) -> None:
    both = np.stack([tone(0.5, 8_000, 400), tone(0.5, 8_000, 900)], axis=1)
    soundfile.write(tmp_path / "call.flac", both, 8_000)
    left, right, neither = read_manifest(
        manifest(tmp_path, "file,text,channel\ncall.flac,a,left\ncall.flac,b,right\ncall.flac,c,\n")
    )
    assert [highest(telephoned(side)) for side in (left, right)] == [
        pytest.approx(400, abs=3),
        pytest.approx(900, abs=3),
    ]
    with pytest.raises(ManifestError, match="is stereo: name its `channel`"):
        telephoned(neither)


def test_lines_of_one_file_are_its_turns(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(0.1, 8_000), 8_000)
    soundfile.write(tmp_path / "b.wav", tone(0.1, 8_000), 8_000)
    text = "file,text,lang,start,end\na.wav,hello,en,0.5,1\na.wav,and bye,en,2,3\nb.wav,salut,fr,0;4,1;5\n"
    first, second = read_manifest(manifest(tmp_path, text))
    assert (first.text, first.turns) == ("hello and bye", ((0.5, 1.0), (2.0, 3.0)))
    assert (second.language, second.turns) == ("fr", ((0.0, 1.0), (4.0, 5.0)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("file,words\na.wav,x\n", "no column `text`"),
        ("file,text\nb.wav,x\n", "manifest.csv:2: there is no file 'b.wav'"),
        ("file,text\n,x\n", "there is no file ''"),
        ("file,text,channel\na.wav,x,middle\n", "`channel` is 'middle'"),
        ("file,text,channel\na.wav,x,left\n", "has one channel: leave `channel` empty"),
        ("file,text,start,end\na.wav,x,1,\n", "needs an `end`"),
        ("file,text,start,end\na.wav,x,3,1\n", "needs an `end`"),
        ("file,text,start,end\na.wav,x,soon,2\n", "must be seconds"),
        ("file,text\nnoise.wav,x\n", "cannot be read as sound"),
    ],
)
def test_a_manifest_that_is_wrong_says_where(tmp_path: Path, text: str, says: str) -> None:
    soundfile.write(tmp_path / "a.wav", tone(0.1, 8_000), 8_000)
    (tmp_path / "noise.wav").write_bytes(b"no sound at all")
    with pytest.raises(ManifestError, match=says):
        telephoned(read_manifest(manifest(tmp_path, text))[0])


def test_a_folder_without_a_manifest_is_one_clear_error(tmp_path: Path) -> None:
    run = CliRunner().invoke(hearing, [str(tmp_path), "--out", str(tmp_path / "out.jsonl")])
    assert run.exit_code == 1
    assert "There is no readable manifest.csv" in run.output


@pytest.mark.parametrize(
    ("said", "heard", "language", "wrong", "of"),
    [
        ("I can't pay twenty-three pounds", "I can not pay £23.", "en", 0, 7),
        ("where is my refund", "Where's my refund?", "en", 0, 4),
        ("platforms one and three", "Platforms 1 and 3.", "en", 0, 4),
        ("no", "", "en", 1, 1),
        ("la mer jaune", "La mère jaune !", "fr", 1, 3),
    ],
)
def test_words_are_counted_however_they_are_spelt(
    said: str, heard: str, language: str, wrong: int, of: int
) -> None:
    assert word_errors(said, heard, language) == WordErrors(wrong, of)


def test_anything_heard_in_nothing_is_an_error() -> None:
    assert word_errors("", "", "en").rate == 0.0
    assert word_errors("", "thank you", "en").rate == 1.0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=20))
def test_the_interval_holds_the_share_and_is_the_same_each_time(counts: list[tuple[int, int]]) -> None:
    errors = [WordErrors(min(wrong, of), of) for wrong, of in counts]
    low, high = interval(errors)
    assert low - 1e-9 <= pooled(errors) <= high + 1e-9 or len(errors) < 5
    assert interval(errors) == (low, high)


def test_ends_that_are_missed_and_pauses_that_are_cut_are_counted() -> None:
    true = [(1.0, 3.0), (6.0, 8.0)]
    assert score_turns(true, [(1.1, 3.05), (6.1, 7.9)]) == TurnScore(2, 0, 0)
    assert score_turns(true, [(1.1, 2.0), (2.3, 3.0), (6.0, 8.0)]) == TurnScore(2, 0, 1)
    assert score_turns(true, [(1.1, 8.0)]) == TurnScore(2, 1, 0)
    assert score_turns([], [(1.0, 2.0)]) == TurnScore()


@pytest.mark.models
def test_the_command_hears_a_recording_and_compares(tmp_path: Path) -> None:
    try:
        whisper_weights(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))
    line = json.loads((CALLS / "calm_contained.json").read_text())["lines"][0]
    with wave.open(str(CALLS / "calm_contained.wav")) as file:
        rate = file.getframerate()
        file.setpos(int((line["start"] - 0.5) * rate))
        samples = np.frombuffer(file.readframes(int((line["end"] - line["start"] + 1.5) * rate)), "<i2")
    soundfile.write(tmp_path / "balance.flac", samples, rate)
    end = 0.5 + line["end"] - line["start"]
    manifest(tmp_path, f'file,text,start,end\nbalance.flac,"{line["text"]}",0.5,{end}\n')
    out = tmp_path / "out.jsonl"
    run = CliRunner().invoke(hearing, [str(tmp_path), "--out", str(out)])
    assert run.exit_code == 0, run.output
    [heard] = [json.loads(each) for each in out.read_text().splitlines()]
    assert heard["wer"] <= 0.1
    [[start, stop]] = heard["turns"]
    assert (start, stop) == (pytest.approx(0.5, abs=0.15), pytest.approx(end, abs=0.2))
    assert 0 < heard["cpu_seconds"] < heard["stock_cpu_seconds"]
    assert "1 true turns: 0 ends missed, 0 cuts" in run.output
