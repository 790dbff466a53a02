"""Recordings in folders with a `manifest.csv`: read, put through a telephone line, and measured."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper.audio import decode_audio

from voice.emotion import line
from voice.emotion.line import LINE_RATE, Samples
from voice.emotion.speech import RATE, CallerSpeech
from voice.emotion.turn_voice import EncoderView, TurnVoice
from voice.emotion.views import NamedArrays
from voice.emotion.voice_training import Clips
from voice.hearing.track import SO_FAR

MANIFEST = "manifest.csv"
Change = Callable[[Samples], Samples]


class CorpusError(ValueError):
    """A folder cannot be used as a corpus; one sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One line of a manifest.

    Attributes:
        path: the sound file.
        file: its name as the manifest has it.
        speaker: who speaks, with `people` of the folder in front; "" where the manifest has no such column.
        emotion: `anger`, `neutral`, `calm`, `happiness`, ...; "" where unknown.
        language: of the words.
        text: what is said; None where the manifest has no such column.
        call: the call this is a turn of; "" where each clip stands alone.
        turn: its place in the call.
        licence: as the manifest has it, "" where it says nothing.
    """

    path: Path
    file: str
    speaker: str
    emotion: str
    language: str
    text: str | None
    call: str
    turn: int
    licence: str = ""


def people(folder: Path) -> str:
    """Return the name under which a folder's speakers are known: `NAME_more` has the speakers of `NAME`."""
    return folder.name.removesuffix("_more")


def read_manifest(folder: Path, needs: Sequence[str] = ("file",)) -> list[Recording]:
    """Return a corpus's recordings in the order of its manifest.

    Args:
        folder: holds `manifest.csv` and the files it names.
        needs: columns without which it is of no use here.

    Raises:
        CorpusError: the manifest is missing, lacks a column, or a line of it is wrong.
    """
    path = folder / MANIFEST
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            lacking = [name for name in needs if name not in (rows.fieldnames or ())]
            if lacking:
                raise CorpusError(f"{path} has no column `{lacking[0]}`: it needs {', '.join(needs)}.")
            return [_recording(folder, row, number) for number, row in enumerate(rows, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(
            f"There is no readable {MANIFEST} in {folder}: it names file, speaker, emotion and lang."
        ) from error


def heard(
    recording: Recording,
    change: Change | None = None,
    longest: float | None = None,
    start: float = 0.0,
) -> CallerSpeech:
    """Return a recording as it would be heard over a telephone line, at an ordinary level.

    Args:
        recording: the file; any format and rate that FFmpeg reads.
        change: what else the line does to it, at 8 kHz.
        longest: seconds after which it is cut off.
        start: second of the call at which it begins.

    Raises:
        CorpusError: the file cannot be read.
    """
    try:
        samples = decode_audio(str(recording.path), sampling_rate=LINE_RATE)
    except (OSError, ValueError, RuntimeError) as error:
        raise CorpusError(f"{recording.path} cannot be read as sound.") from error
    if longest is not None:
        samples = samples[: int(longest * LINE_RATE)]
    samples = line.levelled(np.asarray(samples, dtype=np.float32))
    result = line.as_heard(change(samples) if change else samples)
    return CallerSpeech(result, start, start + len(result) / RATE)


def measure(
    recordings: Iterable[Recording],
    encoder: EncoderView | None,
    *,
    change: Change | None = None,
    longest: float | None = None,
) -> Clips:
    """Return the measured clips of labelled recordings; those with too little speech are left out."""
    least = 1 if encoder is None else 2
    kept = []
    for recording in recordings:
        views = TurnVoice(encoder).measure(heard(recording, change, longest)).views
        if views is not None and len(views) >= least:
            kept.append((recording, views))
    return gathered(kept)


def gathered(measured: Sequence[tuple[Recording, NamedArrays]]) -> Clips:
    """Return measured recordings as clips, in their order."""
    names = measured[0][1] if measured else ()
    return Clips(
        {name: np.array([views[name] for _, views in measured]) for name in names},
        np.array([recording.speaker for recording, _ in measured]),
        np.array([recording.emotion for recording, _ in measured]),
        np.array([people(recording.path.parent) for recording, _ in measured]),
    )


def parts(speech: CallerSpeech) -> Iterator[CallerSpeech]:
    """Yield what a call feels of a turn before it is over: its beginning, every two seconds of it."""
    step = int(SO_FAR * RATE)
    for last in range(step, len(speech.samples), step):
        yield speech.part(0, last)


def calls(recordings: Iterable[Recording]) -> Iterator[list[Recording]]:
    """Yield the turns of each call in order; a recording without a call is one by itself."""
    found: dict[str, list[Recording]] = {}
    for recording in recordings:
        if recording.call:
            found.setdefault(recording.call, []).append(recording)
        else:
            found[f"\0{recording.file}"] = [recording]
    for turns in found.values():
        yield sorted(turns, key=lambda recording: recording.turn)


def _recording(folder: Path, row: dict[str, str], number: int) -> Recording:
    name = row.get("file") or ""
    path = folder / name
    if not name or not path.is_file():
        raise CorpusError(f"{folder / MANIFEST}:{number} names no file that is there: {name or '(empty)'}.")
    turn = row.get("turn") or "0"
    if not turn.isdigit():
        raise CorpusError(f"{folder / MANIFEST}:{number} has no whole number as its turn: {turn}.")
    return Recording(
        path=path,
        file=name,
        speaker=f"{people(folder)}/{row['speaker']}" if row.get("speaker") else "",
        emotion=(row.get("emotion") or "").strip().lower(),
        language=row.get("lang") or row.get("language") or "en",
        text=row.get("text"),
        call=row.get("call") or "",
        turn=int(turn),
        licence=row.get("licence") or "",
    )
