import asyncio

import numpy as np
import pytest

from tests.voice.transcription_endpoint import Endpoint, Script
from voice.hearing.endpoint import LONGEST, UNKNOWN, EndpointError

pytestmark = pytest.mark.usefixtures("virtual_time")

CLIP = np.zeros(32_000, np.float32)


async def test_a_clip_goes_out_as_wav_and_comes_back_as_words_in_time() -> None:
    endpoint = Endpoint([Script("where is my refund")])
    heard = await endpoint.ear().transcribe(CLIP, language="en-GB")
    assert heard.text == "where is my refund"
    assert heard.language == "en"
    assert [word.text for word in heard.words] == ["where", "is", "my", "refund"]
    assert heard.words[-1].end == pytest.approx(2.0)
    assert heard.confidence == pytest.approx(0.905, abs=0.001)
    assert endpoint.seconds == [2.0]
    assert endpoint.asked == [
        {
            "model": "listener",
            "language": "en",
            "response_format": "verbose_json",
            "timestamp_granularities[]": "word,segment",
        }
    ]


async def test_where_the_language_is_open_the_endpoint_finds_it_among_the_playbooks() -> None:
    endpoint = Endpoint([Script("bonjour", "french"), Script("bore da", "welsh")])
    ear = endpoint.ear()
    assert (await ear.transcribe(CLIP, language="en-GB", among=["fr"])).language == "fr"
    assert "language" not in endpoint.asked[0]
    assert (await ear.transcribe(CLIP, language="en-GB", among=["fr"])).language == "en"


async def test_an_endpoint_that_knows_plain_answers_only_is_asked_for_no_others_again() -> None:
    endpoint = Endpoint([Script("hello", plain_only=True)])
    ear = endpoint.ear()
    for _ in range(2):
        heard = await ear.transcribe(CLIP, language="en")
        assert (heard.text, heard.confidence, heard.words) == ("hello", UNKNOWN, ())
    assert [form["response_format"] for form in endpoint.asked] == ["verbose_json", "json", "json"]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (Script(status=500), "answered with 500"),
        (Script(status=401), "answered with 401"),
        (Script(status=429), "answered with 429"),
        (Script(breaks=True), "APIConnectionError"),
        (Script(raw=b"<html>502 Bad Gateway</html>"), "transcription endpoint"),
        (Script(raw=b"\xff\xfe\x00\x01" * 50), "transcription endpoint"),
        (Script(raw=b'{"text": null}'), "with no text"),
        (Script(raw=b'{"text": ["hello"]}'), "with no text"),
        (Script(raw=b"[]"), "transcription endpoint"),
        (Script("late", pause=60.0), r"in 1\.5 s"),
        (Script("drop by drop", drip=0.1), r"in 1\.5 s"),
    ],
)
async def test_a_broken_endpoint_says_so_in_one_sentence_within_its_limit(script: Script, why: str) -> None:
    before = asyncio.get_running_loop().time()
    with pytest.raises(EndpointError, match=why) as error:
        await Endpoint([script]).ear().transcribe(CLIP, language="en")
    assert asyncio.get_running_loop().time() - before <= 1.6
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"text": "hello", "words": "what", "segments": 7, "language": 5}',
        b'{"text": "hello", "words": [{"word": "hello", "start": "x", "end": -4}, 3]}',
        b'{"text": "hello", "segments": [{"avg_logprob": 1e400, "no_speech_prob": -3}]}',
        b'{"text": "hello", "segments": [{"avg_logprob": 12}, {"avg_logprob": null}, null]}',
    ],
)
async def test_of_a_rubbish_answer_the_text_is_kept(raw: bytes) -> None:
    heard = await Endpoint([Script(raw=raw)]).ear().transcribe(CLIP, language="en")
    assert heard.text == "hello"
    assert 0.0 <= heard.confidence <= 1.0
    assert heard.no_speech == 0.0
    assert all(0.0 <= word.start <= word.end <= 2.0 for word in heard.words)


async def test_an_endless_answer_is_cut() -> None:
    heard = await Endpoint([Script("ha" * 100_000)]).ear().transcribe(CLIP, language="en")
    assert len(heard.text) == LONGEST
