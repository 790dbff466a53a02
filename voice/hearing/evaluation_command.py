"""`hookflash evaluate hearing DIR --out FILE.jsonl`: recordings heard as calls, beside faster-whisper."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from voice.hearing.by_settings import local_engine
from voice.hearing.engine import HearingError
from voice.hearing.evaluation import Hearing, hear, stock
from voice.hearing.recordings import ManifestError, Recording, Turns, read_manifest, telephoned
from voice.hearing.scoring import NormaliserMissing, interval, pooled, word_errors
from voice.hearing.turn_scoring import TurnScore, score_turns
from voice.hearing.windows import RATE
from voice.logs import to_stderr
from voice.models.location import MissingModel, whisper_weights
from voice.replay.virtual_time import VirtualLoop
from voice.settings import SettingsError, VoiceSettings, load_settings

Pair = tuple[Hearing, Hearing]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One recording's line of the output. Times are in seconds, word error rates shares."""

    file: str
    channel: int | None
    lang: str
    seconds: float
    text: str
    """What was said."""
    transcript: str
    wer: float
    turns: Turns
    """Start and end of each detected turn."""
    cpu_seconds: float
    true_turns: Turns
    stock_transcript: str
    stock_wer: float
    stock_cpu_seconds: float


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="One JSON line a file."
)
def hearing(folder: Path, out: Path) -> None:
    """Transcribe the recordings in FOLDER, listed in its manifest.csv: file, text, optionally lang.

    `channel` (left or right) picks one side of a stereo file. With `start` and `end`, one line for each true
    turn of a file, the turns that were detected are counted too. FLAC and WAV, 8 to 48 kHz.
    """
    to_stderr("WARNING")
    try:
        recordings = read_manifest(folder)
        word_errors("", "", "en")  # what is missing is said before an hour of work, not after
        settings = load_settings()
        with asyncio.Runner(loop_factory=VirtualLoop) as runner, out.open("wb") as file:
            pairs = runner.run(_written(recordings, settings, file))
    except (ManifestError, MissingModel, SettingsError, NormaliserMissing, HearingError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written ({error.strerror}).") from None
    click.echo(summary(recordings, pairs))


async def _written(recordings: Sequence[Recording], settings: VoiceSettings, file: BinaryIO) -> list[Pair]:
    """Write each recording's line as soon as it is heard; return them all."""
    pairs = []
    with Progress(console=Console(stderr=True)) as progress:
        listening = progress.add_task("Listening", total=len(recordings))
        async for recording, seconds, pair in _heard(recordings, settings):
            file.write(msgspec.json.encode(_line(recording, seconds, *pair)) + b"\n")
            pairs.append(pair)
            progress.advance(listening)
    return pairs


async def _heard(
    recordings: Sequence[Recording], settings: VoiceSettings
) -> AsyncIterator[tuple[Recording, float, Pair]]:
    engine = local_engine(settings)
    peer = stock(whisper_weights(settings), settings.speech_threads)
    try:
        await engine.warm()
        for recording in recordings:
            samples = telephoned(recording)
            ours = await hear(recording, samples, engine, settings.turn_taking)
            yield recording, len(samples) / RATE, (ours, peer(recording, samples))
    finally:
        engine.close()


def _line(recording: Recording, seconds: float, ours: Hearing, theirs: Hearing) -> Line:
    return Line(
        file=recording.file,
        channel=recording.channel,
        lang=recording.language,
        seconds=round(seconds, 3),
        text=recording.text,
        transcript=ours.text,
        wer=round(ours.score.rate, 4),
        turns=ours.turns,
        cpu_seconds=round(ours.cpu, 3),
        true_turns=recording.turns,
        stock_transcript=theirs.text,
        stock_wer=round(theirs.score.rate, 4),
        stock_cpu_seconds=round(theirs.cpu, 3),
    )


def summary(recordings: Sequence[Recording], pairs: Sequence[Pair]) -> str:
    """Return the table: both recognisers' errors with their intervals, their CPU, and the turns."""
    rows = [f"{len(recordings)} recordings   words wrong (95 % interval)   CPU"]
    ours, theirs = [ours for ours, _ in pairs], [theirs for _, theirs in pairs]
    for name, heard in (("hookflash", ours), ("faster-whisper", theirs)):
        scores = [hearing.score for hearing in heard]
        low, high = interval(scores)
        cpu = sum(hearing.cpu for hearing in heard)
        rows.append(f"{name:<14} {pooled(scores):6.1%} ({low:.1%} to {high:.1%})   {cpu:.1f} s")
    turns = sum(
        (score_turns(true.turns, heard.turns) for true, heard in zip(recordings, ours, strict=True)),
        TurnScore(),
    )
    if turns.turns:
        rows.append(f"{turns.turns} true turns: {turns.missed} ends missed, {turns.cuts} cuts in pauses")
    return "\n".join(rows)
