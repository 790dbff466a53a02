"""A voice behind an endpoint: what it says, and what becomes of a sentence when it fails."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from tests.voice.speech_endpoint import LIMIT, Answer, FakeSpeechServer, streamed, wav
from voice.circuit_breaker import REST
from voice.journal.clock import LoopClock
from voice.speaking.endpoint import FAILURES
from voice.speaking.level import ACTIVE_LEVEL
from voice.speaking.line_voice import LineVoice
from voice.speaking.prompts import PromptCache
from voice.speaking.voice import SAMPLE_RATE, Due, Samples, Speech, VoiceError, at_once, whole

pytestmark = pytest.mark.usefixtures("virtual_time")

BROKEN = {
    "server error": Answer(status=500),
    "no such model": Answer(status=404),
    "too many requests": Answer(status=429),
    "garbage": Answer(b"<html>not audio</html>" * 100),
    "nothing": Answer(b""),
    "silence": Answer(wav(0.0)),
    "hanging": Answer(hangs=True),
    "too slow": Answer(wav(10), pause=LIMIT / 4),
    "broken off": Answer(wav()[:1000], breaks=True),
    "endless": Answer(wav(1), endless=True),
}


class Local:
    """Stands by: says a tenth of a second a sentence."""

    name = "local"

    async def speak(self, text: str, language: str, due: Due) -> Speech:
        return at_once(np.full(SAMPLE_RATE // 10, 1000, np.int16))


async def said(server: FakeSpeechServer, text: str = "Hello.") -> Samples:
    return await whole(await server.voice(LoopClock()).speak(text, "en", Due()))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 48_000])
async def test_any_rate_becomes_telephone_speech_of_the_usual_level(rate: int) -> None:
    samples = await said(FakeSpeechServer([Answer(wav(0.5, rate, channels=2))]))
    assert len(samples) == pytest.approx(SAMPLE_RATE / 2, abs=2)
    level = 10 * np.log10(((samples[400:-400] / 32768) ** 2).mean())
    assert level == pytest.approx(ACTIVE_LEVEL, abs=0.5)


async def test_a_header_that_does_not_know_the_length_is_no_mistake() -> None:
    assert len(await said(FakeSpeechServer([Answer(streamed(wav(0.5)))]))) == SAMPLE_RATE / 2


async def test_what_is_asked_for_is_in_the_request_and_markup_is_not() -> None:
    server = FakeSpeechServer([Answer(wav())])
    await said(server, "Hello **you**.")
    assert server.asked == [
        {"model": "tts-1", "voice": "alloy", "input": "Hello you.", "response_format": "wav"}
    ]
    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
async def test_whatever_goes_wrong_the_local_voice_says_the_sentence_in_time(
    answer: Answer, tmp_path: Path
) -> None:
    clock = LoopClock()
    server = FakeSpeechServer([answer])
    line = LineVoice({"en": (server.voice(clock), Local())}, PromptCache(tmp_path))
    assert len(await line.audio("Hello.", "en")) == SAMPLE_RATE // 10
    assert clock.now() <= LIMIT + 0.1


async def test_the_endpoint_says_the_next_sentence_again(tmp_path: Path) -> None:
    server = FakeSpeechServer([Answer(status=500), Answer(wav())])
    line = LineVoice({"en": (server.voice(LoopClock()), Local())}, PromptCache(tmp_path))
    lengths = [len(await line.audio("Hello.", "en")) for _ in range(2)]
    assert lengths == [SAMPLE_RATE // 10, SAMPLE_RATE // 2]


async def test_an_endpoint_that_keeps_failing_is_left_alone_for_a_while() -> None:
    clock = LoopClock()
    server = FakeSpeechServer([Answer(hangs=True)])
    voice = server.voice(clock)
    for _ in range(FAILURES + 3):
        with pytest.raises(VoiceError):
            await voice.speak("Hello.", "en", Due())
    assert len(server.asked) == FAILURES
    await asyncio.sleep(REST)
    with pytest.raises(VoiceError):
        await voice.speak("Hello.", "en", Due())
    assert len(server.asked) == FAILURES + 1


async def test_no_key_is_repeated_in_an_error() -> None:
    with pytest.raises(VoiceError) as error:
        await said(FakeSpeechServer([Answer(status=401)]))
    assert "secret" not in str(error.value)
    assert "401" in str(error.value)
