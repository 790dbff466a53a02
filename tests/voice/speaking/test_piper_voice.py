import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from voice.models import MissingModel, voice_files
from voice.settings import VoiceSettings
from voice.speaking.level import ACTIVE_LEVEL
from voice.speaking.piper import Piper
from voice.speaking.urgent import UrgentFirst
from voice.speaking.voice import SAMPLE_RATE, Due, Samples, VoiceError, whole

SENTENCE = "Your next payment of 45 euros 50 is due on Tuesday, and nothing else is open."


@pytest.fixture(scope="module")
def thread() -> Iterator[UrgentFirst]:
    thread = UrgentFirst("voice")
    yield thread
    thread.close()


@pytest.fixture(scope="module")
def file() -> Path:
    try:
        return voice_files(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voices")


@pytest.fixture
def piper(thread: UrgentFirst, file: Path, halves: Path) -> Piper:
    return Piper(file, thread, halves)


async def said(piper: Piper, text: str, language: str = "en") -> Samples:
    return await whole(await piper.speak(text, language, Due()))


@pytest.mark.models
async def test_the_same_sentence_is_the_same_audio(piper: Piper) -> None:
    first = await said(piper, "Your refund is on its way.")
    await said(piper, "Something else in between.")
    again = await said(piper, "Your refund is on its way.", "en-GB")
    assert first.dtype == np.int16
    assert (first == again).all()


@pytest.mark.models
async def test_it_sounds_as_loud_as_the_telephone_wants_and_does_not_clip(piper: Piper) -> None:
    spoken = await said(piper, "Good morning, how can I help you today?") / 32768
    frames = spoken[: len(spoken) // 160 * 160].reshape(-1, 160)
    loud = np.percentile((frames**2).mean(axis=1), 80)
    assert 10 * np.log10(loud) == pytest.approx(ACTIVE_LEVEL, abs=4)
    assert np.abs(spoken).max() < 0.9
    assert 1.0 < len(spoken) / SAMPLE_RATE < 5.0


@pytest.mark.models
async def test_a_sentence_made_in_stretches_is_the_sentence_made_at_once(
    piper: Piper, thread: UrgentFirst, file: Path, tmp_path: Path
) -> None:
    speech = await piper.speak(SENTENCE, "en", Due())
    stretches = [chunk async for chunk in speech.chunks]
    assert len(stretches) > 3
    assert len(stretches[0]) / SAMPLE_RATE < 0.4
    in_stretches = np.concatenate(stretches)
    assert len(in_stretches) == speech.samples
    folder_that_cannot_be_made = tmp_path / "file"
    folder_that_cannot_be_made.write_text("")
    uncut = Piper(file, thread, folder_that_cannot_be_made)
    one_piece = [chunk async for chunk in (await uncut.speak(SENTENCE, "en", Due())).chunks]
    assert len(one_piece) == 1
    assert len(one_piece[0]) == pytest.approx(len(in_stretches), abs=4)
    length = min(len(one_piece[0]), len(in_stretches))
    error = (one_piece[0][:length].astype(float) - in_stretches[:length]).std()
    assert error < 0.01 * in_stretches.std()


@pytest.mark.models
async def test_text_without_words_is_no_audio(piper: Piper) -> None:
    assert len(await said(piper, "** -- **")) == 0


@pytest.mark.models
async def test_a_language_the_voice_does_not_speak_is_refused(piper: Piper) -> None:
    with pytest.raises(VoiceError, match="'en', not 'fr'"):
        await piper.speak("Bonjour.", "fr", Due())


@pytest.mark.models
async def test_weights_that_cannot_be_loaded_are_one_sentence(
    thread: UrgentFirst, file: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a network")
    shutil.copy(file.with_name(f"{file.name}.json"), tmp_path / "broken.onnx.json")
    with pytest.raises(VoiceError, match=r"broken\.onnx"):
        await Piper(broken, thread, tmp_path / "cut").warm()


@pytest.mark.parametrize("config", [None, "{", "[]", '{"espeak": {}}'])
def test_a_file_that_is_no_voice_is_one_sentence(
    thread: UrgentFirst, tmp_path: Path, config: str | None
) -> None:
    file = tmp_path / "own.onnx"
    file.write_bytes(b"weights")
    if config is not None:
        (tmp_path / "own.onnx.json").write_text(config)
    with pytest.raises(VoiceError, match=r"own\.onnx is no Piper voice"):
        Piper(file, thread, tmp_path)


@pytest.mark.models
async def test_a_first_word_does_not_wait_for_another_calls_sentence(piper: Piper) -> None:
    order: list[str] = []

    async def say(name: str, text: str, due: Due) -> None:
        speech = await piper.speak(text, "en", due)
        order.append(f"{name} begins")
        async for _ in speech.chunks:
            pass
        order.append(f"{name} ends")

    await piper.warm()
    long = asyncio.create_task(say("long", SENTENCE, Due(5.0)))
    await asyncio.sleep(0.01)
    await asyncio.gather(long, say("short", "One moment.", Due(1.0)))
    assert order.index("short begins") < order.index("long ends")


@pytest.mark.models
async def test_sentences_begin_and_end_in_silence_and_soon(piper: Piper) -> None:
    for text in ("No.", "Your refund is on its way.", SENTENCE):
        spoken = np.abs(await said(piper, text) / 32768)
        assert spoken[:80].max() < 0.01
        assert spoken[-80:].max() < 0.01
        assert spoken[: int(0.06 * SAMPLE_RATE)].max() > 0.005


@pytest.mark.models
async def test_it_counts_to_learn_its_level_once(
    thread: UrgentFirst, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await said(Piper(file, thread, tmp_path), "Hello.")
    monkeypatch.setattr("voice.speaking.piper.gain", lambda *_: pytest.fail("counted again"))
    assert (await said(Piper(file, thread, tmp_path), "Hello.") == first).all()
