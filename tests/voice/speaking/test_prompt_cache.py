import asyncio
from pathlib import Path

import numpy as np
import pytest

from voice.speaking.prompts import PromptCache
from voice.speaking.voice import Samples, VoiceError


class CountingVoice:
    """Says each sentence as a tone of its own length, and counts."""

    def __init__(self, name: str = "tone") -> None:
        self.name = name
        self.said: list[tuple[str, str]] = []

    async def synthesise(self, text: str, language: str) -> Samples:
        self.said.append((text, language))
        await asyncio.sleep(0.01)
        if text == "mute":
            raise VoiceError("The voice is mute.")
        return np.arange(len(text) * 8, dtype=np.int16)


@pytest.fixture
def voice() -> CountingVoice:
    return CountingVoice()


async def test_a_sentence_is_rendered_once(voice: CountingVoice, tmp_path: Path) -> None:
    cache = PromptCache(voice, tmp_path)
    first = await cache.audio("Hello.", "en")
    assert (await cache.audio("Hello.", "en") == first).all()
    await cache.audio("Hello.", "fr")
    assert voice.said == [("Hello.", "en"), ("Hello.", "fr")]
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1


async def test_calls_that_want_it_at_once_share_one_rendering(voice: CountingVoice, tmp_path: Path) -> None:
    cache = PromptCache(voice, tmp_path)
    audios = await asyncio.gather(*(cache.audio("One moment please.", "en") for _ in range(5)))
    assert len(voice.said) == 1
    assert all((audio == audios[0]).all() for audio in audios)


async def test_prepared_prompts_outlive_the_process(voice: CountingVoice, tmp_path: Path) -> None:
    told: list[float] = []
    await PromptCache(voice, tmp_path / "prompts").prepare([("One.", "en"), ("Two.", "en")], told.append)
    assert told == [0.5, 1.0]
    again = PromptCache(voice, tmp_path / "prompts")
    await again.prepare([("One.", "en"), ("Two.", "en")])
    assert (await again.audio("Two.", "en") == np.arange(32)).all()
    assert len(voice.said) == 2


async def test_answers_to_a_caller_are_not_written_down(voice: CountingVoice, tmp_path: Path) -> None:
    cache = PromptCache(voice, tmp_path)
    await cache.audio("Your balance is twelve pounds.", "en")
    assert list(tmp_path.iterdir()) == []
    await cache.prepare([("Your balance is twelve pounds.", "en")])
    assert len(list(tmp_path.iterdir())) == 1
    assert len(voice.said) == 1


async def test_another_voice_renders_anew(voice: CountingVoice, tmp_path: Path) -> None:
    other = CountingVoice("other")
    await PromptCache(voice, tmp_path).prepare([("One.", "en")])
    await PromptCache(other, tmp_path).prepare([("One.", "en")])
    assert other.said == [("One.", "en")]


@pytest.mark.parametrize("content", [b"", b"RIFF nonsense", b"RIFF\x24\0\0\0WAVEfmt "])
async def test_a_damaged_file_is_rendered_again(voice: CountingVoice, tmp_path: Path, content: bytes) -> None:
    await PromptCache(voice, tmp_path).prepare([("One.", "en")])
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert len(await PromptCache(voice, tmp_path).audio("One.", "en")) == 32
    assert len(voice.said) == 2


async def test_memory_keeps_what_was_used_last(voice: CountingVoice, tmp_path: Path) -> None:
    cache = PromptCache(voice, tmp_path, capacity=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        await cache.audio(text, "en")
    assert [text for text, _ in voice.said] == ["a", "b", "c", "b"]


async def test_a_sentence_that_cannot_be_said_is_tried_again_next_time(
    voice: CountingVoice, tmp_path: Path
) -> None:
    cache = PromptCache(voice, tmp_path)
    for _ in range(2):
        with pytest.raises(VoiceError):
            await cache.audio("mute", "en")
    assert len(voice.said) == 2
    assert len(await cache.audio("fine", "en")) == 32
