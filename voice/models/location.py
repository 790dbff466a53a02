"""Where prepared models lie in the cache, and what to say when one is not there."""

from pathlib import Path

from voice.settings import PREFIX, VoiceSettings

WHISPER = "whisper-base"
VOICE = "piper-joe"
VOICE_FILE = "en_US-joe-medium.onnx"
SENTENCES = "minilm-l6-v2"
SENTENCES_FILE = "encoder.onnx"
CUT_VOICES = "voices"
"""Folder of the halves of Piper voices."""


class MissingModel(RuntimeError):  # noqa: N818  (it is the model that is missing)
    """A model cannot be found or made; the message is one sentence with what mends it."""


def whisper_weights(settings: VoiceSettings) -> Path:
    """Return the folder of Whisper weights for CTranslate2 (`model.bin`, `tokenizer.json`, ...).

    Raises:
        MissingModel: there are none.
    """
    if settings.whisper_model:
        return named_weights(settings, settings.whisper_model)
    return encoder_weights(settings)


def encoder_weights(settings: VoiceSettings) -> Path:
    """Return the folder of the weights whose encoder anger is heard with; not those of a model by name.

    Raises:
        MissingModel: there are none.
    """
    if settings.whisper_weights is not None:
        return _own(settings.whisper_weights, "model.bin", "WHISPER_WEIGHTS")
    return _prepared(settings.cache / WHISPER, "model.bin", "The Whisper weights")


def language_weights(settings: VoiceSettings) -> dict[str, Path]:
    """Return the folders of weights for the languages that have their own.

    Raises:
        MissingModel: one is not there.
    """
    return {language: _chosen(settings, chosen) for language, chosen in settings.whisper_languages.items()}


def named_weights(settings: VoiceSettings, name: str) -> Path:
    """Return the folder of a model of faster-whisper's.

    Raises:
        MissingModel: it is not prepared.
    """
    return _prepared(named_folder(settings, name), "model.bin", f"The Whisper model {name!r}")


def named_folder(settings: VoiceSettings, name: str) -> Path:
    """Return where a model of faster-whisper's is kept."""
    return settings.cache / f"whisper-named-{name.replace('/', '--')}"


def voice_files(settings: VoiceSettings) -> Path:
    """Return the Piper voice's `.onnx` file; its `.onnx.json` lies beside it.

    Raises:
        MissingModel: either is not there.
    """
    voice = settings.voice
    if voice is None:
        folder = _prepared(settings.cache / VOICE, f"{VOICE_FILE}.json", "The voice")
        return folder / VOICE_FILE
    for path in (voice, voice.with_name(f"{voice.name}.json")):
        _own(path.parent, path.name, "VOICE")
    return voice


def sentence_model(settings: VoiceSettings) -> Path:
    """Return the folder of the sentence encoder (`encoder.onnx`, `tokenizer.json`).

    Raises:
        MissingModel: it is not prepared.
    """
    return _prepared(settings.cache / SENTENCES, SENTENCES_FILE, "The sentence model")


def _chosen(settings: VoiceSettings, chosen: str) -> Path:
    folder = Path(chosen).expanduser()
    if folder.is_dir():
        return _own(folder, "model.bin", "WHISPER_LANGUAGES")
    return named_weights(settings, chosen)


def _prepared(folder: Path, file: str, what: str) -> Path:
    if not (folder / file).is_file():
        raise MissingModel(f"{what} cannot be found in {folder}: run `hookflash models`.")
    return folder


def _own(folder: Path, file: str, setting: str) -> Path:
    if not (folder / file).is_file():
        raise MissingModel(f"There is no {file} in {folder}: mend {PREFIX}{setting}, or leave it unset.")
    return folder
