import numpy as np
import pytest

from benchmarks import utterance, utterance_sets
from benchmarks.utterance_sets import Utterance
from voice.hearing.expected import Digits, Expected
from voice.hearing.transcript import Transcript


class Listener(utterance.Ear):
    """Hears what it is told to, and what was expected."""

    def __init__(self, free: str, expected: str) -> None:
        self.free, self.expected = free, expected
        self.wanted: list[Expected | None] = []

    def __call__(self, utterance: Utterance, wanted: Expected | None = None) -> list[Transcript]:
        self.wanted.append(wanted)
        return [Transcript(text=self.expected if wanted else self.free, language="en")]


def clip(text: str, speaker: str = "george") -> Utterance:
    return Utterance(text, "en", (), np.zeros(0, np.float32), speaker)


def test_digits_are_counted_wrong_expected_and_free() -> None:
    clips = [clip("six"), clip("six", "theo"), clip("two"), clip("six")]
    figures = utterance._digits(Listener("fix", "Six."), clips)
    assert figures == {"digits": 4, "digits_wrong": 0.25, "digits_wrong_final": 0.0, "digits_wrong_free": 1.0}


def test_strings_are_expected_with_their_length_and_check_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utterance_sets, "digit_strings", lambda count, *, checked: [clip("471293")] * count)
    listener = Listener("4712", "4 7 1 2 9 8")
    figures = utterance._strings(listener, 2)
    assert figures == {
        "strings": 2,
        "string_digits_wrong_free": 0.3333,
        "string_digits_wrong": 0.1667,
        "string_digits_wrong_checked": 0.1667,
    }
    checks = [wanted.check is not None for wanted in listener.wanted if isinstance(wanted, Digits)]
    assert checks == [False, False, True, True]


def test_without_recordings_of_people_the_projects_own_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOKFLASH_CORPORA", raising=False)
    utterance_sets._manifest.cache_clear()
    assert list(utterance_sets.digits()) == []
    assert list(utterance_sets.digit_strings(3, checked=True)) == []
    assert next(utterance_sets.fixture_lines()).text
    assert {kind for kind, _ in utterance_sets.no_speech()} == {"hold tone", "chord", "hum", "hiss"}
