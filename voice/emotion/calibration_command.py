"""`hookflash calibrate anger DIR`: a line's threshold from a company's own recorded calls."""

from datetime import UTC, datetime
from pathlib import Path

import click

from voice.dialogue.playbook import load
from voice.dialogue.playbook_files import PlaybookError
from voice.dialogue.thresholds import AngerThresholds
from voice.emotion.corpus import CorpusError, read_manifest
from voice.emotion.learning import learnt
from voice.emotion.meters import Meters, encoder
from voice.emotion.thresholds import LEAST_CALLS
from voice.models.location import MissingModel, whisper_weights
from voice.settings import SettingsError, VoiceSettings, load_settings

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
        limits = _limits(settings, line)
        listener = None if prosody_only else encoder(whisper_weights(settings))
        threshold = learnt(read_manifest(folder, ("file", "call", "turn")), listener)
        meters = Meters(
            settings.data / LINES,
            listener,
            today=lambda: datetime.now(UTC).date(),
            keep_days=settings.keep_days,
        )
        meters.learn(line, threshold)
    except (CorpusError, MissingModel, PlaybookError, SettingsError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: set HOOKFLASH_DATA to a folder that can."
        ) from None
    click.echo(f"{line}: {told(meters, line, limits)}")
    if threshold.state.calls < LEAST_CALLS:
        click.echo(
            f"With fewer than {LEAST_CALLS} calls the line goes on as if it had none: "
            "it needs words beside the voice."
        )


def told(meters: Meters, line: str, limits: AngerThresholds) -> str:
    """Return in a sentence where a line fires under its playbook's limits."""
    threshold = meters.threshold(line, limits)
    if threshold is None:
        return "no threshold."
    if limits.pinned is not None:
        return f"threshold {limits.pinned:.3f}, pinned in the playbook."
    return (
        f"threshold {meters.reads(threshold):.3f} for {limits.false_per_100:g} false calls in 100, "
        f"learnt from {meters.calls(line)} calls."
    )


def _limits(settings: VoiceSettings, line: str) -> AngerThresholds:
    """Return the limits of a line's playbook, or the usual ones where it has none here."""
    folder = settings.playbooks / line
    return load(folder).thresholds.anger if folder.is_dir() else AngerThresholds()
