import random
from pathlib import Path

from benchmarks import busy_day
from voice.replay.virtual_time import run


def test_nobody_is_dropped_and_no_agent_is_offered_two_calls(tmp_path: Path) -> None:
    figures = busy_day.figures(*run(busy_day.live(tmp_path, 60, 1)))
    assert figures["calls"] == 60
    assert figures["dropped"] == figures["offered_twice"] == 0
    assert int(figures["helped"]) > 40
    assert int(figures["told"]) > 20


def test_callers_come_in_waves_but_as_often_as_they_should() -> None:
    times = busy_day.arrivals(1_000, random.Random(1))
    assert times == sorted(times)
    assert 0.8 < times[-1] / (1_000 * busy_day.BETWEEN) < 1.2
