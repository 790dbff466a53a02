from pathlib import Path

import faster_whisper
import pytest

from voice.models.location import MissingModel, language_weights, whisper_weights
from voice.models.named import NEEDED, NamedStep
from voice.models.steps import steps
from voice.settings import VoiceSettings


class Hub:
    """Fetches models that hold `files`, or fails as it is told."""

    def __init__(self, *files: str, failure: Exception | None = None) -> None:
        self.files, self.failure = files, failure
        self.fetched: list[str] = []

    def __call__(self, name: str, output_dir: str) -> str:
        self.fetched.append(name)
        Path(output_dir).mkdir(exist_ok=True)
        if self.failure:
            raise self.failure
        for file in self.files:
            Path(output_dir, file).write_text(name)
        return output_dir


def test_a_named_model_is_fetched_once_and_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(*NEEDED)
    monkeypatch.setattr(faster_whisper, "download_model", hub)
    settings = VoiceSettings(cache=tmp_path, whisper_model="acme/whisper-fr")
    [step] = [step for step in steps(settings) if isinstance(step, NamedStep)]
    assert not step.done()
    with pytest.raises(MissingModel, match=r"'acme/whisper-fr' cannot be found .*hookflash models"):
        whisper_weights(settings)
    step.prepare(lambda _: None)
    assert step.done()
    assert (whisper_weights(settings) / "model.bin").read_text() == "acme/whisper-fr"
    assert hub.fetched == ["acme/whisper-fr"]


@pytest.mark.parametrize(
    ("hub", "says"),
    [
        (Hub(failure=ValueError("Invalid model size 'smal'")), "HOOKFLASH_WHISPER_MODEL"),
        (Hub(failure=ConnectionError("no route")), "check the network"),
        (Hub("model.bin", "config.json"), "no tokenizer.json"),
    ],
)
def test_what_cannot_be_fetched_is_said_and_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hub: Hub, says: str
) -> None:
    monkeypatch.setattr(faster_whisper, "download_model", hub)
    step = NamedStep("smal", tmp_path / "named")
    with pytest.raises(MissingModel, match=says):
        step.prepare(lambda _: None)
    assert not step.done()
    assert not step.folder.exists()


def test_languages_have_their_own_models_by_name_or_folder(tmp_path: Path) -> None:
    folder, cache = tmp_path / "mine", tmp_path / "cache"
    named = cache / "whisper-named-small"
    for place in (folder, named):
        place.mkdir(parents=True)
        (place / "model.bin").touch()
    settings = VoiceSettings(cache=cache, whisper_languages={"fr": "small", "de": str(folder)})
    assert language_weights(settings) == {"fr": named, "de": folder}
    assert [step.name for step in steps(settings) if isinstance(step, NamedStep)] == ["small"]
    (folder / "model.bin").unlink()
    with pytest.raises(MissingModel, match="HOOKFLASH_WHISPER_LANGUAGES"):
        language_weights(settings)
