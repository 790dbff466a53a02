"""Nothing is promised that no fact and no clause carries: pure, over one sentence at a time.

Every amount, date, duration, waiver, refund and commitment in a sentence must stand in what the back office
found or in a clause of the playbook. What the sentence is otherwise about is not judged here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voice.dialogue.ngrams import plain
from voice.dialogue.saying import say

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_COMMITMENTS = {
    "en": re.compile(
        r"\b(?:refund(?:ed|s)?|reimburse\w*|waive\w*|credit(?:ed)?|compensat\w*|goodwill|discount|voucher"
        r"|cancel(?:led)?|free of charge|no (?:fee|charge)|promise|guarantee\w*"
        r"|we will|i will|you will (?:get|receive))\b"
    ),
    "fr": re.compile(
        r"\b(?:rembours\w*|annul\w*|offr\w*|gratuit\w*|sans frais|remise|geste commercial|dedommag\w*"
        r"|promets|promettons|garanti\w*|nous allons|je vais|vous (?:allez )?recev\w+)\b"
    ),
}


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may be spoken.

    Attributes:
        allowed: everything in it is carried.
        why: the words nothing carries; empty where it is allowed.
    """

    allowed: bool
    why: str = ""


def judge(sentence: str, language: str, facts: Mapping[str, str], clauses: Iterable[str]) -> Verdict:
    """Return whether `sentence` may be spoken.

    Args:
        sentence: as it would be said.
        language: `en` or `fr`.
        facts: what the back office has found on this call, as it writes it.
        clauses: the text, in the same language, of each clause that may carry the sentence.
    """
    clauses = [plain(clause) for clause in clauses]
    carried = set()
    for text in (*clauses, *facts.values(), *(say(value, language) for value in facts.values())):
        carried.update(_numbers(text))
    for number in _numbers(sentence):
        if number not in carried:
            return Verdict(False, f"no fact and no clause carries {number}")
    for match in _COMMITMENTS[language].finditer(plain(sentence)):
        word = match.group()[:6]
        if not any(word in clause for clause in clauses) and not facts:
            return Verdict(False, f'no clause carries "{match.group()}"')
    return Verdict(True)


def _numbers(text: str) -> set[str]:
    return {match.group().replace(",", ".").lstrip("0") or "0" for match in _NUMBER.finditer(text)}
