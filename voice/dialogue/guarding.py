"""One call's guardrails: what may not be said is left to a colleague, what is promised is noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voice.dialogue.acts import act_of
from voice.dialogue.guardrails import judge
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.slots.vocabulary import vocabulary
from voice.journal.events import AnyEvent, Decided, Promised
from voice.kept_expressions import kept_in
from voice.takeover.asking import wants_human


def warm_wordings(language: Language, cache: Path) -> None:
    """Compile every list of wordings a turn goes through, so that no caller waits for it.

    Blocks a second; a tenth of that where the longest are kept in the cache.
    """
    with kept_in(cache / "wordings" / f"{language}.npz"):
        wants_human("", language)
        act_of("", language)
    vocabulary(language)
    judge("We will refund 5 euros tomorrow.", language, {"refund": "5.00 EUR"}, {"any": "5 euros"})


@dataclass(frozen=True)
class Guard:
    """Stands before the mouth.

    Attributes:
        playbook: its clauses carry what may be said.
        language: of the call.
    """

    playbook: Playbook
    language: Language

    def passed(
        self, sentence: str, facts: Mapping[str, str], today: date, *, own: bool = True
    ) -> tuple[str, tuple[AnyEvent, ...]]:
        """Return what is said in the end, and what the journal keeps of it.

        Args:
            sentence: as it would be said.
            facts: what the back office has found, as it writes it.
            today: the day of the call where the company is.
            own: the playbook wrote it; what a language model wrote is judged more strictly.
        """
        clauses = self.playbook.clauses_in(self.language)
        verdict = judge(sentence, self.language, facts, clauses, today, own=own)
        if not verdict.allowed:
            instead = self.playbook.sentences.colleague_confirms[self.language][0]
            return instead, (Decided(action="apologise", why=f"not said: {verdict.why}"),)
        return sentence, (Promised(text=sentence, clause=verdict.clause),) if verdict.clause else ()
