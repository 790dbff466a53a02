"""A line without sound: the playbook, what it taught, and the sentence encoder where it is prepared.

For commands that read and write text; calls get theirs from `voice.equipment`.
"""

from dataclasses import dataclass

import click

from voice.dialogue.learnt import NO_ENCODERS, Encoders, Shelf
from voice.dialogue.playbook import Playbook, load
from voice.dialogue.playbook_files import PlaybookError
from voice.dialogue.understanding import Understanding
from voice.models.location import MissingModel
from voice.sentence_views import open_encoders
from voice.settings import SettingsError, VoiceSettings, load_settings
from voice.takeover.similarity import Similarity


@dataclass(frozen=True)
class TextLine:
    """What one playbook makes of words."""

    settings: VoiceSettings
    playbook: Playbook
    understanding: Understanding
    similarity: Similarity
    encoders: Encoders = NO_ENCODERS


def open_line(playbook: str | None = None) -> TextLine:
    """Load a playbook by its name, the default one where there is none.

    Raises:
        click.ClickException: the settings or the playbook have a mistake.
    """
    try:
        settings = load_settings()
        book = load(settings.playbooks / (playbook or settings.playbook))
    except (PlaybookError, SettingsError) as error:
        raise click.ClickException(str(error)) from None
    encoders, shelf = _encoders(settings)
    understanding, similarity = Understanding(book, encoders, shelf), Similarity(encoders.english)
    return TextLine(settings, book, understanding, similarity, encoders)


def _encoders(settings: VoiceSettings) -> tuple[Encoders, Shelf | None]:
    try:
        return open_encoders(settings)
    except MissingModel as error:
        click.echo(f"{error} Going by the words alone.", err=True)
        return Encoders(), None
