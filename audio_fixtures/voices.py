"""Many synthetic callers saying short things: Piper, Flite, eSpeak NG, SVOX Pico, each a program, and Kokoro.

Piper's "joe" (CC0) and Flite's four speakers (a licence like BSD's) are recorded people; played faster or
slower and with their pitch moved back they are others. French is spoken by eSpeak NG, and by "joe" from
phonemes of his English that come near the French ones: a French with an accent.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import soxr

from audio_fixtures import kokoro, pico
from audio_fixtures.speech import LINE_RATE, RATE, NoVoiceError, trimmed, voice_file
from audio_fixtures.voicing import Audio, move_pitch, set_level, telephone_band
from voice import wave_file

LEVEL = -24.0
"""Decibels of the speech below full scale."""
_WORDS_A_MINUTE = 165
_SECONDS = 300


@dataclass(frozen=True, order=True)
class Voice:
    """A synthetic caller.

    Attributes:
        program: `piper`, `flite`, `espeak`, `pico` or `kokoro`.
        name: of the voice in that program; Piper's is the installed one.
        size: of the vocal tract: formants lie so many times higher.
        pitch: semitones by which it is moved.
        noise: how much of its random variation Piper speaks with, 0..1.
    """

    program: str
    name: str
    size: float = 1.0
    pitch: float = 0.0
    noise: float = 0.0

    @property
    def label(self) -> str:
        """Return what tells this caller from the others."""
        return f"{self.program} {self.name} {self.size:g} {self.pitch:g}"


def say(texts: Sequence[str], voice: Voice, speed: float) -> list[Audio]:
    """Return each text as the voice says it, at 8 kHz and `LEVEL`, without the silence around it.

    Args:
        texts: what is said; for Piper also phonemes, as `[[ wi ]]`.
        voice: by whom.
        speed: how fast, times the usual.

    Raises:
        NoVoiceError: the program is not installed or cannot speak.
    """
    programs = {"piper": _piper, "flite": _flite, "espeak": _espeak, "pico": _pico, "kokoro": _kokoro}
    spoken = programs[voice.program](texts, voice, speed / voice.size)
    return [_as_caller(raw, rate, voice) for raw, rate in spoken]


def _as_caller(raw: Audio, rate: int, voice: Voice) -> Audio:
    audio = soxr.resample(raw, rate, RATE * voice.size, quality="VHQ")
    if voice.pitch:
        audio = move_pitch(audio, RATE, voice.pitch)
    audio = telephone_band(audio, RATE)
    return set_level(soxr.resample(trimmed(audio), RATE, LINE_RATE, quality="VHQ"), LINE_RATE, LEVEL)


def _piper(texts: Sequence[str], voice: Voice, speed: float) -> list[tuple[Audio, int]]:
    with tempfile.TemporaryDirectory() as folder:
        lines, spoken = Path(folder) / "lines", Path(folder) / "spoken"
        lines.write_text("\n".join(texts) + "\n", encoding="utf-8")
        speed_and_noise = {
            "--length-scale": 1 / speed,
            "--noise-scale": 0.667 * voice.noise,
            "--noise-w-scale": 0.8 * voice.noise,
        }
        command = [
            sys.executable,
            "-m",
            "piper",
            "-m",
            str(voice_file()),
            "-i",
            str(lines),
            "-d",
            str(spoken),
        ]
        for option, value in speed_and_noise.items():
            command += [option, f"{value:.4f}"]
        _run(command)
        return [_read(path) for path in sorted(spoken.glob("*.wav"), key=lambda path: int(path.stem))]


def _flite(texts: Sequence[str], voice: Voice, speed: float) -> list[tuple[Audio, int]]:
    return [
        _written(
            ["flite", "-voice", voice.name, "--setf", f"duration_stretch={1 / speed:.3f}", "-t", text, "-o"]
        )
        for text in texts
    ]


def _espeak(texts: Sequence[str], voice: Voice, speed: float) -> list[tuple[Audio, int]]:
    pace = str(round(_WORDS_A_MINUTE * speed))
    return [_written(["espeak-ng", "-v", voice.name, "-s", pace, f"{text}", "-w"]) for text in texts]


def _pico(texts: Sequence[str], voice: Voice, speed: float) -> list[tuple[Audio, int]]:
    return pico.speak(texts, voice.name, speed)


def _kokoro(texts: Sequence[str], voice: Voice, speed: float) -> list[tuple[Audio, int]]:
    return kokoro.speak(texts, voice.name, speed)


def _written(command: Sequence[str]) -> tuple[Audio, int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "word.wav"
        _run([*command, str(path)])
        return _read(path)


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 (our own arguments)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoVoiceError(f"{command[0]} could not speak: {error}") from error


def _read(path: Path) -> tuple[Audio, int]:
    raw, rate = wave_file.read(path)
    return raw / 32768.0, rate
