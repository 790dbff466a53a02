"""The caller of the speech benchmarks: when they speak, and what they take for an answer."""

import pytest

from benchmarks.asking_caller import PATIENCE, QUIET, AskingCaller
from benchmarks.prompt_sounds import wave

LOUD, QUIETLY = wave(0.02, 0x10), b"\xff" * 160


class Line:
    """Runs a caller in steps of 20 ms against a bot that answers after `delays`, for half a second each."""

    def __init__(self, delays: list[float], *, greets: bool) -> None:
        self.caller = AskingCaller([wave(1.0, 0x10)] * len(delays), waits_for_greeting=greets)
        self.caller.connect(self._spoke, self._hang_up)
        self.asked: list[float] = []
        self.hung_up = False
        self._delays = delays
        self._plays: tuple[float, float] = (0.0, 0.5) if greets else (0.0, 0.0)
        self._t = 0.0

    def run(self) -> list[float]:
        while not self.hung_up and self._t < 60:
            heard = LOUD if self._plays[0] <= self._t < self._plays[1] else QUIETLY
            self.caller(self._t, QUIETLY, heard)
            self._t = round(self._t + 0.02, 2)
        return self.caller.answers

    def _spoke(self, clip: bytes) -> None:
        begins = self._t + 1.02 + self._delays[len(self.asked)]
        self.asked.append(self._t)
        self._plays = (begins, begins + 0.5)

    def _hang_up(self) -> None:
        self.hung_up = True


def test_each_answer_is_timed_from_the_end_of_its_question() -> None:
    line = Line([0.5, 1.3], greets=True)
    assert line.run() == pytest.approx([0.5, 1.3], abs=0.03)
    assert line.asked[0] == pytest.approx(0.5 + QUIET, abs=0.03)
    assert line.hung_up


def test_an_answer_that_never_comes_is_infinitely_late() -> None:
    line = Line([PATIENCE + 50, 0.4], greets=False)
    assert line.run() == [float("inf"), pytest.approx(0.4, abs=0.03)]
