"""Turns with pauses inside: scripted in `pauses/*.yaml`, rendered where they are wanted, none kept here.

A turn is spoken whole, so that its voice does not fall where it pauses, and silence is put in afterwards: a
comma marks the place, and the audio of the words before it says where about that is.
"""

import hashlib
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from audio_fixtures.speech import LINE_RATE, RATE, NoVoiceError, trimmed, voice_file
from audio_fixtures.voicing import Audio, coloured_noise, set_level, telephone_band
from voice import wave_file, yaml_file

SCRIPTS = Path(__file__).with_name("pauses")
LANGUAGES = ("en", "fr")
Given = Literal["digits", "date", "birthday", "name"]
Half = Literal["development", "final"]
Voice = Literal["joe", "rms", "slt", "awb"]
"""Who speaks the English ones: Piper's Joe, or one of flite's."""
BEFORE, AFTER = 1.0, 3.0
"""Seconds of line before the turn and after it."""
_LEVEL, _NOISE = -24.0, -62.0
_PIPER_LENGTH = "1.05"
_LIMIT = 600
_ABOUT = 0.35
"""Seconds by which a pause may lie elsewhere than the words before it, spoken alone, would have it."""
_GAP = 0.08
"""Seconds over which quiet is looked for."""


@dataclass(frozen=True)
class Paused:
    """A turn.

    Attributes:
        language: it is spoken in.
        parts: what is said, in order.
        pauses: seconds between one part and the next.
        collects: what the bot had asked for.
    """

    language: str
    parts: tuple[str, ...]
    pauses: tuple[float, ...]
    collects: Given | None = None

    def text(self, parts: int | None = None) -> str:
        """Return the first so many parts as one text; all of them where no number is given."""
        marked = [part.rstrip(",") + "," for part in self.parts[:parts]]
        if parts is None:
            marked[-1] = self.parts[-1]
        return " ".join(marked)


@dataclass(frozen=True)
class Rendered:
    """A turn as it comes down the line.

    Attributes:
        turn: what it is.
        audio: 8 kHz, 16 bits.
        spoken: start and end of each part, in seconds of the audio.
    """

    turn: Paused
    audio: NDArray[np.int16]
    spoken: tuple[tuple[float, float], ...]


def turns(half: Half, language: str) -> list[Paused]:
    """Return a language's turns in the order written. Raises `ValueError` where one is malformed."""
    out = []
    for entry in yaml_file.load(SCRIPTS / f"{half}.{language}.yaml"):
        said = entry["say"] if isinstance(entry, dict) else entry
        collects = entry["collects"] if isinstance(entry, dict) else None
        parts, pauses = tuple(said[0::2]), tuple(said[1::2])
        if not all(isinstance(part, str) for part in parts) or len(pauses) != len(parts) - 1:
            raise ValueError(f"{half}.{language}.yaml: {said}: write words, seconds, words, and so on.")
        out.append(Paused(language, parts, tuple(float(pause) for pause in pauses), collects))
    return out


def render(wanted: Sequence[Paused], folder: Path, voice: Voice = "joe") -> Iterator[Rendered]:
    """Yield the turns spoken: French by eSpeak NG, English by `voice`; what they say is kept in `folder`.

    Raises:
        NoVoiceError: a voice is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for language, same in itertools.groupby(wanted, lambda turn: turn.language):
        texts = {turn.text(n or None) for turn in same for n in range(len(turn.parts))}
        _speak(_speaker(language, voice), texts, folder)
    for number, turn in enumerate(wanted):
        yield _joined(turn, folder, _speaker(turn.language, voice), number)


def _speaker(language: str, voice: Voice) -> str:
    return voice if language == "en" else language


def _joined(turn: Paused, folder: Path, speaker: str, seed: int) -> Rendered:
    whole = _audio(folder, speaker, turn.text())
    beginnings = [_audio(folder, speaker, turn.text(n)) for n in range(1, len(turn.parts))]
    cuts = _quiet_places(whole, [len(beginning) for beginning in beginnings])
    pieces: list[Audio] = [np.zeros(round(BEFORE * LINE_RATE))]
    spoken: list[tuple[float, float]] = []
    for piece, pause in zip(np.split(whole, cuts), (*turn.pauses, AFTER), strict=True):
        start = sum(map(len, pieces)) / LINE_RATE
        pieces.append(soxr.resample(trimmed(piece), RATE, LINE_RATE, quality="VHQ"))
        spoken.append((start, sum(map(len, pieces)) / LINE_RATE))
        pieces.append(np.zeros(round(pause * LINE_RATE)))
    audio = set_level(np.concatenate(pieces), LINE_RATE, _LEVEL)
    audio += coloured_noise(len(audio), LINE_RATE, _NOISE, 1.0, seed)
    return Rendered(turn, np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16), tuple(spoken))


def _quiet_places(audio: Audio, about: Sequence[int]) -> list[int]:
    """Return the middle of the quietest stretch near each sample, and nearer to it than to its neighbours."""
    window = round(_GAP * RATE)
    power = np.convolve(audio**2, np.ones(window) / window, "same")
    bounds = [0, *about, len(audio)]
    places = []
    for before, here, after in zip(bounds[:-2], about, bounds[2:], strict=True):
        reach = min(round(_ABOUT * RATE), (here - before) * 2 // 5, max(after - here, 0) * 2 // 5)
        low, high = here - reach, here + reach + 1
        places.append(low + int(np.argmin(power[low:high])))
    return places


def _audio(folder: Path, speaker: str, text: str) -> Audio:
    """Return a text as it sounds on a telephone, at 16 kHz and without silence around it."""
    raw, rate = wave_file.read(_kept(folder, speaker, text))
    audio = soxr.resample(raw / 32768.0, rate, RATE, quality="VHQ")
    return trimmed(telephone_band(audio, RATE))


def _kept(folder: Path, speaker: str, text: str) -> Path:
    return folder / f"{speaker}-{hashlib.sha256(text.encode()).hexdigest()[:24]}.wav"


def _speak(speaker: str, texts: set[str], folder: Path) -> None:
    missing = sorted(text for text in texts if not _kept(folder, speaker, text).is_file())
    if missing and speaker == "joe":
        _piper(missing, folder)
        return
    for text in missing:
        path = str(_kept(folder, speaker, text))
        espeak = ["espeak-ng", "-v", speaker, "-s", "165", "-w", path, "--", text]
        _run(espeak if speaker == "fr" else ["flite", "-voice", speaker, "-t", text, "-o", path])


def _piper(texts: list[str], folder: Path) -> None:
    """Have all texts spoken by one process, a file each."""
    with tempfile.TemporaryDirectory() as made:
        lines = Path(made) / "texts.txt"
        lines.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        _run([sys.executable, "-m", "piper", "-m", str(voice_file()), "-i", str(lines), "-d", made,
              "--length-scale", _PIPER_LENGTH, "--noise-scale", "0", "--noise-w-scale", "0"])  # fmt: skip
        spoken = sorted(Path(made).glob("*.wav"), key=lambda path: int(path.stem))
        for text, path in zip(texts, spoken, strict=True):
            path.rename(_kept(folder, "joe", text))


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)  # noqa: S603 (our own arguments)
    except FileNotFoundError:
        raise NoVoiceError(f"{command[0]} is not installed: apt-get install {command[0]}.") from None
    if done.returncode:
        raise NoVoiceError(f"{command[0]} could not speak: {done.stderr.strip().splitlines()[-1:]}")
