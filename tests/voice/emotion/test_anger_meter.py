from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.voice.emotion.synthetic_voice import speak
from voice.dialogue.playbook import load
from voice.dialogue.thresholds import AngerThresholds
from voice.emotion.anger import AngerMeter, AngerSettings, Measures
from voice.emotion.meters import Meters
from voice.emotion.model import PROSODY, shipped
from voice.emotion.prosody import NAMES
from voice.emotion.running import RunningVoice
from voice.emotion.speech import RATE
from voice.emotion.thresholds import LineState, LineThreshold
from voice.emotion.views import BASELINE_TURNS, Baseline, View
from voice.emotion.wording import Wording
from voice.journal.events import Felt
from voice.settings import VoiceSettings
from voice.takeover.triggers import Triggers

PLAYBOOK = load(VoiceSettings().playbooks / "fjord-pay")
BALANCE = "What is my balance, please?"
OUTRAGE = "This is unacceptable, I've been waiting for two hours!"


def feel(meter: AngerMeter, words: str = "", **voice: float) -> Felt:
    return meter.feel(speak(**voice), words, "en", 0.9)  # type: ignore[arg-type]  # floats, each of them


def furious(spreads: float) -> NDArray[np.float64]:
    """Return a turn each of whose statistics is that far on the angry side."""
    view = shipped().views[PROSODY]
    return np.asarray(view.alone.mean + spreads * view.alone.scale * np.sign(view.alone.weights))


def sounding(spreads: float, place: int = 0) -> Measures:
    """Return a turn that sounds so, as the meter measures it."""
    return Measures(speak(start=5.0 * place), {PROSODY: furious(spreads)})


def test_calm_words_in_an_even_voice_are_calm() -> None:
    meter = AngerMeter()
    assert all(feel(meter, BALANCE).anger < 0.4 for _ in range(4))


def test_strong_words_fire_alone_and_at_once() -> None:
    felt = feel(AngerMeter(), OUTRAGE)
    assert felt.anger >= 0.8
    assert 'said: "This is unacceptable, I\'ve been waiting for two hours"' in felt.why


def test_under_0_6_s_the_voice_is_unknown_and_the_words_decide() -> None:
    felt = feel(AngerMeter(), OUTRAGE, seconds=0.5)
    assert felt.voice is None
    assert felt.anger >= 0.8


def test_a_noisy_line_is_unknown_rather_than_wrong() -> None:
    felt = feel(AngerMeter(), BALANCE, noise=0.7)
    assert felt.voice is None
    assert "too noisy to tell from the voice" in felt.why
    assert felt.anger < 0.4


def test_emotion_can_be_switched_off_for_a_line() -> None:
    felt = feel(AngerMeter(AngerSettings(limits=AngerThresholds(heard=False))), BALANCE)
    assert felt.voice is None
    assert felt.why == ()


def test_words_cool_down() -> None:
    meter = AngerMeter()
    scores = [feel(meter, OUTRAGE, seconds=0.5).anger]
    scores += [feel(meter, BALANCE, seconds=0.5).anger for _ in range(4)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.2


def test_an_apology_that_works_is_felt_at_once() -> None:
    scores = []
    for apologises in (False, True):
        meter = AngerMeter()
        feel(meter, OUTRAGE, seconds=0.5)
        if apologises:
            meter.apologised()
        scores.append(feel(meter, BALANCE, seconds=0.5))
    assert scores[1].anger < 0.5 * scores[0].anger
    assert scores[1].why == ("calmer since the apology",)


def test_an_apology_that_does_not_work_changes_nothing() -> None:
    scores = []
    for apologises in (False, True):
        meter = AngerMeter()
        feel(meter, OUTRAGE, seconds=0.5)
        if apologises:
            meter.apologised()
        feel(meter, OUTRAGE, seconds=0.5)
        scores.append(feel(meter, BALANCE, seconds=0.5).anger)
    assert scores[0] == scores[1]


def test_a_turn_is_felt_as_it_goes_on_and_weighed_once() -> None:
    meter, plain = AngerMeter(), AngerMeter()
    whole = speak(5.0, pitch=180)
    so_far = meter.glimpse(meter.measure(whole.part(0, 2 * RATE)))
    assert so_far is not None
    assert (so_far.so_far, so_far.start, so_far.end) == (True, 0.0, 2.0)
    assert meter.feel(whole, BALANCE, "en", 0.9) == plain.feel(whole, BALANCE, "en", 0.9)


def test_too_little_speech_gives_no_glimpse() -> None:
    meter = AngerMeter()
    assert meter.glimpse(meter.measure(speak(0.5))) is None


def test_the_same_call_feels_the_same() -> None:
    def call() -> list[Felt]:
        meter = AngerMeter()
        return [feel(meter, BALANCE, pitch=100 + 30 * turn) for turn in range(4)]

    assert call() == call()


def test_times_are_the_turns_own() -> None:
    felt = feel(AngerMeter(), BALANCE, start=12.5)
    assert (felt.start, felt.end) == (12.5, 14.5)


def test_the_baseline_is_the_first_turns_and_then_stays() -> None:
    baseline = Baseline()
    assert baseline.mean("prosody") is None
    for turn in range(BASELINE_TURNS):
        baseline.take({"prosody": np.full(3, float(turn))})
    for _ in range(3):
        baseline.take({"prosody": np.full(3, 100.0)})
    mean = baseline.mean("prosody")
    assert mean is not None
    assert mean.tolist() == [2.0, 2.0, 2.0]


def test_the_baseline_is_frozen_while_the_score_is_high() -> None:
    running = RunningVoice(shipped())
    assert running.hear({PROSODY: furious(2)}) > 0.9
    assert running.baseline.turns == 0
    assert running.hear({PROSODY: furious(-2)}) < 0.1
    assert running.baseline.turns == 1


def test_one_loud_turn_moves_the_score_less_than_two() -> None:
    running = RunningVoice(shipped())
    scores, sustained = [], []
    for _ in range(3):
        running.hear({PROSODY: furious(1)})
        scores.append(running.score)
        sustained.append(running.sustained)
    assert scores == sorted(scores)
    assert sustained == [-1.0, *scores[1:]]
    assert running.peak == scores[-1]


def test_without_a_baseline_the_raw_path_decides_alone() -> None:
    assert shipped().views[PROSODY].score(furious(2), None, 0) > 2


def test_difference_from_the_own_calm_counts() -> None:
    view = shipped().views["prosody"]
    size = len(NAMES)
    assert isinstance(view, View)
    turn = view.alone.mean
    moved = turn - 0.5 * view.beside.scale[size:] * np.sign(view.beside.weights[size:])
    assert view.score(turn, moved, BASELINE_TURNS) > view.score(turn, turn, BASELINE_TURNS)


LOUD_BY_HABIT = {"gain": 0.9, "tilt": 0.8, "pitch": 190.0}
HURRIED = {"rate": 6.5, "pitch": 150.0}


@pytest.mark.parametrize(
    ("words", "voice"),
    [
        ("I'm hard of hearing, could you speak up, please?", LOUD_BY_HABIT),
        ("Quick, please, my train leaves in two minutes.", HURRIED),
        ("Oh how wonderful, thank you so much!", {"pitch": 200.0, "swing": 0.3, "rate": 5.0}),
    ],
)
def test_loud_by_habit_in_a_hurry_or_glad_is_no_anger(words: str, voice: dict[str, float]) -> None:
    meter, triggers = AngerMeter(), Triggers(PLAYBOOK)
    for turn in range(5):
        felt = feel(meter, words, **voice, start=5.0 * turn)
        assert triggers.observe(felt, felt.end) is None
        assert felt.anger < PLAYBOOK.thresholds.anger.sustained


def test_one_loud_turn_hands_nobody_over() -> None:
    meter, triggers = AngerMeter(), Triggers(PLAYBOOK)
    for turn, voice in enumerate(({}, {}, {"gain": 0.9, "tilt": 0.3, "pitch": 230.0}, {}, {})):
        felt = feel(meter, BALANCE, **voice, start=5.0 * turn)
        assert triggers.observe(felt, felt.end) is None


NO_WORDS = Wording(0.0, "", ())
IMPATIENT = Wording(0.8, "still nothing", ())


def fires(meter: AngerMeter, *turns: float, said: Wording = NO_WORDS) -> list[bool]:
    """Return whether each turn, as far on the angry side, is handed over."""
    triggers = Triggers(PLAYBOOK)
    found = []
    for place, spreads in enumerate(turns):
        felt = meter.weigh(sounding(spreads, place), said if spreads > 0 else NO_WORDS)
        found.append(triggers.observe(felt, felt.end) is not None)
    return found


@pytest.mark.parametrize("threshold", [-0.3, 0.2])
def test_a_voice_above_the_lines_threshold_hands_over_in_the_second_turn(threshold: float) -> None:
    def meter() -> AngerMeter:
        return AngerMeter(AngerSettings(threshold=threshold))

    calm, angry, furious = -0.5, 1, 4
    assert fires(meter(), calm, calm, angry, angry) == [False, False, False, True]
    assert fires(meter(), calm, calm, angry, calm, angry) == [False, False, False, False, True]
    assert fires(meter(), calm, calm, angry, calm, calm, calm, calm, angry, calm) == [False] * 9
    assert fires(meter(), calm, calm, furious, calm, calm) == [False] * 5
    assert fires(meter(), calm, calm, angry, said=IMPATIENT) == [False, False, True]


def test_a_pinned_threshold_and_a_learnt_one_make_the_voice_fire() -> None:
    meters = Meters(None, None, today=lambda: date(2026, 3, 1))
    turns = (-0.5, -0.5, 0.5, 0.5)
    assert not any(fires(meters.meter("pay"), *turns))
    low, high = (AngerThresholds(pinned=pinned) for pinned in (0.25, 0.999))
    assert fires(meters.meter("pay", low), *turns) == [False, False, False, True]
    assert not any(fires(meters.meter("pay", high), *turns))
    meters.learn("pay", LineThreshold(LineState((-0.5,) * 150, 150)))
    assert fires(meters.meter("pay"), *turns) == [False, False, False, True]
    assert not any(fires(meters.meter("pay", high), *turns))


def test_without_a_threshold_a_voice_hands_over_alone_only_where_it_is_extreme() -> None:
    assert fires(AngerMeter(), -2, -2, 1) == [False] * 3
    assert fires(AngerMeter(), -2, -2, 4) == [False, False, True]


def test_within_its_second_angry_turn_a_caller_is_handed_over_at_once() -> None:
    meter, triggers = AngerMeter(AngerSettings(threshold=-0.3)), Triggers(PLAYBOOK)
    so_far = meter.glimpse(sounding(1))
    assert so_far is not None
    assert triggers.observe(so_far, 2.0) is None
    assert triggers.observe(meter.weigh(sounding(1), NO_WORDS), 3.0) is None
    so_far = meter.glimpse(sounding(1, place=1))
    assert so_far is not None
    assert triggers.observe(so_far, 7.0) is not None


def test_the_playbooks_limits_say_what_a_voice_is_worth() -> None:
    limits = AngerThresholds(strong=0.7, sustained=0.5)
    meter = AngerMeter(AngerSettings(threshold=-0.3, limits=limits))
    scores = [meter.weigh(sounding(1, place), NO_WORDS).anger for place in range(2)]
    assert scores[0] < limits.sustained
    assert scores[1] >= limits.strong


def test_whoever_is_handed_over_for_their_voice_is_told_why() -> None:
    """Even where what moved the score lies some turns back."""
    meter = AngerMeter(AngerSettings(threshold=-0.9))
    for spreads in (2, 2, -0.5, -0.5):
        felt = meter.weigh(sounding(spreads), NO_WORDS)
        assert (felt.why != ()) == (felt.anger >= 0.4)
    meter = AngerMeter()
    meter.weigh(Measures(speak(0.4), None), Wording(1.0, "enough", ()))
    felt = meter.weigh(Measures(speak(0.4), None), NO_WORDS)
    assert felt.anger >= 0.4
    assert felt.why == ("not settled since the turns before",)
