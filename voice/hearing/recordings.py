"""Recordings with known words: a folder's `manifest.csv`, and its sound as a telephone line brings it."""

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import av
import numpy as np
from faster_whisper.audio import decode_audio
from numpy.typing import NDArray

from voice.emotion.line import LINE_RATE, mu_law
from voice.hearing.resampling import DoublingResampler

MANIFEST = "manifest.csv"
SIDES = {"": None, "left": 0, "0": 0, "right": 1, "1": 1}
"""What may stand in `channel`, and which of a stereo file's it means."""

Turns = tuple[tuple[float, float], ...]


class ManifestError(ValueError):
    """A folder cannot be measured on; one sentence says what to mend."""


@dataclass(frozen=True)
class Recording:
    """One file, or one side of it.

    Attributes:
        path: the sound file.
        file: its name as the manifest has it.
        text: what is said.
        language: of the words.
        channel: 0 left or 1 right of a stereo file; None for a file of one channel.
        turns: start and end in seconds of each true turn; empty where they are not known.
    """

    path: Path
    file: str
    text: str
    language: str
    channel: int | None
    turns: Turns


def read_manifest(folder: Path) -> list[Recording]:
    """Return a folder's recordings in the order of its manifest.

    Lines for the same file and channel that follow each other are its turns in their order.

    Raises:
        ManifestError: the manifest is missing or lacks a column, or a line is wrong.
    """
    path = folder / MANIFEST
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            lacking = [name for name in ("file", "text") if name not in (rows.fieldnames or ())]
            if lacking:
                raise ManifestError(f"{path}:1: there is no column `{lacking[0]}`: add it.")
            lines = [_line(folder, row, number) for number, row in enumerate(rows, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"There is no readable {MANIFEST} in {folder} ({error}).") from None
    groups = groupby(lines, lambda line: (line.path, line.channel))
    return [_joined(list(group)) for _, group in groups]


def telephoned(recording: Recording) -> NDArray[np.int16]:
    """Return what a telephone line brings of a recording, mu-law at 8 kHz, at 16 kHz again.

    Raises:
        ManifestError: it cannot be read, or its channels do not fit the manifest.
    """
    path = recording.path
    try:
        with av.open(str(path)) as container:
            channels = container.streams.audio[0].channels
        sides = decode_audio(str(path), sampling_rate=LINE_RATE, split_stereo=recording.channel is not None)
    except (OSError, ValueError, IndexError, RuntimeError) as error:
        raise ManifestError(f"{path} cannot be read as sound ({type(error).__name__}).") from None
    if (recording.channel is None) != (channels == 1):
        say = "has one channel: leave `channel` empty" if channels == 1 else "is stereo: name its `channel`"
        raise ManifestError(f"{path} {say}.")
    samples = sides if recording.channel is None else sides[recording.channel]
    line = np.round(mu_law(samples) * 32767).astype(np.int16)
    return DoublingResampler().double(line)


def _line(folder: Path, row: dict[str, str | None], number: int) -> Recording:
    values = {name: (value or "").strip() for name, value in row.items() if name}
    where = f"{folder / MANIFEST}:{number}:"
    path = folder / values["file"]
    if not values["file"] or not path.is_file():
        raise ManifestError(f"{where} there is no file {values['file']!r}.")
    side = values.get("channel", "").lower()
    if side not in SIDES:
        raise ManifestError(f"{where} `channel` is {side!r}, but must be left or right, or empty.")
    return Recording(
        path=path,
        file=values["file"],
        text=values["text"],
        language=values.get("lang") or "en",
        channel=SIDES[side],
        turns=_turns(values.get("start", ""), values.get("end", ""), where),
    )


def _turns(start: str, end: str, where: str) -> Turns:
    """Return the turns between seconds; several stand behind each other, parted by blanks or semicolons."""
    try:
        starts, ends = ([float(part) for part in text.replace(";", " ").split()] for text in (start, end))
    except ValueError:
        raise ManifestError(f"{where} `start` and `end` must be seconds.") from None
    turns = tuple(zip(starts, ends, strict=False))
    if len(starts) != len(ends) or any(not 0 <= first < last for first, last in turns):
        raise ManifestError(f"{where} every `start` needs an `end` behind it, in seconds.")
    return turns


def _joined(lines: list[Recording]) -> Recording:
    first = lines[0]
    text = " ".join(line.text for line in lines if line.text)
    turns = tuple(turn for line in lines for turn in line.turns)
    return Recording(first.path, first.file, text, first.language, first.channel, turns)
