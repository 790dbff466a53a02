import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from voice.speaking.line_voice import LineVoice
from voice.speaking.prompts import PromptCache
from voice.speaking.voice import SAMPLE_RATE, Due, Speech, VoiceError, whole


class CountingVoice:
    """Says each sentence as a ramp of its own length in two halves, and counts."""

    def __init__(self, name: str = "tone") -> None:
        self.name = name
        self.said: list[tuple[str, str]] = []
        self.dues: list[Due] = []
        self.gate = asyncio.Event()
        self.gate.set()
        """The second half waits for it."""

    async def speak(self, text: str, language: str, due: Due) -> Speech:
        self.said.append((text, language))
        self.dues.append(due)
        await asyncio.sleep(0.01)
        if text == "mute":
            raise VoiceError("The voice is mute.")
        return Speech(len(text) * 8, self._halves(np.arange(len(text) * 8, dtype=np.int16)))

    async def _halves(
        self, samples: "np.ndarray[tuple[int], np.dtype[np.int16]]"
    ) -> AsyncIterator["np.ndarray[tuple[int], np.dtype[np.int16]]"]:
        yield samples[: len(samples) // 2].copy()
        await self.gate.wait()
        yield samples[len(samples) // 2 :].copy()


@pytest.fixture
def voice() -> CountingVoice:
    return CountingVoice()


def line(voice: CountingVoice, folder: Path, seconds: float = 60.0) -> LineVoice:
    return LineVoice({"en": (voice,), "fr": (voice,)}, PromptCache(folder, seconds))


async def test_a_sentence_is_rendered_once(voice: CountingVoice, tmp_path: Path) -> None:
    spoken = line(voice, tmp_path)
    await spoken.audio("Hello.", "en")
    again = [chunk async for chunk in (await spoken.speech("Hello.", "en", Due())).chunks]
    assert [list(chunk) for chunk in again] == [list(range(48))]
    await spoken.audio("Hello.", "fr")
    assert voice.said == [("Hello.", "en"), ("Hello.", "fr")]
    with pytest.raises(ValueError, match="read-only"):
        again[0][0] = 1


async def test_the_beginning_is_there_before_the_end_and_its_length_before_both(
    voice: CountingVoice, tmp_path: Path
) -> None:
    voice.gate.clear()
    speech = await line(voice, tmp_path).speech("Hello.", "en", Due())
    assert speech.samples == 48
    chunks = aiter(speech.chunks)
    assert list(await anext(chunks)) == list(range(24))
    voice.gate.set()
    assert list(await anext(chunks)) == list(range(24, 48))


async def test_calls_that_want_it_at_once_share_one_rendering_and_the_most_urgent_hurries_it(
    voice: CountingVoice, tmp_path: Path
) -> None:
    spoken = line(voice, tmp_path)
    voice.gate.clear()
    first = await spoken.speech("One moment please.", "en", Due(9.0))
    others = [await spoken.speech("One moment please.", "en", Due(at)) for at in (3.0, 5.0)]
    assert voice.dues[0].at == 3.0
    voice.gate.set()
    audios = await asyncio.gather(*(whole(speech) for speech in (first, *others)))
    assert len(voice.said) == 1
    assert all((audio == np.arange(144)).all() for audio in audios)


async def test_a_sentence_nobody_wants_any_more_is_given_up(voice: CountingVoice, tmp_path: Path) -> None:
    spoken = line(voice, tmp_path)
    voice.gate.clear()
    asking = [asyncio.create_task(spoken.audio("Hello.", "en")) for _ in range(2)]
    await asyncio.sleep(0.05)
    asking[0].cancel()
    await asyncio.sleep(0)
    other = asyncio.create_task(spoken.audio("Hello.", "en"))
    await asyncio.sleep(0)
    asking[1].cancel()
    await asyncio.sleep(0)
    assert len(voice.said) == 1
    other.cancel()
    await asyncio.wait({*asking, other})
    voice.gate.set()
    assert len(await spoken.audio("Hello.", "en")) == 48
    assert len(voice.said) == 2


async def test_prepared_prompts_outlive_the_process(voice: CountingVoice, tmp_path: Path) -> None:
    told: list[float] = []
    await line(voice, tmp_path / "prompts").prepare([("One.", "en"), ("Two.", "en")], told.append)
    assert told == [0.5, 1.0]
    again = line(voice, tmp_path / "prompts")
    await again.prepare([("One.", "en"), ("Two.", "en")])
    assert (await again.audio("Two.", "en") == np.arange(32)).all()
    assert len(voice.said) == 2


async def test_answers_to_a_caller_are_not_written_down(voice: CountingVoice, tmp_path: Path) -> None:
    spoken = line(voice, tmp_path)
    await spoken.audio("Your balance is twelve pounds.", "en")
    assert list(tmp_path.iterdir()) == []
    await spoken.prepare([("Your balance is twelve pounds.", "en")])
    assert len(list(tmp_path.iterdir())) == 1
    assert len(voice.said) == 1


async def test_another_voice_renders_anew(voice: CountingVoice, tmp_path: Path) -> None:
    other = CountingVoice("other")
    await line(voice, tmp_path).prepare([("One.", "en")])
    await line(other, tmp_path).prepare([("One.", "en")])
    assert other.said == [("One.", "en")]


async def test_those_standing_by_have_the_prompts_too(voice: CountingVoice, tmp_path: Path) -> None:
    standing_by = CountingVoice("standing by")
    spoken = LineVoice({"en": (voice, standing_by)}, PromptCache(tmp_path))
    await spoken.prepare([("One.", "en"), ("mute and all", "en")])
    assert standing_by.said == voice.said
    with pytest.raises(VoiceError, match="mute"):
        await spoken.prepare([("mute", "en")])
    with pytest.raises(VoiceError, match="languages"):
        await spoken.audio("Hei.", "no")


@pytest.mark.parametrize("content", [b"", b"RIFF nonsense", b"RIFF\x24\0\0\0WAVEfmt "])
async def test_a_damaged_file_is_rendered_again(voice: CountingVoice, tmp_path: Path, content: bytes) -> None:
    await line(voice, tmp_path).prepare([("One.", "en")])
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert len(await line(voice, tmp_path).audio("One.", "en")) == 32
    assert len(voice.said) == 2


async def test_memory_keeps_what_was_used_last(voice: CountingVoice, tmp_path: Path) -> None:
    spoken = line(voice, tmp_path, seconds=16 / SAMPLE_RATE)
    for text in ("a", "b", "a", "c", "a", "b"):
        await spoken.audio(text, "en")
    assert [text for text, _ in voice.said] == ["a", "b", "c", "b"]


async def test_a_sentence_that_cannot_be_said_is_tried_again_next_time(
    voice: CountingVoice, tmp_path: Path
) -> None:
    spoken = line(voice, tmp_path)
    for _ in range(2):
        with pytest.raises(VoiceError):
            await spoken.audio("mute", "en")
    assert len(voice.said) == 2
    assert len(await spoken.audio("fine", "en")) == 32
