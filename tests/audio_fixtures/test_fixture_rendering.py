import warnings
import wave
from pathlib import Path

import numpy as np
import pytest

from audio_fixtures.render import perform, through_companding, write
from audio_fixtures.script import CALLS, SCRIPTS, load, parse

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
expect: {states: [ended]}
"""


@pytest.mark.models
def test_the_same_script_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("piper")
    (tmp_path / "short.yaml").write_text(SHORT)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write("short", load("short", tmp_path), tmp_path, tmp_path / folder)
    for kind in ("wav", "json"):
        first = (tmp_path / "one" / f"short.{kind}").read_bytes()
        assert first == (tmp_path / "two" / f"short.{kind}").read_bytes()


def test_keys_and_hanging_up_fall_where_the_script_has_them() -> None:
    script = parse(
        "title: t\ncaller: {number: '+4740000000'}\n"
        "turns: [{wait: 1.5}, {press: '0'}, {wait: 2}, {hang_up: true}]\nexpect: {states: [ended]}",
        "keys.yaml",
    )
    call = perform(script)
    assert call.dtmf == ((1.5, "0"),)
    assert call.hang_up_at == pytest.approx(3.5)
    assert len(call.audio) == 3.5 * 8000


def test_companding_agrees_with_another_g711() -> None:
    samples = np.arange(-32768, 32768)
    linear = samples.astype("<i2").tobytes()
    other = np.frombuffer(audioop.ulaw2lin(audioop.lin2ulaw(linear, 2), 2), "<i2")
    ours = through_companding(samples / 32768)
    # The two differ where a sample lies between two steps and where the sign of nothing is taken.
    assert np.abs(ours - other).max() <= 1024
    assert np.mean(ours == other) > 0.95
    assert np.array_equal(through_companding(ours / 32768), ours)


def test_a_committed_call_survives_encoding_unchanged() -> None:
    with wave.open(str(CALLS / "presses_zero.wav"), "rb") as file:
        linear = file.readframes(file.getnframes())
    assert audioop.ulaw2lin(audioop.lin2ulaw(linear, 2), 2) == linear
    assert (SCRIPTS / "presses_zero.yaml").exists()
