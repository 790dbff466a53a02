"""What can happen on a call. Pure data: each event is a frozen struct, told apart on the wire by `kind`.

An event says what happened; the `Entry` around it says on which call, in which place of its order, and when.
Times inside events (`start`, `end`) are seconds of the call, like the entry's `t`. Scores are 0..1.
The desk, the record, metrics, recovery and replay are readers of these; nothing else is kept of a call.
"""

import re
from datetime import datetime
from typing import Literal

import msgspec

from voice.journal.terms import Brief, CallState, Facts, Party, Statement, Trigger, TriggerKind, Word

__all__ = [
    "Accepted", "AgentLeft", "AnyEvent", "BargedIn", "Bridged", "Brief", "Briefed", "CallEnded",
    "CallStarted", "CallState", "Decided", "Declined", "Entry", "Event", "Facts", "Felt", "FirstAudio",
    "GivenBack", "GuestJoined", "GuestLeaves", "GuestLeft", "HandedOn", "Heard", "KeysSent", "LineLearnt",
    "LookedUp", "Measured", "Offered", "Party", "Pressed", "Promised", "Refused", "Role", "Said",
    "StateChanged", "Statement", "Suggested", "TakeoverRequested", "Trigger", "TriggerKind", "Triggered",
    "Understood", "Word", "WorkerJoined", "WorkerLost", "WrappedUp", "decode_entry", "decode_event", "encode",
]  # fmt: skip


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
    """Words of a person on the line, from the ear.

    `others`: what else it may have been, likeliest first; empty where the ear is sure.
    """

    who: Party
    text: str
    start: float
    end: float
    confidence: float
    language: str = "en"
    final: bool = True
    words: tuple[Word, ...] = ()
    others: tuple[str, ...] = ()


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that moved the score, to be worded in the reader's language.

    `kind`: a manner of speaking (`harder`, `faster`, `tone` ...) beside `than` what, with how much of the
    voice's score it made (`strength`); or `noisy`, `calmer` (since an apology), `unsettled` (since the turns
    before), `said` (with the `words`).
    """

    kind: str
    than: Literal["start", "callers", ""] = ""
    strength: float = 0.0
    words: str = ""


class Felt(Event, frozen=True, kw_only=True):
    """The caller's anger after a turn. `voice` is None where it cannot be told (too short, too noisy).

    `why` says in English what `signs` say to be worded in any language.

    `so_far`: the turn goes on; told by the voice alone, and told again when it is over.
    """

    anger: float
    voice: float | None
    wording: float
    why: tuple[str, ...]
    start: float
    end: float
    so_far: bool = False
    signs: tuple[Sign, ...] = ()


class LineLearnt(Event, frozen=True, kw_only=True):
    """The line's threshold for anger in the voice, 0..1, moved; learnt from its calls' highest scores."""

    line: str
    threshold: float
    before: float | None
    calls: int


NO_MATTER = frozenset(("person", "goodbye", "repeat", "wait", "yes", "no", "thanks", "greeting"))
"""What a turn may be understood as without being about anything."""


class Understood(Event, frozen=True, kw_only=True):
    """What the bot took the caller to want; `request` is None where it did not understand.

    `reading`: the words it goes by, where these are not what was heard but one of its `others`.
    """

    request: str | None
    confidence: float
    slots: Facts = {}
    reading: str = ""


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
    clause: str = ""
    """Empty where a person promised it: they answer for it themselves."""
    agent: str = ""
    """The person who promised it; empty for the bot."""


class BargedIn(Event, frozen=True, kw_only=True):
    """The caller spoke over the bot, which stopped."""

    said: str
    """The part of the bot's sentence that had been played, as closely as is known."""


class WentOn(Event, frozen=True, kw_only=True):
    """The caller's turn was taken for over too soon: what was begun to be answered does not count."""

    text: str
    """All that was said, answered anew as one turn."""


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
    by: Literal["worker", "switchboard"] = "worker"
    """`switchboard`: what the journal tells without any understanding, where no worker wrote one in time."""


class Pressed(Event, frozen=True, kw_only=True):
    """A key on the caller's telephone."""

    digit: str


class WorkerLost(Event, frozen=True, kw_only=True):
    """The voice worker is gone or silent; the caller is not."""

    why: str


class WorkerJoined(Event, frozen=True, kw_only=True):
    """A voice worker took up the call; `resumed` when it was told what had happened before."""

    resumed: bool


class Rated(Event, frozen=True, kw_only=True):
    """The caller's answer to the survey's one question, 1 to 5."""

    score: int


class WaitTold(Event, frozen=True, kw_only=True):
    """What a waiting caller was told: their place in line, and that the wait will be `low` to `high` seconds.

    `high` None beside a `low`: longer than that. `seconds`: the likeliest single number, which was not told.
    """

    place: int
    seconds: float | None = None
    low: float | None = None
    high: float | None = None


class CallbackAsked(Event, frozen=True, kw_only=True):
    """The caller will be rung back at `number`, between `after` and `before` seconds from then."""

    number: str
    after: float
    before: float


class CallbackTried(Event, frozen=True, kw_only=True):
    """An agent rang the caller back; `call` is the new call's name, empty where nobody picked up."""

    agent: str
    call: str = ""
    why: str = ""


class CallbackClosed(Event, frozen=True, kw_only=True):
    """The caller is off the list of those to ring back."""

    agent: str
    outcome: Literal["reached", "not_reached", "not_needed"]


class LineStalled(Event, frozen=True, kw_only=True):
    """Nothing came from the caller's line for so many seconds, not even silence."""

    seconds: float


class LineBack(Event, frozen=True, kw_only=True):
    """The caller's line carries sound again."""

    seconds: float


class AgentUnsteady(Event, frozen=True, kw_only=True):
    """Nothing came from the agent for so many seconds, not even silence; the caller was told a word."""

    agent: str
    seconds: float


class AgentSteady(Event, frozen=True, kw_only=True):
    """The agent can be heard again."""

    agent: str


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
    why: str = ""
    """In the agent's own words, where they gave any."""


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


class GivenBack(Event, frozen=True, kw_only=True):
    """The agent gave the call back to the bot, with what is to be done."""

    agent: str
    instruction: str = ""
    verified: bool = False
    """The agent has made sure who the caller is."""


class HandedOn(Event, frozen=True, kw_only=True):
    """The agent passed the call on: to a colleague, to a skill, or (both empty) to whoever is free."""

    agent: str
    to_agent: str = ""
    to_skill: str = ""
    note: str = ""
    """What the next one should know."""


Role = Literal["colleague", "listen", "coach", "barge"]
GuestLeaves = Literal["left", "lost", "call_over", "declined", "no_answer"]


class GuestJoined(Event, frozen=True, kw_only=True):
    """Somebody besides the call's agent is on the line: a colleague, or a supervisor in that role."""

    agent: str
    role: Role


class GuestLeft(Event, frozen=True, kw_only=True):
    """They are not any more."""

    agent: str
    role: Role
    reason: GuestLeaves


class KeysSent(Event, frozen=True, kw_only=True):
    """The agent sent key tones down the caller's line."""

    agent: str
    digits: str


class Suggested(Event, frozen=True, kw_only=True):
    """Help for the agent: an answer to what the caller has just said, and where it comes from."""

    text: str
    source: str
    """A clause, a request or a back-office call of the playbook, e.g. `clause refund-decided`."""
    answers: int = 0
    """The entry (`seq`) of the caller's words; on the voice link the worker's own count."""
    ms: float = 0.0
    """From the end of the caller's turn to this."""


class WrappedUp(Event, frozen=True, kw_only=True):
    """The agent closed the call's paperwork, or its time ran out."""

    agent: str
    disposition: str
    summary: str = ""
    """What happened, as the agent corrected it."""


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
    | Rated | WaitTold | CallbackAsked | CallbackTried | CallbackClosed | LineStalled | LineBack
    | AgentUnsteady | AgentSteady
    | GivenBack | HandedOn | GuestJoined | GuestLeft | KeysSent | Suggested | WentOn
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
