"""Callers read from files, and the command that rings with them."""

import json
import socket
import wave
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from telephony.carriers.emulator_cli import call
from telephony.carriers.recorded_caller import CallerError, KeyPress, load
from telephony.legs import mulaw


def write_wav(path: Path, *, rate: int = 8_000, channels: int = 1, seconds: float = 0.2) -> None:
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(channels)
        recording.setsampwidth(2)
        recording.setframerate(rate)
        recording.writeframes(np.full(round(rate * seconds) * channels, 1_000, np.int16).tobytes())


def test_a_recording_with_its_script(tmp_path: Path) -> None:
    write_wav(tmp_path / "one.wav")
    script = {
        "duration": 0.2,
        "dtmf": [{"at": 0.1, "digit": "0"}],
        "hang_up_at": 0.15,
        "caller": "+4790000009",
    }
    (tmp_path / "one.json").write_text(json.dumps(script))
    caller = load(str(tmp_path / "one.wav"))
    assert caller.seconds == pytest.approx(0.2)
    assert set(mulaw.decode(caller.audio)) == {988}
    assert caller.keys == (KeyPress(at=0.1, digit="0"),)
    assert (caller.hang_up_at, caller.number) == (0.15, "+4790000009")


def test_a_recording_alone(tmp_path: Path) -> None:
    write_wav(tmp_path / "two.WAV")
    caller = load(str(tmp_path / "two.WAV"))
    assert (caller.keys, caller.hang_up_at, caller.number) == ((), None, None)


def test_fixtures_are_known_by_name() -> None:
    caller = load("presses_zero")
    assert [key.digit for key in caller.keys] == ["0"]
    with pytest.raises(CallerError, match=r"no recording 'nobody': give a WAV file or one of .*presses_zero"):
        load("nobody")


def test_what_cannot_be_played_is_one_sentence(tmp_path: Path) -> None:
    write_wav(tmp_path / "wide.wav", rate=16_000, channels=2)
    with pytest.raises(CallerError, match=r"has 16000 Hz, 2 channels, 16 bits: convert it to"):
        load(str(tmp_path / "wide.wav"))
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(CallerError, match="is not a WAV file that can be read"):
        load(str(tmp_path / "text.wav"))
    write_wav(tmp_path / "three.wav")
    (tmp_path / "three.json").write_text('{"dtmf": 3}')
    with pytest.raises(CallerError, match=r"three.json cannot be read: .*dtmf"):
        load(str(tmp_path / "three.wav"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody"], "There is no recording 'nobody'"),
        (["presses_zero", "--auth-token", ""], "Set HOOKFLASH_TWILIO_AUTH_TOKEN to the token"),
        (["{wav}", "--url", "ws://127.0.0.1:9/media"], "The stream could not be connected"),
        (["{wav}", "--url", "http://127.0.0.1:9/twilio/voice"], "the webhook failed"),
        (["{wav}", "--api-url", "{taken}"], "HOOKFLASH_TWILIO_API_URL http://127.0.0.1:"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    write_wav(tmp_path / "short.wav")
    environment = {"HOOKFLASH_TWILIO_AUTH_TOKEN": "t", "HOOKFLASH_TWILIO_API_URL": ""}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        names = {"wav": tmp_path / "short.wav", "taken": f"http://127.0.0.1:{taken.getsockname()[1]}"}
        filled = [one.format(**names) for one in arguments]
        result = CliRunner().invoke(call, filled, env=environment)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
