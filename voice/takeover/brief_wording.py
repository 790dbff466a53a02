"""How a brief is worded, in each language."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from voice import yaml_file
from voice.emotion.plain_words import plain_words
from voice.journal.events import Felt, Trigger, TriggerKind
from voice.language_tag import code

_WORDINGS = Path(__file__).with_name("wordings")
_LANGUAGES = ("en", "fr")
_QUOTED = re.compile('"([^"]+)"')
_SAYS_ALL = frozenset(
    {
        TriggerKind.KEY,
        TriggerKind.DEAD_AIR,
        TriggerKind.WORKER_LOST,
        TriggerKind.SILENT_CALLER,
        TriggerKind.NOT_VERIFIED,
        TriggerKind.CALLBACK,
    }
)
"""Reasons whose wording tells it all: the evidence would only repeat it."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One language's wordings; `texts` hold `{name}` where something of the call belongs."""

    language: str
    reasons: Mapping[TriggerKind, str]
    suggestions: Mapping[str, str]
    texts: Mapping[str, str]
    theirs: tuple[tuple[str, str], ...]
    units: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]

    def say(self, name: str, /, **parts: str) -> str:
        """Return one of the texts, filled in."""
        return self.texts[name].format(**parts)

    def evidence(self, trigger: Trigger) -> str:
        """Return what a reason rests on, as far as it adds to the reason and is in this language.

        Triggers give their evidence in English; in other languages what is quoted of the caller is kept.
        """
        if trigger.kind in _SAYS_ALL:
            return ""
        if self.language == "en":
            return trigger.evidence
        return ", ".join(f"« {words} »" for words in _QUOTED.findall(trigger.evidence))

    def felt(self, felt: Felt, said: str = "") -> str:
        """Return what was felt and why, and what the caller had just said."""
        measured = {"anger": f"{felt.anger:.2f}", "seconds": f"{felt.end:.0f}"}
        text = self.say("felt_at", **measured, text=said) if said else self.say("felt", **measured)
        why = plain_words(felt.signs, self.language) or felt.why
        return f"{text} ({', '.join(why)})" if why else text

    def name(self, identifier: str) -> str:
        """Return a fact's name in words: `return_date` is "return date"."""
        return self.names.get(identifier, identifier.replace("_", " "))

    def to_agent(self, about: str) -> str:
        """Return what the bot tells the caller as the agent is told it: "your refund" is "their refund"."""
        for before, after in self.theirs:
            about = about.replace(before, after)
        return about

    def span(self, number: int, unit: str) -> str:
        """Return a span of time: "2 hours"."""
        one, many = self.units[unit]
        return f"{number} {one if number == 1 else many}"


def wording(language: str) -> Wording:
    """Return a language's wordings, with or without a region; English where there are none."""
    known = code(language)
    return _read(known if known in _LANGUAGES else "en")


@cache
def _read(language: str) -> Wording:
    source: dict[str, Any] = yaml_file.load(_WORDINGS / f"brief.{language}.yaml")
    parts = {name: source.pop(name) for name in ("reasons", "suggestions", "theirs", "units", "names")}
    return msgspec.convert({**parts, "texts": source, "language": language}, Wording)
