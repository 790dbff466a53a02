import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from telephony.legs import mulaw
from tests.voice.stand_ins import Booth, ScriptedEngine, of, said, silence, speech, television
from voice.hearing.hush import KEPT, OVER, SHORTEST, Hush
from voice.hearing.listening import Load
from voice.hearing.transcript import Transcript
from voice.hearing.whispering import convincing
from voice.hearing.windows import WINDOW_SECONDS
from voice.journal.events import Heard

Samples = NDArray[np.float32]


def window(decibels: float, seed: int = 0) -> Samples:
    noise = np.random.default_rng(seed).standard_normal(512) * 10 ** (decibels / 20)
    return noise.astype(np.float32)


def listen(hush: Hush, *spans: tuple[float, float]) -> list[Samples]:
    """Let decibels be heard for seconds each; return what sounded."""
    found = []
    for decibels, seconds in spans:
        for seed in range(round(seconds / WINDOW_SECONDS)):
            hush.heard(window(decibels, seed))
            if (sound := hush.sound()) is not None:
                found.append(sound)
    return found


def test_what_sounded_is_told_once_when_it_is_over() -> None:
    hush = Hush()
    (sound,) = listen(hush, (-70, 1.0), (-48, 1.0), (-70, 4.0))
    assert len(sound) / 16_000 == pytest.approx(2.0 + OVER, abs=0.1)
    hush.somebody_spoke()
    assert len(listen(hush, (-70, 1.0), (-48, 1.0), (-70, 2.0))) == 1


@pytest.mark.parametrize(
    "spans",
    [
        ((-70, 5.0),),
        ((-45, 5.0),),  # a noisy line
        ((-70, 1.0), (-48, SHORTEST - 0.1), (-70, 3.0)),
        ((-85, 1.0), (-66, 2.0), (-85, 3.0)),  # hardly there
        ((-70, 1.0), (-48, 2.0)),  # it goes on
    ],
)
def test_what_is_no_sound_or_not_over_is_not_told(spans: tuple[tuple[float, float], ...]) -> None:
    assert listen(Hush(), *spans) == []


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-90, -20), st.floats(0.05, 3.0)), max_size=6))
def test_no_more_is_told_than_has_been_kept_and_at_most_once(spans: list[tuple[float, float]]) -> None:
    sounds = listen(Hush(), *spans)
    assert len(sounds) <= 1
    assert all(len(sound) <= (KEPT + WINDOW_SECONDS) * 16_000 for sound in sounds)


def test_only_several_words_that_were_made_out_are_believed() -> None:
    sure = Transcript(text="this is whispered", language="en", confidence=0.8, no_speech=0.3)
    assert convincing(sure)
    assert not convincing(Transcript(text="thank you", language="en", confidence=0.9))
    assert not convincing(Transcript(text="this is whispered", language="en", confidence=0.5))
    assert not convincing(Transcript(text="this is it", language="en", confidence=0.8, no_speech=0.6))
    assert not convincing(Transcript(language="en"))


def hushed(seconds: float) -> bytes:
    """Mu-law of noise that no voice activity takes for speech."""
    noise = np.random.default_rng(5).standard_normal(int(seconds * 8_000)) * 300
    return mulaw.encode(noise.astype(np.int16))


@pytest.mark.usefixtures("virtual_time")
async def test_whispered_words_are_a_turn_and_are_answered() -> None:
    line = await Booth(["what is my balance"]).ring(silence(2) + hushed(1.5) + silence(4))
    assert [heard.text for heard in of(line, Heard)] == ["what is my balance"]
    assert "You said what is my balance." in said(line)


@pytest.mark.usefixtures("virtual_time")
async def test_a_breath_is_read_once_and_is_no_turn() -> None:
    engine = ScriptedEngine(["", "hello please"])
    call = silence(2) + hushed(1.0) + silence(1) + hushed(1.0) + silence(1) + speech(1) + silence(3)
    line = await Booth(engine=engine).ring(call)
    assert [heard.text for heard in of(line, Heard)] == ["hello please"]
    assert len(engine.clips) == 2


@pytest.mark.usefixtures("virtual_time")
async def test_nothing_is_looked_for_beside_speech() -> None:
    engine = ScriptedEngine(["hello please"])
    await Booth(engine=engine).ring(silence(2) + hushed(1.0) + speech(1) + silence(3))
    assert len(engine.clips) == 1


@pytest.mark.usefixtures("virtual_time")
async def test_a_whisper_says_nothing_of_how_loud_the_callers_voice_is() -> None:
    booth = Booth(["hello please", "what is my balance", "nobody said this"], load=Load(partials=False))
    call = television(3) + speech(1) + silence(2.5) + hushed(1.5) + silence(2.5) + television(5)
    line = await booth.ring(call)
    assert [heard.text for heard in of(line, Heard)] == ["hello please", "what is my balance"]
