"""Who writes the briefs of one line: at once from the journal, and better where a language model is there."""

from collections.abc import Callable, Mapping, Sequence

from loguru import logger

from voice.dialogue.language_model import LanguageModel, ModelError
from voice.dialogue.playbook import Playbook
from voice.journal.events import Brief, Entry, Trigger
from voice.journal.link import PastCall
from voice.takeover.brief import write_brief
from voice.takeover.brief_model import ask, bettered
from voice.takeover.carried import checked


def about(playbook: Playbook, language: str) -> Mapping[str, str]:
    """Return what each request and topic of a line is about, by name, in one of its languages."""
    spoken = playbook.language_or_default(language)
    return {name: part.about[spoken][0] for name, part in playbook.taught.items()}


def nothing(_language: str) -> Mapping[str, str]:
    """Know of no request what it is about."""
    return {}


class BriefWriter:
    """Writes briefs, each held against the transcript before anybody sees it.

    Args:
        about: returns what requests are about, by name, in a language.
        model: words the brief better where there is one; None: it stays as the journal has it.
    """

    def __init__(
        self, about: Callable[[str], Mapping[str, str]] = nothing, model: LanguageModel | None = None
    ) -> None:
        self._about = about
        self._model = model

    def write(
        self,
        entries: Sequence[Entry],
        triggers: Sequence[Trigger],
        earlier: Sequence[PastCall],
        language: str,
    ) -> Brief:
        """Return the brief as far as the journal goes; takes a millisecond."""
        about = self._about(language)
        brief = write_brief(entries, triggers, earlier, language=language, about=about)
        return checked(brief, entries, triggers, earlier, language=language, about=about)

    async def better(self, brief: Brief, entries: Sequence[Entry], language: str) -> Brief:
        """Return the brief in a model's words as far as the transcript carries them; else as it is."""
        model = self._model
        if model is None or not model.available:
            return brief
        try:
            answer = await ask(model, entries, language)
            better = bettered(brief, answer, entries, language=language, about=self._about(language))
        except ModelError as error:
            logger.warning("The model did not word the brief: {}", error)
            model.answered(well=False)
            return brief
        model.answered(well=True)
        return better
