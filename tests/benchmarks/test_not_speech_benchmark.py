import numpy as np
import pytest

from audio_fixtures.voicing import level
from benchmarks import not_speech_sets as sets
from benchmarks.not_speech import Tally
from benchmarks.not_speech_sets import Person, Said, Scene
from voice.journal.events import Word


def word(text: str, start: float) -> Word:
    return Word(text=text, start=start, end=start + 0.2, confidence=0.9)


def test_words_are_the_callers_within_their_lines_and_stray_elsewhere() -> None:
    tally = Tally()
    scene = Scene(np.zeros(20 * sets.RATE), (Said(5.0, 7.0, "hello there"),))
    tally.add(scene, [word("news", 2.0), word("hello", 5.1), word("their", 6.5), word("at", 9.0)])
    tally.add(scene, [])
    assert (tally.scenes, tally.with_words, tally.stray) == (2, 1, 2)
    assert tally.seconds == pytest.approx(2 * (20 - 2.8))
    assert tally.per_minute == pytest.approx(60 * 2 / 34.4, abs=0.1)
    assert tally.wer == pytest.approx(3 / 4)


def test_a_scene_has_a_callers_lines_apart_and_others_so_far_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOKFLASH_CORPORA", raising=False)
    person = sets.callers()[0]
    plain = sets.scene(person)
    assert [line.text for line in plain.lines] == [text for _, text in person.lines]
    assert plain.lines[0].start == sets.APART
    (other,) = sets.others().values()
    for below in sets.BEHIND:
        added = sets.behind(person, other, below).audio - plain.audio
        assert level(added, sets.RATE) == pytest.approx(sets.LEVEL - below, abs=1.0)


def test_an_automatic_gain_raises_what_is_quiet_and_no_more_than_it_may() -> None:
    soft = np.random.default_rng(1).standard_normal(sets.RATE * 4) * 0.01
    loud = soft * 20
    one = sets.gain_controlled(sets.scene(Person("x", ((loud, "a"), (soft, "b"), (loud, "c")))))
    first, second, third = (one.audio[round(line.end * sets.RATE) - 8_000 :][:8_000] for line in one.lines)
    raised = 20 * np.log10(np.std(second) / np.std(soft))
    assert 10 < raised <= 18.5
    assert np.std(third) == pytest.approx(np.std(first), rel=0.05)
