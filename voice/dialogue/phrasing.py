"""The playbook's lines in words: a wording not said just now, its facts filled in, past the guardrails."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from voice.dialogue.guarding import Guard
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.requests import Line
from voice.dialogue.saying import fill, in_sentences
from voice.journal.events import AnyEvent, Facts, Promised


class Phrasing:
    """One call's.

    Args:
        playbook: its wordings are said, its clauses carry what they commit to.
        language: of the call.
        now: tells the time where the company is.
    """

    def __init__(self, playbook: Playbook, language: Language, now: Callable[[], datetime]) -> None:
        self._guard = Guard(playbook, language)
        self._now = now

    def pass_on(self, sentence: str, facts: Facts) -> tuple[str, tuple[AnyEvent, ...]]:
        """Return what is said of a sentence that is not the playbook's, and what the journal keeps of it."""
        return self._guard.passed(sentence, facts, self._now().date(), own=False)

    def put(
        self, lines: Sequence[Line], said: Collection[str]
    ) -> tuple[tuple[str, ...], tuple[AnyEvent, ...]]:
        """Return the sentences of the lines, and what the journal keeps of them.

        Args:
            lines: in the order they are said.
            said: the sentences said just now.
        """
        sentences: list[str] = []
        noted: list[AnyEvent] = []
        today = self._now().date()
        for line in lines:
            wording = self._wording(line, said)
            if line.said_before:
                sentences += in_sentences(wording)
                continue
            for sentence in in_sentences(wording):
                passed, found = self._guard.passed(sentence, line.facts, today)
                sentences.append(passed)
                noted += [event for event in found if not (line.clause and isinstance(event, Promised))]
            if line.clause:
                noted.append(Promised(text=wording, clause=line.clause))
        return tuple(sentences), tuple(noted)

    def _wording(self, line: Line, said: Collection[str]) -> str:
        """Return the first wording of which nothing was said just now, or else the one said longest ago."""
        language, today = self._guard.language, self._now().date()
        choice = wordings(line, language, today)
        when = {sentence: place for place, sentence in enumerate(said)}
        last = [max((when.get(one, -1) for one in in_sentences(wording)), default=-1) for wording in choice]
        oldest = last.index(min(last))
        if last[oldest] < 0 or len(choice) > 1:
            return choice[oldest]
        return f"{self._guard.playbook.sentences.say_again[language][0]} {choice[0]}"


def wordings(line: Line, language: Language, today: date) -> list[str]:
    """Return a line's wordings with their facts filled in, as they are said on `today`."""
    return [fill(wording, line.facts, language, today) for wording in line.say[language]]
