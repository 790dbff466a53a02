"""A turn and its parts: callers say more than one thing in a breath."""

import re
from collections.abc import Iterator

from voice.dialogue.playbook import Language

_JOINTS = {
    "en": re.compile(r"[.?!;]+|\b(?:and also|and|also|then|plus|by the way)\b", re.IGNORECASE),
    "fr": re.compile(r"[.?!;]+|\b(?:et aussi|et puis|et|aussi|puis|au fait|sinon)\b", re.IGNORECASE),
}
_SHORTEST_CLAUSE = 2


def views(words: str, language: Language) -> list[str]:
    """Return the turn, and behind it each of its clauses where it has several."""
    clauses = list(_clauses(words, language))
    return [words, *(clauses if len(clauses) > 1 else ())]


def _clauses(words: str, language: Language) -> Iterator[str]:
    for clause in _JOINTS[language].split(words):
        if len(clause.split()) >= _SHORTEST_CLAUSE:
            yield clause.strip()
