"""Who says the short answers, in which part."""

import numpy as np

from audio_fixtures.answers import LEAD, PARTS, on_the_line, takes
from audio_fixtures.speech import LINE_RATE


def voices(part: str) -> set[str]:
    """The people of a part: Piper's one is in all of them, in other sizes."""
    return {take.voice.label for take in takes(part)} | {
        take.voice.name.partition("+")[2] or take.voice.name
        for take in takes(part)
        if take.voice.name != "joe"
    }


def test_no_caller_is_in_two_parts() -> None:
    train, development, final = (voices(part) for part in PARTS)
    assert not train & development
    assert not train & final
    assert not development & final


def test_every_answer_is_said_in_every_part_beside_other_words() -> None:
    values = {"en": {"yes", "no", *"0123456789", ""}, "fr": {"oui", "non", *"0123456789", ""}}
    for part in PARTS:
        for language, expected in values.items():
            assert {take.value for take in takes(part) if take.language == language} == expected
    assert takes("final") == takes("final")


def test_what_comes_over_the_line_has_quiet_before_it() -> None:
    word = np.full(LINE_RATE // 2, 0.05)
    heard = on_the_line(word, 7).astype(float)
    quiet, loud = heard[: round(LEAD * LINE_RATE) - 80], heard[round(LEAD * LINE_RATE) : -LINE_RATE]
    assert 10 * np.log10((loud**2).mean() / (quiet**2).mean()) > 14
    assert on_the_line(word, 7).tobytes() == on_the_line(word, 7).tobytes()
    assert len(on_the_line(word, 7, cut=True)) < len(heard)
