"""Agents and callers who do everything at every moment: a little of `python -m benchmarks.desk_soak`."""

import pytest

from benchmarks.desk_soak import soak


@pytest.mark.timeout(90)
async def test_no_desk_loses_its_duty_whatever_agents_and_callers_do() -> None:
    soaked = await soak(6.0)
    assert soaked.calls and soaked.acts
    assert soaked.errors == []
    assert soaked.desks_failed == 0
    assert soaked.not_rung == []
    assert soaked.calls_left == 0
