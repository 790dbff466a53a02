from pathlib import Path

import numpy as np
import pytest

from audio_fixtures import pausing
from audio_fixtures.pausing import LANGUAGES, Paused, Rendered, turns
from benchmarks.turn_taking import judge
from voice.journal.events import Heard
from voice.replay.line import Caller, Happening, Line

SPOKEN = ((1.0, 2.0), (2.8, 4.0))


def rendered() -> Rendered:
    turn = Paused("en", ("my number is", "two"), (0.8,))
    return Rendered(turn, np.zeros(0, np.int16), SPOKEN)


def heard(*ends: float) -> Line:
    line = Line(Caller(b""))
    for end in ends:
        event = Heard(who="caller", text="x", start=end - 0.5, end=end, confidence=1.0)
        line.journal.append(Happening(end + 0.4, event))
    return line


def test_there_are_pauses_enough_and_no_turn_is_in_both_halves() -> None:
    halves = [
        [turn for language in LANGUAGES for turn in turns(half, language)]
        for half in ("development", "final")
    ]
    assert sum(len(turn.pauses) for half in halves for turn in half) >= 100
    assert sum(len(turn.pauses) for turn in halves[1]) >= 50
    assert not {turn.text() for turn in halves[0]} & {turn.text() for turn in halves[1]}


def test_a_script_with_two_words_in_a_row_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "final.en.yaml").write_text("- [my number, is]\n")
    monkeypatch.setattr(pausing, "SCRIPTS", tmp_path)
    with pytest.raises(ValueError, match="write words, seconds, words"):
        turns("final", "en")


def test_commas_mark_where_a_voice_is_to_stay_up() -> None:
    turn = Paused("en", ("my number is", "two", "three."), (0.8, 0.8))
    assert turn.text() == "my number is, two, three."
    assert turn.text(1) == "my number is,"


@pytest.mark.parametrize(
    ("ends", "ended_after", "cut", "cut_in_words"),
    [
        ((4.0,), 0.4, 0, 0),
        ((2.0, 3.6), 0.0, 1, 0),
        ((1.5, 4.0), 0.4, 0, 1),
        ((2.0,), None, 1, 0),
        ((), None, 0, 0),
    ],
)
def test_what_became_of_a_turn(
    ends: tuple[float, ...], ended_after: float | None, cut: int, cut_in_words: int
) -> None:
    outcome = judge(rendered(), heard(*ends))
    assert outcome.ended_after == pytest.approx(ended_after)
    assert (outcome.cut, outcome.cut_in_words) == (cut, cut_in_words)
