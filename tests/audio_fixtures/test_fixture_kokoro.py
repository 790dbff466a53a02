# ruff: noqa: RUF001  (phonemes)
"""What Kokoro is given to say, and what is said where it is not there."""

import pytest

from audio_fixtures import kokoro
from audio_fixtures.answers import takes
from audio_fixtures.speech import NoVoiceError


def test_diphthongs_and_affricates_are_one_sign_each() -> None:
    assert kokoro.as_written("nˈa^ɪn", "en-us") == "nˈIn"
    assert kokoro.as_written("ˈe^ɪd^ʒənt", "en-us") == "ˈAʤənt"


def test_only_americans_have_no_long_vowels() -> None:
    assert kokoro.as_written("tˈuː", "en-us") == "tˈu"
    assert kokoro.as_written("tˈuː", "en-gb") == "tˈuː"
    assert kokoro.as_written("sˈɛ̃k", "fr") == "sˈɛ̃k"


def test_without_its_folder_the_sentence_says_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kokoro.FOLDER, raising=False)
    with pytest.raises(NoVoiceError, match=r"setup/teaching_voices\.sh"):
        kokoro.speak(["seven"], "en-us+af_sky", 1.0)


def test_it_teaches_and_is_in_no_part_that_measures() -> None:
    programs = {
        part: {take.voice.program for take in takes(part)} for part in ("train", "development", "final")
    }
    assert "kokoro" in programs["train"]
    assert "kokoro" not in programs["development"] | programs["final"]
