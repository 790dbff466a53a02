import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.voice.stand_ins import Booth, ParrotBot, of, said, silence, speech, television
from voice.dialogue.reply import Reply
from voice.hearing.listening import Load
from voice.hearing.own_level import EVIDENCE, HOLD, WAITS, OwnLevel, syllables
from voice.hearing.windows import WINDOW_SECONDS
from voice.journal.events import BargedIn, Heard

BELOW = 13.0
Samples = NDArray[np.float32]


def window(decibels: float, seed: int = 0) -> Samples:
    noise = np.random.default_rng(seed).standard_normal(512)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)) * 10 ** (decibels / 20), np.float32)


def behind(own: OwnLevel, level: float) -> OwnLevel:
    """Let somebody be heard behind a speaker for long enough."""
    own.learn(turn(level))
    hears(own, level - 30, 2.0)
    return own


def turn(decibels: float, seconds: float = 1.0) -> Samples:
    return np.concatenate([window(decibels, seed) for seed in range(round(seconds / WINDOW_SECONDS))])


def hears(own: OwnLevel, decibels: float, seconds: float, *, speaking: bool = False) -> list[bool]:
    count = round(seconds / WINDOW_SECONDS)
    return [own.hears(window(decibels, seed), voiced=True, speaking=speaking) for seed in range(count)]


@given(st.floats(-70, 0), st.floats(-70, 0))
def test_before_anything_has_been_said_everything_is_the_speakers(first: float, then: float) -> None:
    own = OwnLevel(BELOW)
    assert all(hears(own, first, 1.0))
    own.between_turns()  # it was a cough
    assert all(hears(own, then, 0.4))


def test_the_first_turn_tells_the_level_while_it_goes_on() -> None:
    own = OwnLevel(BELOW)
    hears(own, -45, 3.0)
    assert all(hears(own, -20, 1.0))
    assert not any(hears(own, -45, 1.0)[5:])


@given(st.floats(-45, -5), st.floats(0, 40))
def test_after_it_what_is_nearly_as_loud_is_theirs_and_what_lies_far_below_is_not(
    level: float, under: float
) -> None:
    own = behind(OwnLevel(BELOW), level)
    taken = hears(own, level - under, 1.0)[4:]
    if under < BELOW - 0.5:
        assert all(taken)
    if under > BELOW + 0.5:
        assert not any(taken)


@given(st.floats(-30, 10))
def test_the_lines_gain_does_not_matter(gain: float) -> None:
    verdicts = []
    for added in (0.0, gain):
        own = behind(OwnLevel(BELOW), -30 + added)
        verdicts.append([hears(own, level + added, 0.3) for level in (-31, -40, -50, -36)])
    assert verdicts[0] == verdicts[1]


def test_a_gate_of_no_decibels_lets_everything_pass() -> None:
    own = OwnLevel(0.0)
    own.learn(turn(-20))
    assert all(hears(own, -60, 1.0))


def test_the_end_of_a_word_may_be_soft_but_a_soft_voice_alone_does_not_begin() -> None:
    own = OwnLevel(BELOW)
    behind(own, -20)
    hears(own, -20, 0.3, speaking=True)
    soft = hears(own, -50, 1.0, speaking=True)
    kept = sum(soft) * WINDOW_SECONDS
    assert HOLD <= kept <= HOLD + 5 * WINDOW_SECONDS
    assert soft == sorted(soft, reverse=True)
    assert not any(hears(own, -50, 0.5)[5:])


def test_who_is_not_heard_for_long_may_have_turned_away_until_they_have_said_something() -> None:
    own = behind(OwnLevel(BELOW), -20)
    assert not any(hears(own, -45, WAITS - 2.5)[4:])
    assert all(hears(own, -45, 1.0)[20:])
    own.somebody_spoke()
    assert all(hears(own, -45, 1.0))
    own.learn(turn(-45))
    assert all(hears(own, -45, 1.0))
    assert not any(hears(own, -62, 1.0)[4:])


def test_a_soft_word_is_the_speakers_where_nobody_else_has_been_heard() -> None:
    own = OwnLevel(BELOW)
    own.learn(turn(-20))
    assert all(hears(own, -45, EVIDENCE - 0.2))
    assert not any(hears(own, -45, 2.0)[60:])


def test_while_somebody_speaks_nobody_is_waited_for() -> None:
    own = behind(OwnLevel(BELOW), -20)
    for _ in range(10):
        own.somebody_spoke()
        assert not any(hears(own, -45, 3.0)[4:])


@pytest.mark.parametrize("turns", [(-20, -35, -20), (-20, -8, -20), (-35, -20, -20)])
def test_one_turn_of_three_does_not_move_the_level(turns: tuple[float, ...]) -> None:
    own = OwnLevel(BELOW)
    for decibels in turns:
        own.learn(turn(decibels))
    assert own.level == pytest.approx(-20, abs=0.5)


def test_pauses_and_a_click_in_a_turn_do_not_move_its_level() -> None:
    spoken = turn(-25, 2.0)
    click = np.zeros(512, np.float32)
    click[100] = 0.9
    paused = np.concatenate([spoken[:16_000], np.zeros(16_000, np.float32), click, spoken[16_000:]])
    assert syllables(paused) == pytest.approx(-25, abs=1.0)
    assert syllables(np.zeros(0, np.float32)) < -100


@pytest.mark.usefixtures("virtual_time")
async def test_a_television_behind_the_caller_is_not_heard_and_ends_no_turn_late() -> None:
    booth = Booth(["hello please", "nobody said this"], load=Load(partials=False))
    line = await booth.ring(television(3) + speech(1) + television(5))
    (heard,) = of(line, Heard)
    assert heard.text == "hello please"
    assert 4.0 <= heard.end <= 4.0 + HOLD + 0.15


@pytest.mark.usefixtures("virtual_time")
async def test_before_the_caller_has_said_anything_soft_speech_is_heard() -> None:
    line = await Booth(["hello please"]).ring(silence(2) + television(1) + silence(3))
    assert [heard.text for heard in of(line, Heard)] == ["hello please"]


@pytest.mark.usefixtures("virtual_time")
async def test_a_television_does_not_stop_the_bot() -> None:
    class Talker(ParrotBot):
        async def reply(self, words: str, t: float) -> Reply:
            return Reply(("one two three four five six seven eight nine ten " * 3,))

    call = silence(1.5) + television(2) + speech(1) + television(5)
    booth = Booth(["hello please", "news"], bot=Talker(), load=Load(partials=False))
    line = await booth.ring(call + silence(4))
    assert of(line, BargedIn) == []
    assert said(line)[1].startswith("one two three")
    assert len(of(line, Heard)) == 1
