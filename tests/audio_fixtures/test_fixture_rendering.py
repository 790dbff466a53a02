import warnings
import wave
from pathlib import Path

import pytest

from audio_fixtures.recording import Key
from audio_fixtures.render import perform, write
from audio_fixtures.script import CALLS, load, parse

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

SHORT = """
title: One word
caller: {number: "+4740000000", size: 0.9, pitch: 2}
turns:
  - wait: 0.5
  - say: "Hello there."
    how: {rate: 1.1, pitch: 3, effort: 0.5, loudness: -20}
  - press: "5"
  - wait: 0.25
  - hang_up: true
agent: {size: 1.1, turns: [{say: "Yes."}]}
expect: {states: [ended]}
"""


@pytest.mark.models
def test_the_same_script_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("piper")
    (tmp_path / "short.yaml").write_text(SHORT)
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        for part in ("calls", "agents"):
            (folder / part).mkdir(parents=True)
        write("short", load("short", tmp_path), tmp_path, folder / "calls", folder / "agents")
    for file in ("calls/short.wav", "calls/short.json", "agents/short.wav"):
        assert (one / file).read_bytes() == (two / file).read_bytes()


def test_keys_and_hanging_up_fall_where_the_script_has_them() -> None:
    script = parse(
        "title: t\ncaller: {number: '+4740000000'}\n"
        "turns: [{wait: 1.5}, {press: '0'}, {wait: 2}, {hang_up: true}]\nexpect: {states: [ended]}",
        "keys.yaml",
    )
    call = perform(script.turns, script.caller, script.noise, script.seed)
    assert call.person_from is None
    assert call.dtmf == (Key(at=1.5, digit="0"),)
    assert call.hang_up_at == pytest.approx(3.5)
    assert len(call.audio) == 3.5 * 8000


def test_a_committed_call_survives_encoding_unchanged() -> None:
    with wave.open(str(CALLS / "presses_zero.wav"), "rb") as file:
        linear = file.readframes(file.getnframes())
    assert audioop.ulaw2lin(audioop.lin2ulaw(linear, 2), 2) == linear
