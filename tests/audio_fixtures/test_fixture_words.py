import hashlib

import numpy as np
import pytest

from audio_fixtures import words
from audio_fixtures.speech import LINE_RATE


@pytest.mark.parametrize("half", words.HALVES)
def test_a_half_is_the_one_that_was_rendered(half: str) -> None:
    sound = (words.FOLDER / f"{half}.wav").read_bytes()
    assert hashlib.sha256(sound).hexdigest() == words.load(half).audio_sha256


def test_no_speaker_of_the_final_half_was_developed_on() -> None:
    development, final = ({word.speaker for word in words.load(half).words} for half in words.HALVES)
    assert development.isdisjoint(final)


def test_answers_are_heard_at_every_noise_and_other_words_once() -> None:
    heard = list(words.heard("final"))
    answers = [sound for word, sound in heard if word.answer]
    others = [sound for word, sound in heard if not word.answer]
    rendered = words.load("final").words
    assert len(answers) == len(words.NOISES) * sum(word.answer for word in rendered)
    assert len(others) == sum(not word.answer for word in rendered)
    quiet, noisy = (np.abs(sound[: int(words.LEAD * LINE_RATE)]).mean() for sound in (answers[0], answers[2]))
    assert noisy > 10 * quiet
