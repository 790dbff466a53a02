import json
import sys
from collections.abc import Mapping

import click
import pytest

from benchmarks import report, takeover


async def test_every_figure_is_there_with_its_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takeover, "QUICK_CALLS", 1)
    monkeypatch.setattr(takeover, "FRAMES", 5)
    figures = await takeover.measure(True)
    assert figures["calls"] == 2
    for name in ("trigger_to_ring", "accept_to_audio", "key_to_waiting"):
        assert float(figures[f"{name}_ms"]) > 0
        assert float(figures[f"{name}_to_loopback"]) > 0


def test_the_last_line_is_one_json_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measure(quick: bool) -> Mapping[str, float]:
        click.echo("working on it")
        return {"quick_was": float(quick), "took_ms": report.middle_ms([0.001, 0.5, 0.0025])}

    monkeypatch.setattr(sys, "argv", ["benchmarks.nothing", "--quick"])
    report.main("nothing", "Measures nothing.", measure)
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"benchmark": "nothing", "quick": True, "quick_was": 1.0, "took_ms": 2.5}
