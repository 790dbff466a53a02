"""`hookflash train answers DIR`: the short answers that are told by their sound."""

import csv
import sys
from pathlib import Path

import click
import numpy as np
import soxr
from numpy.typing import NDArray

from voice import wave_file
from voice.hearing.answer_training import Example, learn
from voice.hearing.resampling import DoublingResampler
from voice.hearing.row_training import RowClip, learn_rows
from voice.hearing.short_answers import WEIGHTS, Floats, features, spoken
from voice.hearing.whisper import LONGEST_ANSWER, HearingError, Whisper
from voice.language_tag import code
from voice.models.location import MissingModel, whisper_weights
from voice.settings import load_settings

LINE_RATE = 8_000
SPEEDS = (0.9, 1.0, 1.12)
"""At which each clip is played: pitch and formants move with it, as if other people said the same."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=WEIGHTS, help="The weights.")
def answers(folder: Path, out: Path) -> None:
    """Learn short answers from FOLDER: telephone clips (WAV, 8 kHz, mono) and a manifest.csv.

    Its columns are `file`, `lang`, `word`, an answer as it is spelt, and `value`, what it is taken for: a
    digit, `yes`, `no`, `oui` or `non`; both are empty where the clip is something else. Digits in a row are a
    `value` of several digits without a `word`, with the seconds at which one may be cut off from the next in
    `cuts`, parted by blanks, where they are known. `python -m audio_fixtures.answers train FOLDER` renders
    such a folder. The same clips give the same weights; they fit the Whisper model that is set, and no other.
    About three quarters of an hour for 13,000 clips.
    """
    settings = load_settings()
    try:
        whisper = Whisper(whisper_weights(settings), settings.speech_threads)
        examples, rows = _read(folder, whisper)
        single = learn(examples, whisper.fingerprint)
        learnt = single.with_rows(learn_rows(rows))
    except (HearingError, MissingModel, ValueError, OSError, KeyError) as error:
        raise click.ClickException(str(error)) from None
    learnt.save(out)
    click.echo(f"{out}: {len(examples)} single clips, {sum(bool(row.digits) for row in rows)} rows.")


def _read(folder: Path, whisper: Whisper) -> tuple[list[Example], list[RowClip]]:
    """Return what the clips teach: of single answers and other words at all speeds, of rows as they are."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    examples: list[Example] = []
    rows: list[RowClip] = []
    with click.progressbar(lines, label="Clips", file=sys.stderr) as shown:
        for line in shown:
            pcm, rate = wave_file.read(folder / line["file"])
            if rate != LINE_RATE:
                raise ValueError(f"{line['file']} has {rate} Hz: convert it to {LINE_RATE}.")
            language, value = code(line["lang"]), line["value"]
            in_row = value.isdigit() and len(value) > 1
            plain = _heard(pcm, 1.0, whisper)
            if in_row or not value:
                cuts = tuple(float(cut) for cut in (line.get("cuts") or "").split())
                frames, samples = plain
                rows.append(RowClip(language, value, frames.astype(np.float16), samples, cuts))
            if in_row or len(pcm) > LONGEST_ANSWER * LINE_RATE:
                continue
            for speed in SPEEDS:
                frames, samples = plain if speed == 1.0 else _heard(pcm, speed, whisper)
                measured = features(frames, *spoken(samples))
                examples.append(Example(language, line["word"], value, measured))
    return examples, rows


def _heard(pcm: NDArray[np.int16], speed: float, whisper: Whisper) -> tuple[Floats, Floats]:
    """Return what the encoder makes of a clip played so many times as fast, and that at 16 kHz."""
    samples = _doubled(pcm, speed)
    return whisper.frames(samples), samples


def _doubled(pcm: NDArray[np.int16], speed: float) -> Floats:
    """Return a clip of 8 kHz at 16 kHz, played so many times as fast."""
    played = soxr.resample(pcm.astype(np.float32), LINE_RATE * speed, LINE_RATE) if speed != 1.0 else pcm
    whole = np.clip(np.round(played), -32768, 32767).astype(np.int16)
    doubled: Floats = DoublingResampler().double(whole).astype(np.float32) / np.float32(32768)
    return doubled
