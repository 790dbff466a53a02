"""`hookflash replay FILE`: a recorded call through the worker's own pipeline, on virtual time."""

# ruff: noqa: I001  # the logs come first: pipecat logs while it is being imported
from voice import logs

import time
from dataclasses import replace
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.text import Text

from voice.dialogue.playbook import PlaybookError
from voice.equipment import Equipment
from voice.hearing.engine import HearingError
from voice.journal.clock import LoopClock
from voice.journal.events import Measured
from voice.link_server import UnknownPlaybookError
from voice.models import MissingModel
from voice.replay import virtual_time
from voice.replay.digest import digest, kind, words
from voice.replay.line import Happening, Line, ring
from voice.replay.recording import UnreadableRecordingError, load
from voice.settings import SettingsError, load_settings
from voice.speaking.voice import VoiceError

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""When every replayed call takes place, a Wednesday at noon: answers that hold dates must not change."""
LINGER = 12.0
"""Seconds the caller stays after the recording's end, for the bot to finish."""

COLOURS = {
    "heard": "bold white", "said": "cyan", "felt": "magenta", "decided": "yellow", "understood": "yellow",
    "looked_up": "blue", "promised": "green", "triggered": "bold red", "barged_in": "bold magenta",
    "measured": "dim", "refused": "red",
}  # fmt: skip


@click.command()
@click.argument("file")
@click.option("--playbook", default="", help="The playbook that answers. [HOOKFLASH_PLAYBOOK]")
@click.option("--language", default="", help="The call's language; the playbook's own by default.")
@click.option("--caller", default="", help="The caller's number, where the recording does not tell it.")
@click.option("--linger", type=click.FloatRange(0, 600), default=LINGER, show_default=True,
              help="Seconds the caller stays on the line after the recording's end.")  # fmt: skip
def replay(file: str, playbook: str, language: str, caller: str, linger: float) -> None:
    """Run a recorded call through the pipeline, faster than real time, and print its journal and digest.

    FILE is a fixture's name, an 8 kHz WAV of a caller, or the recording of a call.
    """
    logs.to_stderr("WARNING")
    try:
        line, seconds = virtual_time.run(_replay(file, playbook, language, caller, linger))
    except (
        SettingsError, MissingModel, PlaybookError, VoiceError, HearingError, UnknownPlaybookError,
        UnreadableRecordingError,
    ) as error:  # fmt: skip
        raise click.ClickException(str(error)) from None
    console = Console(highlight=False, soft_wrap=True)
    for happening in line.journal:
        console.print(_line(happening))
    for message in line.takeover:
        if message.brief is not None:
            console.print(Text(f"brief    {message.brief.headline}. {message.brief.reason}", "bold green"))
    length = len(line.heard) / 8_000
    console.print(
        f"{length:.1f} s of call in {seconds:.1f} s: {length / seconds:.1f} x real time", style="dim"
    )
    console.print(f"digest {digest(line.journal)}")


async def _replay(file: str, playbook: str, language: str, number: str, linger: float) -> tuple[Line, float]:
    """Return the line after the call, and the real seconds the call took to compute."""
    settings = load_settings()
    caller = await load(file, linger)
    caller = replace(caller, number=number or caller.number)
    equipment = Equipment(settings, LoopClock(epoch=NOON), learns=False)
    try:
        await equipment.load()
        began = time.perf_counter()
        line = await ring(equipment, caller, playbook=playbook, language=language)
        return line, time.perf_counter() - began
    finally:
        await equipment.disconnect()
        equipment.close()


def _line(happening: Happening) -> Text:
    name = kind(happening.event)
    if isinstance(happening.event, Measured):
        said = f"{happening.event.name} {happening.event.ms:.0f} ms"
    else:
        said = words(happening.event)
    return Text(f"{happening.t:7.2f}  {name:<12} {said}", COLOURS.get(name, ""))
