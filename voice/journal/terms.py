"""What the journal's events speak of: states, reasons to hand over, words, and the agent's brief."""

from enum import StrEnum
from typing import Literal

import msgspec

Party = Literal["caller", "bot", "agent"]
Facts = dict[str, str]


class CallState(StrEnum):
    """Where a call stands, as the switchboard sees it."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"
    OFFERED = "offered"
    BRIEFING = "briefing"
    BRIDGED = "bridged"
    HELD = "held"
    """The agent has put the caller on hold."""
    WRAP_UP = "wrap_up"
    ENDED = "ended"


class TriggerKind(StrEnum):
    """Why a call goes to a person."""

    ASKED = "asked"
    """The caller asked for a person in words."""
    KEY = "key"
    """The caller pressed 0."""
    ANGER = "anger"
    NOT_UNDERSTOOD = "not_understood"
    REPEATED = "repeated"
    """The same thing asked again in other words."""
    HUMAN_ONLY = "human_only"
    """A topic the playbook leaves to people."""
    BOT_FAILED = "bot_failed"
    """The back office or a model let the bot down."""
    SEVERAL_MATTERS = "several_matters"
    """Two requests in one breath that need judgement."""
    AMOUNT = "amount"
    """More money than the bot decides about."""
    RECENT_CALL = "recent_call"
    """The caller rang about the same thing a short time ago."""
    LONG_CALL = "long_call"
    """The bot has been at it for too long."""
    DEAD_AIR = "dead_air"
    WORKER_LOST = "worker_lost"
    SILENT_CALLER = "silent_caller"
    CALLBACK = "callback"
    """The caller is being rung back, as they had wished, and the agent who rang them is gone."""
    NOT_VERIFIED = "not_verified"
    """The caller could not show who they are."""


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to hand over, with what it rests on."""

    kind: TriggerKind
    evidence: str
    """In plain words: what was said, pressed, scored or missed."""
    t: float
    score: float | None = None
    threshold: float | None = None
    clause: str | None = None


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One recognised word; `start` and `end` in seconds of the call."""

    text: str
    start: float
    end: float
    confidence: float


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a brief and the journal entries (`seq`) it rests on."""

    text: str
    sources: tuple[int, ...] = ()
    call: str = ""
    """The call in whose journal they stand; empty: this one's."""
    value: str = ""
    """What of it an agent may want to copy: a number, a name, a date."""


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent is told before taking the call."""

    headline: str
    """Who wants what, in one line."""
    who: str = ""
    """Who calls: their name where it is known."""
    reason: str = ""
    """Why a person is needed."""
    tried: tuple[Statement, ...] = ()
    promised: tuple[Statement, ...] = ()
    facts: tuple[Statement, ...] = ()
    last_words: str = ""
    suggestion: str = ""
    verified: bool = False
    anger: float | None = None
    feelings: tuple[Statement, ...] = ()
    """What the anger rests on, turn by turn."""
    earlier: tuple[Statement, ...] = ()
    """The caller's calls before this one, each by its own journal."""
    sources: dict[str, tuple[int, ...]] = {}
    """The entries the single lines rest on: `headline`, `reason`, `last_words`, `verified`,
    `suggestion`."""
