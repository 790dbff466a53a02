"""Rows of digits that teach, put together with known cuts and in one breath; sounds that are no words."""

from collections.abc import Sequence

import numpy as np
import pytest

from audio_fixtures import digit_rows, pico
from audio_fixtures.answer_texts import ANSWERS, OTHERS, POLITE, further_words
from audio_fixtures.answers import on_the_line, takes
from audio_fixtures.digit_rows import IN_ONE_BREATH, TOGETHER, plain_names, rows, sounds
from audio_fixtures.speech import LINE_RATE, NoVoiceError
from audio_fixtures.voices import LEVEL, Voice
from audio_fixtures.voicing import Audio
from telephony.legs import mulaw

VOICE = Voice("flite", "kal")


def beeps(texts: Sequence[str], voice: Voice, speed: float) -> list[Audio]:
    """A tenth of a second for each word."""
    return [np.full(LINE_RATE // 10 * len(text.split()), 0.1) for text in texts]


@pytest.fixture(autouse=True)
def voice_of_beeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_rows, "say", beeps)


def test_every_voice_says_rows_of_both_kinds() -> None:
    said = list(rows(VOICE, 1.0, plain_names("en"), "seed"))
    assert [bool(row.cuts) for row in said] == [True] * TOGETHER + [False] * IN_ONE_BREATH
    assert all(row.digits.isdigit() for row in said)
    again = list(rows(VOICE, 1.0, plain_names("en"), "seed"))
    assert [(row.digits, row.cuts) for row in said] == [(row.digits, row.cuts) for row in again]


def test_a_row_may_be_cut_where_it_is_quiet() -> None:
    for row in rows(VOICE, 1.0, plain_names("fr"), "seed"):
        if row.cuts:
            assert len(row.cuts) == len(row.digits) - 1
            assert all(row.sound[round(cut * LINE_RATE)] == 0 for cut in row.cuts)
            assert np.count_nonzero(row.sound) == len(row.digits) * LINE_RATE // 10


def test_phonemes_in_one_breath_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []

    def say(texts: Sequence[str], voice: Voice, speed: float) -> list[Audio]:
        given.extend(texts)
        return beeps(texts, voice, speed)

    monkeypatch.setattr(digit_rows, "say", say)
    list(rows(VOICE, 1.0, {digit: (f"[[ {digit} ]]",) for digit in "0123456789"}, "seed"))
    assert all(text.count("[[") == text.count("]]") == 1 for text in given)


def test_sounds_that_are_no_words_are_as_loud_as_speech() -> None:
    heard = dict(sounds())
    assert set(heard) == {"coughs", "laughter", "breaths", "throats", "tones", "melody"}
    for sound in heard.values():
        line = mulaw.decode(mulaw.encode(np.round(sound * 32767).astype(np.int16)))
        assert 20 * np.log10(np.abs(np.asarray(line)).max() / 32767) > LEVEL
        assert len(on_the_line(sound, 1)) > len(sound)
    first, again = (sound for _, sound in zip(range(2), (next(sounds())[1], next(sounds())[1]), strict=True))
    assert first.tobytes() == again.tobytes()


def test_what_teaches_is_not_what_is_measured() -> None:
    for language in ("en", "fr"):
        further = set(further_words(language))
        measured = {text.strip(" ?") for text in OTHERS[language]}
        answers = {word for words in ANSWERS[language].values() for word in words} | set(POLITE[language])
        assert len(further) > 250
        assert not further & (measured | answers)


def test_pico_teaches_alone_and_says_what_mends_it_where_it_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    parts = {part: {take.voice.program for take in takes(part)} for part in ("train", "development", "final")}
    assert [part for part, programs in parts.items() if "pico" in programs] == ["train"]
    monkeypatch.setenv("HOOKFLASH_TEACHING_VOICES", str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "py_nanotts", raising=False)
    with pytest.raises(NoVoiceError, match=r"setup/teaching_voices\.sh"):
        pico.speak(["oui"], "fr-FR", 1.0)
