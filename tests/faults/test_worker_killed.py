"""`kill -9` of the voice worker, in every state and with the real bot on the line: nobody is dropped.

A few runs of what `python -m benchmarks.worker_killed` does by the hundred.
"""

from pathlib import Path

import pytest

from benchmarks.killing_stage import STATES
from benchmarks.worker_killed import soak
from benchmarks.worker_killed_real import kill_again_and_again
from telephony.takeover.phases import Phase


def test_the_worker_is_killed_in_every_state_there_is() -> None:
    assert set(STATES) == {phase.value for phase in Phase} - {Phase.ENDED.value}


@pytest.mark.timeout(120)
async def test_a_killed_worker_drops_no_caller_in_any_state() -> None:
    count = await soak(len(STATES))
    assert count.dropped == []
    assert count.runs == len(STATES)
    assert count.old_words_lost == 0
    assert count.told and not count.untold


@pytest.mark.models
@pytest.mark.timeout(120)
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the worker through /proc")
async def test_the_bot_that_comes_back_knows_what_was_said(tmp_path: Path) -> None:
    killed = await kill_again_and_again(1, tmp_path)
    assert killed.dropped == []
    assert not killed.untold
    assert killed.returned == killed.knew == 1
