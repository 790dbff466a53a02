"""Sounds that are no words give none, and words are not taken for such sounds."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from audio_fixtures import no_words, recording
from audio_fixtures.script import CALLS
from audio_fixtures.voicing import set_level
from benchmarks import utterance_sets
from benchmarks.utterance_sets import Utterance
from telephony.legs import mulaw
from voice.hearing.resampling import DoublingResampler
from voice.hearing.whisper import Whisper
from voice.models import MissingModel, whisper_weights
from voice.settings import VoiceSettings
from voice.wave_file import read

RATE = 8_000
Samples = NDArray[np.float32]
pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    try:
        return Whisper(whisper_weights(VoiceSettings()), threads=2)
    except MissingModel as missing:
        pytest.skip(str(missing))


def telephoned(audio: NDArray[np.float64]) -> Samples:
    """Return sound at 8 kHz as the ear hears it, with quiet around it and the line's noise."""
    noise = np.random.default_rng(1).standard_normal(len(audio) + RATE) * 0.0003
    pcm = np.round((np.pad(audio, RATE // 2) + noise) * 32767).astype(np.int16)
    decoded = np.asarray(mulaw.decode(mulaw.encode(pcm)), np.int16)
    return DoublingResampler().double(decoded).astype(np.float32) / np.float32(32768)


def lines(name: str) -> Iterator[NDArray[np.float64]]:
    pcm, _ = read(CALLS / f"{name}.wav")
    for line in recording.load(name).lines:
        yield pcm[round(line.start * RATE) : round(line.end * RATE)] / 32768.0


@pytest.mark.parametrize("kind", no_words.SOUNDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_sounds_that_are_no_words_give_none(whisper: Whisper, kind: str, seed: int) -> None:
    sound = telephoned(set_level(no_words.SOUNDS[kind](seed), RATE, -26.0))
    assert whisper.transcribe(sound, ["en"]).text == ""


@pytest.mark.parametrize("name", ["calm_contained", "cools_down"])
def test_words_are_not_taken_for_sounds(whisper: Whisper, name: str) -> None:
    for line in lines(name):
        assert whisper.transcribe(telephoned(line), ["en"]).text


def test_the_sounds_are_the_same_each_time() -> None:
    for make in no_words.SOUNDS.values():
        assert np.array_equal(make(3), make(3))
        assert not np.array_equal(make(3)[:500], make(4)[:500])


@pytest.mark.corpora
@pytest.mark.timeout(120)
@pytest.mark.skipif(not os.environ.get("HOOKFLASH_CORPORA"), reason="HOOKFLASH_CORPORA names no recordings")
def test_babble_and_laughter_of_people_give_no_words(whisper: Whisper) -> None:
    clips: list[tuple[str, Utterance]] = list(utterance_sets.no_speech())
    people = [clip for kind, clip in clips if kind in ("babble", "laughter")]
    assert len(people) >= 10
    given = [whisper.transcribe(turn, ["en"]).text for clip in people for turn in clip.turns]
    assert sum(bool(text) for text in given) <= 1
