"""`hookflash calibrate anger DIR`: a line's threshold from a company's own recorded calls."""

from datetime import UTC, datetime
from pathlib import Path

import click

from voice.emotion.corpus import CorpusError, read_manifest
from voice.emotion.learning import learnt
from voice.emotion.meters import Meters, encoder
from voice.models.location import MissingModel, whisper_weights
from voice.settings import SettingsError, load_settings

LINES = "lines"
"""Folder in HOOKFLASH_DATA where lines keep what they learnt."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--line", help="The line, by its playbook's name. Default: HOOKFLASH_PLAYBOOK.")
@click.option("--prosody-only", is_flag=True, help="For a line whose recogniser runs elsewhere.")
def anger(folder: Path, line: str | None, prosody_only: bool) -> None:
    """Let a line learn its threshold from the calls in FOLDER: manifest.csv with file, call, turn. No labels.

    It replaces what the line has learnt so far. The line goes on learning from its calls afterwards.
    """
    try:
        settings = load_settings()
        line = line or settings.playbook
        listener = None if prosody_only else encoder(whisper_weights(settings))
        threshold = learnt(read_manifest(folder, ("file", "call", "turn")), listener)
        meters = Meters(
            settings.data / LINES,
            listener,
            today=lambda: datetime.now(UTC).date(),
            keep_days=settings.keep_days,
        )
        meters.learn(line, threshold)
    except (CorpusError, MissingModel, SettingsError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: set HOOKFLASH_DATA to a folder that can."
        ) from None
    reads = meters.reads(threshold.value or 0.0)
    click.echo(f"{line}: threshold {reads:.3f}, learnt from {threshold.state.calls} calls.")
    if threshold.state.calls < 100:
        click.echo(
            "With fewer than 100 calls the line goes on as if it had none: it needs words beside the voice."
        )
