"""What can happen on a call. Pure data: each event is a frozen struct, told apart on the wire by `kind`.

An event says what happened; the `Entry` around it says on which call, in which place of its order, and when.
Times inside events (`start`, `end`) are seconds of the call, like the entry's `t`. Scores are 0..1.
The desk, the record, metrics, recovery and replay are readers of these; nothing else is kept of a call.
"""

import re
from datetime import datetime
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


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent is told before taking the call."""

    headline: str
    """Who wants what, in one line."""
    reason: str
    """Why a person is needed."""
    tried: tuple[Statement, ...] = ()
    promised: tuple[Statement, ...] = ()
    facts: tuple[Statement, ...] = ()
    last_words: str = ""
    suggestion: str = ""
    verified: bool = False
    anger: float | None = None


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=_snake):
    """Anything that happens on a call."""


class CallStarted(Event, frozen=True, kw_only=True):
    """A caller reached the switchboard."""

    line: str
    caller: str
    called: str
    carrier: str
    carrier_call: str
    playbook: str
    language: str = "en"


class CallEnded(Event, frozen=True, kw_only=True):
    """The caller's line is down. `by` says whose doing it was."""

    by: Literal["caller", "bot", "agent", "switchboard", "carrier"]
    reason: str
    seconds: float
    recording: str | None = None


class StateChanged(Event, frozen=True, kw_only=True):
    """The call moved on; `cause` names the state machine's input."""

    before: CallState
    after: CallState
    cause: str


class Heard(Event, frozen=True, kw_only=True):
    """Words of a person on the line, from the ear."""

    who: Party
    text: str
    start: float
    end: float
    confidence: float
    language: str = "en"
    final: bool = True
    words: tuple[Word, ...] = ()


class Felt(Event, frozen=True, kw_only=True):
    """The caller's anger after a turn. `voice` is None where it cannot be told (too short, too noisy).

    `so_far`: the turn goes on; told by the voice alone, and told again when it is over.
    """

    anger: float
    voice: float | None
    wording: float
    why: tuple[str, ...]
    start: float
    end: float
    so_far: bool = False


class LineLearnt(Event, frozen=True, kw_only=True):
    """The line's threshold for anger in the voice, 0..1, moved; learnt from its calls' highest scores."""

    line: str
    threshold: float
    before: float | None
    calls: int


class Understood(Event, frozen=True, kw_only=True):
    """What the bot took the caller to want; `request` is None where it did not understand."""

    request: str | None
    confidence: float
    slots: Facts = {}


class Decided(Event, frozen=True, kw_only=True):
    """What the bot does next, and why."""

    action: Literal["answer", "ask", "repeat", "apologise", "hand_over", "close", "wait"]
    why: str
    request: str | None = None


class LookedUp(Event, frozen=True, kw_only=True):
    """A back-office call and what it brought."""

    request: str
    ok: bool
    facts: Facts = {}
    error: str = ""
    ms: float = 0.0


class Said(Event, frozen=True, kw_only=True):
    """What the caller was told. `text` is what was meant to be said, `heard` the part that was played."""

    text: str
    start: float
    end: float
    heard: float = 1.0
    prompt: str | None = None
    """The fixed prompt's name, where it was one."""
    by: Literal["bot", "switchboard"] = "bot"


class Promised(Event, frozen=True, kw_only=True):
    """A commitment the caller was given, and the clause that carries it."""

    text: str
    clause: str


class BargedIn(Event, frozen=True, kw_only=True):
    """The caller spoke over the bot, which stopped."""

    said: str
    """The part of the bot's sentence that had been played, as closely as is known."""


class Triggered(Event, frozen=True, kw_only=True):
    """A reason to hand over came up."""

    trigger: Trigger


class TakeoverRequested(Event, frozen=True, kw_only=True):
    """The call goes to a person: the reasons and, once it is written, the brief."""

    triggers: tuple[Trigger, ...]


class Briefed(Event, frozen=True, kw_only=True):
    """The brief was written (again); the newest counts."""

    brief: Brief
    spoken_s: float | None = None


class Pressed(Event, frozen=True, kw_only=True):
    """A key on the caller's telephone."""

    digit: str


class WorkerLost(Event, frozen=True, kw_only=True):
    """The voice worker is gone or silent; the caller is not."""

    why: str


class WorkerJoined(Event, frozen=True, kw_only=True):
    """A voice worker took up the call; `resumed` when it was told what had happened before."""

    resumed: bool


class Offered(Event, frozen=True, kw_only=True):
    """An agent is being rung."""

    agent: str


class Accepted(Event, frozen=True, kw_only=True):
    """The agent takes the call."""

    agent: str


class Declined(Event, frozen=True, kw_only=True):
    """The agent did not take the call."""

    agent: str
    reason: Literal["declined", "no_answer", "left", "caller_left"]


class Bridged(Event, frozen=True, kw_only=True):
    """Caller and agent can talk."""

    agent: str


class FirstAudio(Event, frozen=True, kw_only=True):
    """The first frame of one party that went out to the other after they were bridged."""

    source: Party
    destination: Party


class AgentLeft(Event, frozen=True, kw_only=True):
    """The agent is off the call."""

    agent: str
    reason: Literal["hung_up", "lost", "caller_left"]


class WrappedUp(Event, frozen=True, kw_only=True):
    """The agent closed the call's paperwork, or its time ran out."""

    agent: str
    disposition: str


class Measured(Event, frozen=True, kw_only=True):
    """A latency of this call, in milliseconds."""

    name: str
    ms: float


class Refused(Event, frozen=True, kw_only=True):
    """Something malformed arrived on one of the call's legs and was not acted on."""

    leg: str
    why: str


AnyEvent = (
    CallStarted | CallEnded | StateChanged | Heard | Felt | Understood | Decided | LookedUp | Said | Promised
    | BargedIn | Triggered | TakeoverRequested | Briefed | Pressed | WorkerLost | WorkerJoined | Offered
    | Accepted | Declined | Bridged | FirstAudio | AgentLeft | WrappedUp | Measured | Refused | LineLearnt
)  # fmt: skip


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a call's journal."""

    call: str
    seq: int
    """Place in the call's order, from 1 without gaps; given by the switchboard, which owns the journal."""
    t: float
    """Seconds of the call at which it happened."""
    at: datetime
    event: AnyEvent


_entry_decoder = msgspec.json.Decoder(Entry)
_event_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()


def encode(value: Entry | AnyEvent) -> bytes:
    """Return one line of JSON."""
    return _encoder.encode(value)


def decode_entry(line: bytes | str) -> Entry:
    """Read an entry back; raises `msgspec.ValidationError` naming the field at fault."""
    return _entry_decoder.decode(line)


def decode_event(line: bytes | str) -> AnyEvent:
    """Read an event back; raises `msgspec.ValidationError` naming the field at fault."""
    return _event_decoder.decode(line)
