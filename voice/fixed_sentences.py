"""Every sentence of the playbooks that holds no fact: rendered once, so that no caller waits for them."""

from collections.abc import Iterator
from pathlib import Path

from loguru import logger

from voice.dialogue.playbook import Language, Playbook, load
from voice.dialogue.saying import in_sentences
from voice.journal.clock import LoopClock
from voice.settings import VoiceSettings
from voice.speaking.line_voice import LineVoice, Progress
from voice.speaking.voice import VoiceError
from voice.speaking.voices import Voices


def playbooks(settings: VoiceSettings) -> dict[str, Playbook]:
    """Return the playbooks there are, by name.

    Raises:
        PlaybookError: one cannot be used, or the one the settings name is not there.
    """
    others = settings.playbooks.glob("[!.]*/") if settings.playbooks.is_dir() else ()
    folders: set[Path] = {settings.playbooks / settings.playbook, *others}
    return {folder.name: load(folder) for folder in sorted(folders)}


async def render(book: Playbook, voice: LineVoice, progress: Progress | None = None) -> None:
    """Have a line's fixed sentences said and kept; a language beyond its first may go without a voice.

    Args:
        book: the line's playbook.
        voice: says and keeps them.
        progress: told the part done, 0..1.

    Raises:
        VoiceError: the line's first language cannot be said.
        OSError: the cache cannot be written.
    """
    for place, language in enumerate(book.languages):

        def advance(part: float, before: int = place) -> None:
            if progress is not None:
                progress((before + part) / len(book.languages))

        try:
            await voice.prepare([(text, language) for text in _fixed(book, language)], advance)
        except VoiceError as error:
            if language == book.language:
                raise
            logger.warning("Calls in {!r} to {} go to a person: {}", language, book.name, error)


async def render_all(settings: VoiceSettings, progress: Progress) -> None:
    """Have the fixed sentences of every playbook said and kept.

    Raises:
        PlaybookError: a playbook cannot be used.
        MissingModel: the local voice is not there.
        VoiceError: it cannot be used.
        OSError: the cache cannot be written.
    """
    books = playbooks(settings)
    voices = Voices(settings, LoopClock())
    try:
        await voices.warm()
        for place, book in enumerate(books.values()):

            def advance(part: float, before: int = place) -> None:
                progress((before + part) / len(books))

            await render(book, voices.line(book.languages, book.voices), advance)
    finally:
        await voices.disconnect()
        voices.close()


def _fixed(playbook: Playbook, language: Language) -> Iterator[str]:
    """Yield everything that may be said and holds no fact, as it is said: sentence by sentence."""
    whole = playbook.prompts_in(language).values()
    single = (sentence for text in playbook.fixed_sentences(language) for sentence in in_sentences(text))
    yield from dict.fromkeys((*whole, *single))
