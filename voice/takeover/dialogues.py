"""A written dialogue as the journal would tell it, so that the call's own triggers can be asked about it.

The bot's lines are taken as given: whether a turn was understood, answered or failed is read from what the
bot said to it, and only where it said nothing from the caller's words.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Literal

import msgspec

from voice import yaml_file
from voice.dialogue.acts import Act, act_of
from voice.dialogue.ngrams import plain
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.slots.reading import FREE, read
from voice.dialogue.understanding import Understanding
from voice.emotion.wording import shipped
from voice.journal.events import AnyEvent, Decided, Felt, Heard, LookedUp, Trigger, Understood
from voice.takeover.similarity import Similarity
from voice.takeover.triggers import Triggers

WORDS_A_SECOND = 2.5
"""An unhurried 150 words a minute; what a dialogue without times is timed by."""
BETWEEN = 1.0
"""Seconds between two turns."""
_ANY_DAY = date(2026, 1, 5)
"""What days of a dialogue without a date are counted from."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")

_WORDINGS = Path(__file__).with_name("wordings") / "replies.yaml"


@cache
def _replies(language: str, kind: str) -> re.Pattern[str]:
    source: dict[str, dict[str, str]] = yaml_file.load(_WORDINGS)
    lines = (line.strip() for line in source[language][kind].splitlines())
    return re.compile("|".join(line for line in lines if line))


class Turn(msgspec.Struct, frozen=True):
    """One line of a dialogue."""

    who: Literal["caller", "bot"]
    text: str


def triggers_of(
    turns: Sequence[Turn],
    language: str,
    playbook: Playbook,
    understanding: Understanding,
    similarity: Similarity,
) -> Iterator[tuple[int, Trigger]]:
    """Yield each reason to hand over with the caller's turn that completes it, counted from 0."""
    triggers = Triggers(playbook, similarity, asks=understanding.asking.said)
    retelling = _Retelling(playbook, playbook.language_or_default(language), understanding)
    t = 0.0
    for place, turn in enumerate(turns):
        t += len(turn.text.split()) / WORDS_A_SECOND + BETWEEN
        if turn.who == "bot":
            continue
        replies = [later.text for later in takewhile(lambda later: later.who == "bot", turns[place + 1 :])]
        for event in retelling.events(turn.text, " ".join(replies) if replies else None, t):
            if trigger := triggers.observe(event, t):
                yield place, trigger


class _Retelling:
    """Tells one dialogue's turns as events.

    Args:
        playbook: says which requests there are, and what must be known for them.
        language: of the dialogue.
        understanding: reads the caller's turns.
    """

    def __init__(self, playbook: Playbook, language: Language, understanding: Understanding) -> None:
        self._requests = playbook.requests
        self._language = language
        self._understanding = understanding
        self._open: dict[str, dict[str, str]] = {}
        """What has been asked for and not answered yet, with what is known of it."""

    def events(self, text: str, reply: str | None, t: float) -> Iterator[AnyEvent]:
        """Yield what happens in a caller's turn and the bot's reply to it."""
        language = self._language
        yield Heard(who="caller", text=text, start=t - BETWEEN, end=t, confidence=1.0, language=language)
        wording = shipped().read(text, language)
        why = (wording.quote,)
        yield Felt(anger=wording.score, voice=None, wording=wording.score, why=why, start=t, end=t)
        act = act_of(text, language)
        if act and not (self._open and act in (Act.YES, Act.NO)):
            yield Understood(request=act.value, confidence=1.0)
            return
        intents = () if act else self._understanding.read(text, language)
        answer = plain(reply or "")
        if intents:
            self._open = {intent.name: {} for intent in intents}
        missed = _replies(language, "missed").search(answer) if reply is not None else not self._open
        if missed:
            yield Understood(request=None, confidence=0.0)
            return
        for name, slots in self._open.items():
            slots.update(self._told(name, text))
            sure = next((intent.confidence for intent in intents if intent.name == name), 1.0)
            yield Understood(request=name, confidence=sure, slots=dict(slots))
        yield from self._replied(reply, answer)

    def _replied(self, reply: str | None, answer: str) -> Iterator[AnyEvent]:
        about: list[str | None] = [*self._open] or [None]
        if _replies(self._language, "failed").search(answer):
            self._open = {}
            yield LookedUp(request=about[0] or "unknown", ok=False, error=(reply or "").strip())
        elif reply is not None and _answers(reply, self._language):
            self._open = {}
            for name in about:
                yield Decided(action="answer", why="the bot answered", request=name)

    def _told(self, request: str, text: str) -> Iterator[tuple[str, str]]:
        """Yield the values a turn tells of a request: asked about another order it is another need."""
        slots = self._requests[request].slots if request in self._requests else {}
        for name, slot in slots.items():
            values = read(text, self._language, slot.wanted(), _ANY_DAY) if slot.kind not in FREE else ()
            if values:
                yield name, values[0].text


def _answers(reply: str, language: Language) -> bool:
    """Return whether a reply tells something and asks for nothing but whether there is more to do."""
    told = False
    for sentence in _SENTENCE.findall(reply):
        words = plain(sentence)
        if sentence.rstrip().endswith("?"):
            if not _replies(language, "offers").search(words):
                return False
        elif words and not _replies(language, "acknowledges").fullmatch(words):
            told = True
    return told
