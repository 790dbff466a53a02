"""What a caller hears on hold."""

import numpy as np

from telephony.calls.hold_music import HoldMusic
from telephony.legs.mulaw import decode, level_dbov
from tests.stand_in_worker import tone


def test_it_is_soft_and_never_silent() -> None:
    music = HoldMusic().at(0.0, 32.0)
    levels = [level_dbov(music[start : start + 800]) for start in range(0, len(music), 800)]
    assert min(levels) > -45 and max(levels) < -22


def test_it_goes_on_where_it_would_be_by_the_clock_and_round_the_end() -> None:
    music = HoldMusic()
    whole = music.at(0.0, 20.0)
    assert music.at(0.0, 15.0) + music.at(15.0, 5.0) == whole
    steps = np.abs(np.diff(decode(whole).astype(int)))
    end = 16 * 8000
    assert steps[end - 10 : end + 10].max() <= steps.max()
    assert len({whole[at : at + 800] for at in range(0, 8000, 800)}) == 10


def test_a_sentence_is_far_louder_than_the_music_under_it() -> None:
    music, sentence = HoldMusic(), tone(1.0)
    mixed = decode(music.under(sentence, 3.0)).astype(float)
    left = mixed - decode(sentence)
    assert 0 < np.abs(left).mean() < np.abs(decode(sentence).astype(float)).mean() / 20
    quiet, loud = (
        np.abs(decode(audio).astype(float)).mean()
        for audio in (music.under(bytes([0xFF]) * 8000, 3.0), music.at(3.0, 1.0))
    )
    assert quiet < loud / 3
