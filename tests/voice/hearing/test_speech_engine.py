import asyncio
import json
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soxr

from audio_fixtures import words
from voice.dialogue.acts import Act, act_of
from voice.hearing.decoding import UNSURE
from voice.hearing.engine import EngineBusy, HearingError, SpeechEngine, Urgency
from voice.hearing.expected import Digits, yes_or_no
from voice.hearing.whisper import Whisper, loudest
from voice.models import MissingModel, whisper_weights
from voice.settings import VoiceSettings

CALLS = Path(__file__).parents[3] / "audio_fixtures" / "calls"


@pytest.fixture(scope="module")
def weights() -> Path:
    try:
        return whisper_weights(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def whisper(weights: Path) -> Whisper:
    return Whisper(weights, threads=2)


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    """A recorded caller's first sentence, over the telephone, at 16 kHz again."""
    return recorded("calm_contained", "know my balance")


def recorded(caller: str, words: str) -> np.ndarray:
    lines = json.loads((CALLS / f"{caller}.json").read_text())["lines"]
    line = next(line for line in lines if words in line["text"])
    with wave.open(str(CALLS / f"{caller}.wav")) as file:
        rate = file.getframerate()
        file.setpos(int((line["start"] - 0.2) * rate))
        samples = np.frombuffer(file.readframes(int((line["end"] - line["start"] + 0.4) * rate)), "<i2")
    return np.asarray(soxr.resample(samples / 32768, rate, 16_000), dtype=np.float32)


@pytest.fixture
async def engine(weights: Path) -> AsyncIterator[SpeechEngine]:
    engine = SpeechEngine(weights)
    yield engine
    engine.close()


@pytest.mark.models
def test_a_sentence_is_heard_with_its_words_in_time(whisper: Whisper, speech: np.ndarray) -> None:
    heard = whisper.transcribe(speech, ["en-GB"])
    assert "know my balance" in heard.text.lower()
    assert heard.language == "en"
    assert 0.5 < heard.confidence <= 1.0
    assert " ".join(word.text for word in heard.words) == heard.text
    starts = [word.start for word in heard.words]
    assert starts == sorted(starts)
    assert heard.words[-1].end <= len(speech) / 16_000


@pytest.mark.models
def test_what_else_it_may_have_been_is_told_of_unsure_words_alone(
    whisper: Whisper, speech: np.ndarray
) -> None:
    assert whisper.transcribe(speech, ["en"], others=True).others == ()
    noise = np.random.default_rng(4).standard_normal(len(speech)) * 3 * float(speech.std())
    drowned = (speech + noise).astype(np.float32)
    heard = whisper.transcribe(drowned, ["en"], others=True)
    assert 0 < heard.confidence < UNSURE
    assert heard.others
    assert heard.text not in heard.others
    assert whisper.transcribe(drowned, ["en"]).others == ()


@pytest.mark.models
def test_digits_that_are_expected_are_told_by_their_sound_before_any_text(
    whisper: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    postcode = recorded("calm_contained", "Seven five zero one two")
    monkeypatch.setattr(Whisper, "_read", None)
    heard = whisper.transcribe(postcode, ["en"], Digits(5, 5))
    assert (heard.text, heard.language) == ("75012", "en")
    assert heard.confidence > 0.7


@pytest.mark.models
def test_double_zero_is_two_digits_though_it_sounds_like_no_row(whisper: Whisper) -> None:
    postcode = recorded("moves_due_date", "double zero")
    assert whisper.transcribe(postcode, ["en"], Digits(5, 5)).text == "59800"


@pytest.mark.models
def test_a_sentence_is_no_digits_though_some_are_expected(whisper: Whisper, speech: np.ndarray) -> None:
    assert "know my balance" in whisper.transcribe(speech, ["en"], Digits(5, 5)).text.lower()


@pytest.mark.models
def test_the_same_clip_is_heard_the_same_each_time(whisper: Whisper, speech: np.ndarray) -> None:
    assert whisper.transcribe(speech, ["en"]) == whisper.transcribe(speech.copy(), ["en"])


@pytest.mark.models
@pytest.mark.parametrize("level", [0.0, 0.0005, 0.05])
def test_nothing_is_made_of_silence_and_hiss(whisper: Whisper, level: float) -> None:
    noise = np.random.default_rng(1).standard_normal(24_000) * level
    assert whisper.transcribe(noise.astype(np.float32), ["en"]).text == ""


@pytest.mark.models
def test_a_clip_of_no_length_and_one_too_long(whisper: Whisper) -> None:
    assert whisper.transcribe(np.zeros(0, np.float32), ["en"]).words == ()
    with pytest.raises(ValueError, match=r"31\.0 s"):
        whisper.transcribe(np.zeros(31 * 16_000, np.float32), ["en"])


@pytest.mark.models
def test_an_unknown_language_is_named(whisper: Whisper, speech: np.ndarray) -> None:
    with pytest.raises(HearingError, match="'xx'"):
        whisper.transcribe(speech, ["xx"])


@pytest.mark.models
async def test_the_engine_takes_no_more_than_it_can_hold(weights: Path, speech: np.ndarray) -> None:
    engine = SpeechEngine(weights, capacity=1)
    try:
        first = asyncio.create_task(engine.transcribe(speech, language="en"))
        second = asyncio.create_task(engine.transcribe(speech, language="en"))
        await asyncio.sleep(0)
        with pytest.raises(EngineBusy, match="1 clips wait"):
            await engine.transcribe(speech, language="en")
        second.cancel()
        assert (await first).text
        assert (await engine.transcribe(speech, language="en")).text
    finally:
        engine.close()


@pytest.mark.models
async def test_a_finished_turn_is_decoded_before_guesses_and_partials(
    engine: SpeechEngine, speech: np.ndarray
) -> None:
    order: list[str] = []

    async def hear(name: str, samples: np.ndarray, urgency: Urgency) -> None:
        await engine.transcribe(samples, language="en", urgency=urgency)
        order.append(name)

    clips = [speech[: 8_000 + place] for place in range(4)]
    under_way = asyncio.create_task(hear("under way", clips[0], Urgency.PARTIAL))
    await asyncio.sleep(0)
    waiting = [
        asyncio.create_task(hear(name, clip, urgency))
        for name, clip, urgency in (
            ("partial", clips[1], Urgency.PARTIAL),
            ("guess that became a turn", clips[2], Urgency.GUESS),
            ("turn", clips[3], Urgency.TURN),
        )
    ]
    await asyncio.sleep(0)
    engine.promote(clips[2])
    await asyncio.gather(under_way, *waiting)
    assert order == ["under way", "guess that became a turn", "turn", "partial"]


@pytest.mark.models
async def test_what_nobody_waits_for_any_more_is_never_decoded(
    engine: SpeechEngine, speech: np.ndarray
) -> None:
    first = asyncio.create_task(engine.transcribe(speech, language="en"))
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    late = asyncio.create_task(engine.transcribe(speech, language="en", deadline=loop.time()))
    unwanted = asyncio.create_task(engine.transcribe(speech, language="xx"))
    await asyncio.sleep(0)
    unwanted.cancel()
    assert (await first).text
    with pytest.raises(TimeoutError, match="before its turn"):
        await late


@pytest.mark.models
async def test_a_clip_given_up_makes_room_at_once(weights: Path, speech: np.ndarray) -> None:
    engine = SpeechEngine(weights, capacity=1)
    try:
        under_way = asyncio.create_task(engine.transcribe(speech, language="en"))
        await asyncio.sleep(0)
        given_up = asyncio.create_task(engine.transcribe(speech, language="en"))
        await asyncio.sleep(0)
        given_up.cancel()
        assert (await engine.transcribe(speech, language="en")).text
        assert (await under_way).text
    finally:
        engine.close()


@pytest.mark.models
@pytest.mark.usefixtures("virtual_time")
async def test_warming_takes_no_simulated_time(engine: SpeechEngine) -> None:
    before = asyncio.get_running_loop().time()
    await engine.warm()
    assert asyncio.get_running_loop().time() == before


async def test_weights_that_cannot_be_loaded_are_named(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    engine = SpeechEngine(tmp_path)
    with pytest.raises(HearingError, match="run `hookflash models`"):
        await engine.warm()
    engine.close()


def test_the_level_of_the_loudest_moment() -> None:
    samples = np.zeros(16_000, np.float32)
    assert loudest(samples) < -100
    samples[8000:8320] = 0.1
    assert loudest(samples) == pytest.approx(-20.0, abs=0.1)
    assert loudest(np.zeros(10, np.float32)) < -100


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "speaker", "language"),
    [("I don't know", "size 0.84", "en"), ("je ne sais pas", "fr-be+f2", "fr")],
)
@pytest.mark.parametrize("assumed", ["en", "fr"])
def test_the_language_is_told_from_the_sound_among_the_playbooks(
    whisper: Whisper, text: str, speaker: str, language: str, assumed: str
) -> None:
    [clip] = [
        sound for word, sound in words.heard("development") if (word.text, word.speaker) == (text, speaker)
    ]
    samples = np.asarray(soxr.resample(clip[2_000:-5_000] / 32768, 8_000, 16_000), dtype=np.float32)
    other = {"en": "fr", "fr": "en"}[assumed]
    heard = whisper.transcribe(samples, [assumed, other])
    assert heard.language == language
    assert heard.text.lower().strip(".") == text.lower()


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "speaker", "heard", "sure"),
    [
        ("yes", "size 1.0", "yes", True),
        ("no", "size 1.0", "no", True),
        ("operator", "size 0.84", "operator", False),
        ("agent", "size 1.16", None, False),
        ("human", "en-us+m5", None, False),
    ],
)
def test_a_yes_is_heard_as_one_and_asking_for_a_person_never(
    whisper: Whisper, text: str, speaker: str, heard: str | None, sure: bool
) -> None:
    clip = next(
        sound for word, sound in words.heard("development") if (word.text, word.speaker) == (text, speaker)
    )
    samples = np.asarray(soxr.resample(clip[2_000:-5_000] / 32768, 8_000, 16_000), dtype=np.float32)
    told = whisper.transcribe(samples, ["en"], yes_or_no("en"))
    assert (told.text in ("yes", "no")) is sure
    assert act_of(told.text, "en") in ((Act.YES, Act.NO) if sure else (None,))
    assert heard is None or told.text.lower().strip(".") == heard
