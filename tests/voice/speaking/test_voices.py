"""Which voice says which language of a line."""

import json
from pathlib import Path

import pytest

from voice.journal.clock import LoopClock
from voice.settings import VoiceSettings
from voice.speaking.espeak import Espeak
from voice.speaking.voice import VoiceError
from voice.speaking.voices import Voices


def piper_voice(path: Path, language: str) -> Path:
    """Write what looks like a Piper voice until it is loaded."""
    path.write_bytes(f"weights of {path.stem}".encode())
    path.with_name(f"{path.name}.json").write_text(json.dumps({"espeak": {"voice": language}}))
    return path


async def test_each_language_has_the_best_voice_there_is(tmp_path: Path) -> None:
    english = piper_voice(tmp_path / "english.onnx", "en-us")
    french = piper_voice(tmp_path / "french.onnx", "fr")
    voices = Voices(VoiceSettings(voice=english, cache=tmp_path), LoopClock())
    plain, own = voices.line(("en", "fr"), {}), voices.line(("en", "fr"), {"fr": french})
    assert plain.name("en").startswith("english-")
    assert plain.name("fr") == Espeak().name
    assert own.name("en") == plain.name("en")
    assert own.name("fr-CA").startswith("french-")
    voices.close()


async def test_an_endpoint_comes_before_the_local_voices(tmp_path: Path) -> None:
    settings = VoiceSettings(
        voice=piper_voice(tmp_path / "english.onnx", "en"),
        cache=tmp_path,
        voice_url="http://127.0.0.1:1/v1",
        voice_model="tts-1",
        voice_name="nova",
    )
    voices = Voices(settings, LoopClock())
    assert "tts-1 nova" in voices.line(("en", "fr"), {}).name("fr")
    await voices.disconnect()
    voices.close()


async def test_a_voice_of_another_language_is_refused_by_name(tmp_path: Path) -> None:
    english = piper_voice(tmp_path / "english.onnx", "en")
    voices = Voices(VoiceSettings(voice=english, cache=tmp_path), LoopClock())
    with pytest.raises(VoiceError, match=r"english\.onnx speaks 'en', not 'fr'"):
        voices.line(("en", "fr"), {"fr": english})
    voices.close()


async def test_other_weights_by_the_same_name_are_another_voice(tmp_path: Path) -> None:
    names = []
    for weights in (b"one", b"two"):
        folder = tmp_path / weights.decode()
        folder.mkdir()
        path = piper_voice(folder / "own.onnx", "en")
        path.write_bytes(weights)
        voices = Voices(VoiceSettings(voice=path, cache=tmp_path), LoopClock())
        names.append(voices.line(("en",), {}).name("en"))
        voices.close()
    assert len(set(names)) == 2
