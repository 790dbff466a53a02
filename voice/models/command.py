"""`hookflash models`: prepare what runs locally."""

import sys

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from voice.models.location import MissingModel
from voice.models.steps import Progress as Advance
from voice.models.steps import steps
from voice.settings import SettingsError, load_settings


@click.command()
def models() -> None:
    """Prepare the models that run on this machine into HOOKFLASH_CACHE. Repeat it at any time."""
    console = Console(stderr=not sys.stdout.isatty())
    try:
        settings = load_settings()
        settings.cache.mkdir(parents=True, exist_ok=True)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"The models cannot be kept in {settings.cache} ({error.strerror}): "
            "set HOOKFLASH_CACHE to a folder that can be written."
        ) from None
    missing: dict[str, None] = {}
    columns = (TextColumn("{task.description:<38}"), BarColumn(), TextColumn("{task.fields[state]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        for step in steps(settings):
            bar = bars.add_task(step.title, total=1.0, state="checking")
            try:
                if step.done():
                    bars.update(bar, completed=1.0, state="ready")
                    continue
                bars.update(bar, state="preparing")
                step.prepare(_advance(bars, bar))
            except MissingModel as error:
                missing[str(error)] = None
                bars.update(bar, state="missing")
            except OSError as error:
                missing[f"{settings.cache} cannot be written ({error.strerror}): set HOOKFLASH_CACHE."] = None
                bars.update(bar, state="failed")
            else:
                bars.update(bar, completed=1.0, state="ready")
    for sentence in missing:
        click.echo(sentence, err=True)
    if missing:
        sys.exit(1)
    console.print(f"Models are ready in {settings.cache}.", highlight=False, soft_wrap=True)


def _advance(bars: Progress, bar: TaskID) -> Advance:
    return lambda part: bars.update(bar, completed=part)
