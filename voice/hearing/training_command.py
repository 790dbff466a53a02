"""`hookflash train answers DIR`: the short answers that are told by their sound."""

import csv
from pathlib import Path

import click
import numpy as np
import soxr
from numpy.typing import NDArray

from voice import wave_file
from voice.hearing.answer_training import Example, learn
from voice.hearing.resampling import DoublingResampler
from voice.hearing.short_answers import WEIGHTS, Floats, features, spoken
from voice.hearing.whisper import HearingError, Whisper
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
    digit, `yes`, `no`, `oui` or `non`; the last two are empty where the clip is something else.
    `python -m audio_fixtures.answers train FOLDER` renders such a folder. The same clips give the same
    weights; they fit the Whisper model that is set, and no other. Ten minutes for 4,500 clips.
    """
    settings = load_settings()
    try:
        whisper = Whisper(whisper_weights(settings), settings.speech_threads)
        examples = _examples(folder, whisper)
        learnt = learn(examples, whisper.fingerprint)
    except (HearingError, MissingModel, ValueError, OSError, KeyError) as error:
        raise click.ClickException(str(error)) from None
    learnt.save(out)
    click.echo(f"{out}: {len(examples)} clips.")


def _examples(folder: Path, whisper: Whisper) -> list[Example]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    examples = []
    for row in rows:
        pcm, rate = wave_file.read(folder / row["file"])
        if rate != LINE_RATE:
            raise ValueError(f"{row['file']} has {rate} Hz: convert it to {LINE_RATE}.")
        for speed in SPEEDS:
            samples = _doubled(pcm, speed)
            measured = features(whisper.frames(samples), *spoken(samples))
            examples.append(Example(code(row["lang"]), row["word"], row["value"], measured))
    return examples


def _doubled(pcm: NDArray[np.int16], speed: float) -> Floats:
    """Return a clip of 8 kHz at 16 kHz, played so many times as fast."""
    played = soxr.resample(pcm.astype(np.float32), LINE_RATE * speed, LINE_RATE) if speed != 1.0 else pcm
    whole = np.clip(np.round(played), -32768, 32767).astype(np.int16)
    doubled: Floats = DoublingResampler().double(whole).astype(np.float32) / np.float32(32768)
    return doubled
