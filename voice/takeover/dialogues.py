"""A written dialogue as the journal would tell it, so that the call's own triggers can be asked about it.

The bot's lines are taken as given: whether a turn was understood, answered or failed is read from what the
bot said to it, and only where it said nothing from the caller's words.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from voice import yaml_file
from voice.dialogue.acts import act_of
from voice.dialogue.ngrams import plain
from voice.dialogue.playbook import Playbook
from voice.dialogue.understanding import Understanding
from voice.emotion.wording import shipped
from voice.journal.events import AnyEvent, Decided, Felt, Heard, LookedUp, Trigger, Understood
from voice.takeover.similarity import Similarity
from voice.takeover.triggers import Triggers

WORDS_A_SECOND = 2.5
"""An unhurried 150 words a minute; what a dialogue without times is timed by."""
BETWEEN = 1.0
"""Seconds between two turns."""

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
    spoken = playbook.language_or_default(language)
    t = 0.0
    for place, turn in enumerate(turns):
        t += len(turn.text.split()) / WORDS_A_SECOND + BETWEEN
        if turn.who == "bot":
            continue
        reply = next((later.text for later in turns[place + 1 : place + 2] if later.who == "bot"), None)
        for event in _events(turn.text, reply, spoken, understanding, t):
            if trigger := triggers.observe(event, t):
                yield place, trigger


def _events(
    text: str, reply: str | None, language: Literal["en", "fr"], understanding: Understanding, t: float
) -> Iterator[AnyEvent]:
    yield Heard(who="caller", text=text, start=t - BETWEEN, end=t, confidence=1.0, language=language)
    wording = shipped().read(text, language)
    yield Felt(anger=wording.score, voice=None, wording=wording.score, why=(wording.quote,), start=t, end=t)
    if act := act_of(text, language):
        yield Understood(request=act.value, confidence=1.0)
        return
    intents = understanding.read(text, language)
    answer = plain(reply or "")
    missed = bool(_replies(language, "missed").search(answer)) if reply is not None else not intents
    if missed:
        yield Understood(request=None, confidence=0.0)
        return
    for intent in intents:
        yield Understood(request=intent.name, confidence=intent.confidence)
    about = intents[0].name if intents else None
    if _replies(language, "failed").search(answer):
        yield LookedUp(request=about or "unknown", ok=False, error=(reply or "").strip())
    elif reply is not None and not reply.rstrip().endswith("?"):
        yield Decided(action="answer", why="the bot answered", request=about)
