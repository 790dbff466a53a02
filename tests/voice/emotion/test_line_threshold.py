import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.emotion.synthetic_voice import speak
from voice.dialogue.thresholds import AngerThresholds
from voice.emotion import meters as all_meters
from voice.emotion.line_files import LineFiles
from voice.emotion.thresholds import LineState, LineThreshold, conformal

TODAY = date(2026, 3, 1)
Meters = partial(all_meters.Meters, today=lambda: TODAY)


def taught(peaks: list[float], **settings: float) -> LineThreshold:
    threshold = LineThreshold(**settings)  # type: ignore[arg-type]  # floats, each of them
    for peak in peaks:
        threshold = threshold.heard(peak)
    return threshold


def test_a_line_knows_nothing_before_a_hundred_calls() -> None:
    assert taught([0.1] * 99).value is None
    assert taught([0.1] * 100).value == 0.1


def test_false_calls_stay_near_what_was_promised() -> None:
    rng = np.random.default_rng(3)
    shares = []
    for _ in range(40):
        value = taught(rng.normal(-0.8, 0.2, 300).tolist(), rare=0.0, margin=0.0).value
        assert value is not None
        shares.append((rng.normal(-0.8, 0.2, 2000) > value).mean())
    assert np.mean(shares) == pytest.approx(0.02, abs=0.005)


def test_a_margin_is_left_for_callers_it_has_not_heard() -> None:
    calls = np.random.default_rng(5).normal(-0.8, 0.2, 300).tolist()
    wide, plain = taught(calls), taught(calls, margin=0.0)
    assert wide.value == pytest.approx((plain.value or 0.0) + 0.1, abs=0.02)


def test_a_few_angry_calls_among_them_do_not_lift_it_out_of_reach() -> None:
    rng = np.random.default_rng(4)
    calm = rng.normal(-0.8, 0.1, 200).tolist()
    value = taught([*calm, 1.0, 1.2, 0.9, 1.1]).value
    assert value is not None
    assert value < -0.4


def test_an_operator_pins_it() -> None:
    assert LineThreshold(pinned=0.3).value == 0.3


def test_what_the_journal_names_can_be_pinned() -> None:
    meters = Meters(None, None)
    meter = meters.meter("pay", AngerThresholds(pinned=0.8))
    assert meter._settings.threshold is not None
    assert meters.reads(meter._settings.threshold) == pytest.approx(0.8)


def test_old_calls_fade() -> None:
    threshold = taught([5.0] * 100 + [0.0] * 200, memory=200)
    assert threshold.value == 0.0
    assert threshold.state.calls == 300


@given(st.lists(st.floats(-5, 5), min_size=100, max_size=200), st.floats(0.005, 0.2))
def test_the_quantile_leaves_at_most_its_share_above(peaks: list[float], share: float) -> None:
    assert np.mean(np.array(peaks) > conformal(peaks, share)) <= share


def test_what_a_line_learnt_outlives_the_process(tmp_path: Path) -> None:
    meters = Meters(tmp_path / "lines", None)
    moved = []
    for _ in range(101):
        meter = meters.meter("fjord/pay")
        meter.feel(speak(1.5), "", "en", 1.0)
        moved.append(meters.ended("fjord/pay", meter))
    assert [event is not None for event in moved] == [False] * 99 + [True, False]
    learnt = moved[99]
    assert learnt is not None
    assert (learnt.line, learnt.before, learnt.calls) == ("fjord/pay", None, 100)
    again = Meters(tmp_path / "lines", None).meter("fjord/pay")
    assert again._settings.threshold is not None
    assert meters.reads(again._settings.threshold) == pytest.approx(learnt.threshold, abs=1e-3)


def test_a_damaged_file_is_a_line_that_starts_again(tmp_path: Path) -> None:
    (tmp_path / "pay.json").write_text("{", encoding="utf-8")
    assert Meters(tmp_path, None).meter("pay")._settings.threshold is None


def test_a_call_nobody_spoke_on_teaches_nothing(tmp_path: Path) -> None:
    meters = Meters(tmp_path, None)
    assert meters.ended("pay", meters.meter("pay")) is None
    assert not list(tmp_path.iterdir())


def test_calibration_replaces_what_was_learnt(tmp_path: Path) -> None:
    meters = Meters(tmp_path, None)
    meters.learn("pay", LineThreshold(LineState((0.5,) * 150, 150)))
    assert meters.meter("pay")._settings.threshold == 0.5


def test_what_a_line_learnt_ages_with_the_calls(tmp_path: Path) -> None:
    day = TODAY

    def on(lines: Path) -> all_meters.Meters:
        return all_meters.Meters(lines, None, today=lambda: day, keep_days=30)

    old = on(tmp_path)
    old.learn("pay", LineThreshold(LineState((0.5,) * 150, 150)))
    old.learn("other", LineThreshold(LineState((0.5,) * 150, 150)))
    day = TODAY + timedelta(days=20)
    assert on(tmp_path).meter("pay")._settings.threshold == 0.5
    meter = old.meter("pay")
    meter.feel(speak(1.5), "", "en", 1.0)
    old.ended("pay", meter)
    day = TODAY + timedelta(days=31)
    assert on(tmp_path).meter("pay")._settings.threshold is None
    assert old.meter("pay")._settings.threshold is None
    on(tmp_path).forget()
    assert [file.name for file in tmp_path.iterdir()] == ["pay.json"]
    day = TODAY + timedelta(days=51)
    old.forget()
    assert not list(tmp_path.iterdir())


def test_what_bears_no_date_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "pay.json").write_text('{"peaks": [0.5, 0.5], "calls": 2}', encoding="utf-8")
    Meters(tmp_path, None).forget()
    assert not list(tmp_path.iterdir())


def test_what_is_calibrated_beside_a_running_worker_counts_at_once_and_stays(tmp_path: Path) -> None:
    worker, command = Meters(tmp_path, None), Meters(tmp_path, None)
    meter = worker.meter("pay")
    meter.feel(speak(1.5), "", "en", 1.0)
    command.learn("pay", LineThreshold(LineState((0.5,) * 150, 150)))
    assert worker.meter("pay")._settings.threshold == 0.5
    worker.ended("pay", meter)
    state = LineFiles(tmp_path).read("pay")
    assert state.calls == 151
    assert state.peaks[:150] == (0.5,) * 150


def test_workers_that_learn_at_once_lose_no_call(tmp_path: Path) -> None:
    lines = [LineFiles(tmp_path) for _ in range(8)]

    def learn(own: LineFiles) -> None:
        for _ in range(20):
            own.change("pay", lambda state: LineState((*state.peaks, 0.1), state.calls + 1))

    with ThreadPoolExecutor(len(lines)) as pool:
        list(pool.map(learn, lines))
    assert LineFiles(tmp_path).read("pay").calls == 160


@pytest.mark.usefixtures("virtual_time")
async def test_a_quiet_line_forgets_by_the_clock(tmp_path: Path) -> None:
    day = TODAY
    meters = all_meters.Meters(tmp_path, None, today=lambda: day, keep_days=30)
    meters.learn("pay", LineThreshold(LineState((0.5,) * 150, 150)))
    (tmp_path / "pay.new").write_text("what a crash left", encoding="utf-8")
    forgetting = asyncio.create_task(meters.forget_in_time())
    await asyncio.sleep(10)
    assert [file.name for file in tmp_path.iterdir()] == ["pay.json"]
    day = TODAY + timedelta(days=31)
    await asyncio.sleep(all_meters.FORGETS_EVERY)
    assert not list(tmp_path.iterdir())
    forgetting.cancel()


def test_in_memory_a_line_learns_and_forgets_too() -> None:
    day = TODAY
    meters = all_meters.Meters(None, None, today=lambda: day, keep_days=30)
    meters.learn("pay", LineThreshold(LineState((0.5,) * 150, 150)))
    assert meters.meter("pay")._settings.threshold == 0.5
    day = TODAY + timedelta(days=31)
    assert meters.meter("pay")._settings.threshold is None
    meters.forget()
    assert meters._files.read("pay").peaks == ()
