"""`hookflash models`: prepare what runs locally."""

import asyncio
import sys
from collections.abc import Callable, Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from voice.models.location import MissingModel, language_weights, whisper_weights
from voice.models.steps import Progress as Advance
from voice.models.steps import steps
from voice.settings import SettingsError, VoiceSettings, load_settings


@click.command()
def models() -> None:
    """Prepare the models that run on this machine, and what they make of the playbooks, into HOOKFLASH_CACHE.

    That is the networks hearing runs, what the examples teach, and the fixed sentences, spoken. Repeat it at
    any time.
    """
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
        if not missing:
            playbooks = (settings.playbooks / settings.playbook).is_dir()
            for title, make in (_OF_MODELS | (_OF_PLAYBOOKS if playbooks else {})).items():
                bar = bars.add_task(title, total=1.0, state="preparing")
                hindered = dict.fromkeys(_hindered(make, settings, _advance(bars, bar)))
                bars.update(bar, state="failed" if hindered else "ready")
                missing |= hindered
    for sentence in missing:
        click.echo(sentence, err=True)
    if missing:
        sys.exit(1)
    console.print(f"Models are ready in {settings.cache}.", highlight=False, soft_wrap=True)


def _hear(settings: VoiceSettings, advance: Advance) -> None:
    from voice.hearing.polyglot import Polyglot  # noqa: PLC0415  (slow to import)

    Polyglot(whisper_weights(settings), language_weights(settings), settings.speech_threads)
    advance(1.0)


def _learn(settings: VoiceSettings, advance: Advance) -> None:
    from voice.sentence_views import learn_all  # noqa: PLC0415  (slow to import)

    learn_all(settings, advance)


def _speak(settings: VoiceSettings, advance: Advance) -> None:
    from voice.fixed_sentences import render_all  # noqa: PLC0415  (slow to import)

    asyncio.run(render_all(settings, advance))


_OF_MODELS = {"Networks of the speech recognition": _hear}
"""What is made of the models, so that a worker starts at once."""
_OF_PLAYBOOKS = {"Examples, learnt": _learn, "Fixed sentences, spoken": _speak}
"""What is made of the playbooks, so that a worker starts at once."""


def _hindered(
    make: Callable[[VoiceSettings, Advance], None], settings: VoiceSettings, advance: Advance
) -> Iterator[str]:
    """Make it; yield what hinders."""
    from voice.dialogue.playbook import PlaybookError  # noqa: PLC0415  (slow to import)
    from voice.hearing.whisper import HearingError  # noqa: PLC0415
    from voice.speaking.voice import VoiceError  # noqa: PLC0415

    try:
        make(settings, advance)
    except (HearingError, PlaybookError, VoiceError, MissingModel) as error:
        yield str(error)
    except OSError as error:
        yield f"{settings.cache} cannot be written ({error.strerror}): set HOOKFLASH_CACHE."


def _advance(bars: Progress, bar: TaskID) -> Advance:
    return lambda part: bars.update(bar, completed=part)
