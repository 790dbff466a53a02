"""How one line speaks: for each language the voices to be tried, each sentence from the cache where it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from loguru import logger

from voice.language_tag import code
from voice.speaking.prompts import PromptCache
from voice.speaking.voice import Due, Samples, Speech, Voice, VoiceError, whole

Progress = Callable[[float], None]
"""Told the part done, 0..1."""


class LineVoice:
    """Says a line's sentences by the first voice that can.

    Args:
        voices: by language, best first; a voice that fails leaves that sentence to the next.
        cache: of spoken sentences, shared by all lines.
    """

    def __init__(self, voices: Mapping[str, Sequence[Voice]], cache: PromptCache) -> None:
        self._voices = voices
        self._cache = cache

    def name(self, language: str) -> str:
        """Return the name of the voice for a language."""
        return self._of(language)[0].name

    async def speech(self, text: str, language: str, due: Due) -> Speech:
        """Return `text` spoken, as it is made.

        Raises:
            VoiceError: no voice can say it.
        """
        *others, last = self._of(language)
        for voice in others:
            try:
                return await self._cache.speech(voice, text, language, due)
            except VoiceError as error:
                logger.warning("The next voice says a sentence: {}", error)
        return await self._cache.speech(last, text, language, due)

    async def audio(self, text: str, language: str) -> Samples:
        """Return `text` spoken, all of it, when nothing more urgent waits; not to be written to.

        Raises:
            VoiceError: no voice can say it.
        """
        return await whole(await self.speech(text, language, Due()))

    async def prepare(self, texts: Iterable[tuple[str, str]], progress: Progress | None = None) -> None:
        """Have fixed prompts, each `(text, language)`, said by every voice, those standing by too, and kept.

        Raises:
            VoiceError: one of them can be said by no voice.
            OSError: the folder cannot be written.
        """
        wanted = list(texts)
        for count, (text, language) in enumerate(wanted, start=1):
            await self._keep(text, language)
            if progress is not None:
                progress(count / len(wanted))

    async def _keep(self, text: str, language: str) -> None:
        said, failure = False, VoiceError(f"Nobody says {language!r}.")
        for voice in self._of(language):
            try:
                await self._cache.keep(voice, text, language)
                said = True
            except VoiceError as error:
                failure = error
        if not said:
            raise failure

    def _of(self, language: str) -> Sequence[Voice]:
        voices = self._voices.get(code(language), ())
        if not voices:
            raise VoiceError(f"The line has no voice for {language!r}: add it to the playbook's languages.")
        return voices
