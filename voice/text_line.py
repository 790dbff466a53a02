"""A line without sound: the playbook, what it taught, and the sentence encoder where it is prepared.

For commands that read and write text; calls get theirs from `voice.equipment`.
"""

from dataclasses import dataclass

import click

from voice.dialogue.learnt import Embed
from voice.dialogue.playbook import Playbook, load
from voice.dialogue.playbook_files import PlaybookError
from voice.dialogue.understanding import Understanding
from voice.models.location import MissingModel, sentence_model
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import SettingsError, VoiceSettings, load_settings
from voice.takeover.similarity import Similarity


@dataclass(frozen=True)
class TextLine:
    """What one playbook makes of words."""

    settings: VoiceSettings
    playbook: Playbook
    understanding: Understanding
    similarity: Similarity


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
    embed = _encoder(settings)
    return TextLine(settings, book, Understanding(book, embed), Similarity(embed))


def _encoder(settings: VoiceSettings) -> Embed | None:
    try:
        return SentenceEncoder(sentence_model(settings)).embed
    except MissingModel as error:
        click.echo(f"{error} Going by the words alone.", err=True)
        return None
