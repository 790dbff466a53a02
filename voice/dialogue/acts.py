"""Turns that are about the conversation itself: yes, no, goodbye, once more. A list of wordings, no model."""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from voice import yaml_file
from voice.dialogue.ngrams import plain
from voice.kept_expressions import compiled

_WORDINGS = Path(__file__).with_name("wordings")
_CLAUSE = re.compile(r"[,.;!?]+")
_NO_BEHIND = re.compile(r"\b(?:no|not|don t|wait|but|non|pas|mais|attendez)\b")

PERSON = "person"
"""What a turn that asks for a person is understood as."""


class Act(StrEnum):
    """What a turn does, where it asks for nothing."""

    GOODBYE = "goodbye"
    """The caller is done: "no, that's all, thanks"."""
    REPEAT = "repeat"
    WAIT = "wait"
    """The caller wants a moment: "hold on"."""
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    GREETING = "greeting"


def act_of(text: str, language: str) -> Act | None:
    """Return what the whole turn does, or None where more is in it.

    Args:
        text: one turn of the caller, as heard.
        language: `en` or `fr`.
    """
    words = plain(text)
    return next((act for act, pattern in _patterns(language).items() if pattern.fullmatch(words)), None)


def yes_or_no(text: str, language: str) -> Act | None:
    """Return the yes or no a turn begins with: "no, the twenty eighth" is a no."""
    first = next((clause for clause in _CLAUSE.split(text) if clause.strip()), "")
    acts = (act_of(text, language), act_of(first, language))
    verdict = next((act for act in acts if act in (Act.YES, Act.NO)), None)
    no_behind = verdict is Act.YES and acts[0] is not Act.YES and _NO_BEHIND.search(plain(text))
    return None if no_behind else verdict


@cache
def _patterns(language: str) -> dict[Act, re.Pattern[str]]:
    source: dict[str, str] = yaml_file.load(_WORDINGS / f"acts.{language}.yaml")
    groups = {
        name: "|".join(line.strip() for line in lines.split("\n") if line.strip())
        for name, lines in source.items()
    }
    polite = groups["around"]
    return {
        act: compiled(rf"(?:(?:{polite}) )*(?:{groups[act]})(?: (?:{polite}|{groups[act]}))*") for act in Act
    }
