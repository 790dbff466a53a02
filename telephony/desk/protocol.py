"""What a desk and the switchboard say to each other. This is an API: another desk may speak it.

One WebSocket, `/desk/ws`, opened by a signed-in agent from the switchboard's own origin, carries it all:

- **Text** messages are JSON objects told apart by `type`. Fields that a side does not know are ignored, and a
  desk ignores types it does not know. The switchboard answers what it cannot accept with `error`.
- **Binary** messages are 8 kHz mu-law audio. From the desk each is exactly one frame of 20 ms (160 bytes),
  sent as it is recorded; the desk may send always, and is heard only while bridged. To the desk each is
  20 ms or less, in real time: the brief while `briefing`, the caller while `bridged`. A desk keeps about
  50 ms of it in hand against jitter.

In order: `welcome`, then `available`. A call rings with `offer`; the desk answers `accept` or `decline`, or
the call is `withdrawn`. From then on `state` says where the call stands and `entry` brings its journal line
by line. The desk may `skip_brief`, then `hang_up`; while the state is `wrap_up` it sends `wrap_up`. What else
may be asked for while people talk (hold, keys, colleagues, giving the call back) stands in
`telephony.legs.requests`; all of it is in docs/desk-api.md. A desk
that loses its connection opens it again and says `available` again; nothing is assumed of it meanwhile.

The switchboard sends `ping` every few seconds and the desk answers `pong`. A desk from which nothing has come
for `welcome.silent_seconds` is frozen or gone, and its call goes to the next agent.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from telephony.calls.callbacks import Callback
from telephony.legs.leg import FRAME_BYTES, AgentLeg, Offer
from telephony.legs.requests import AnyRequest, CallName
from voice.journal.events import Brief, CallState, Entry

MAX_TEXT = 8192
"""Characters of a text message from the desk at most."""
MESSAGES_PER_SECOND = 10.0
MESSAGES_AT_ONCE = 40.0
FRAMES_PER_SECOND = 55.0
"""A tenth more than real time: sound cards' clocks differ a little, floods a lot."""
FRAMES_AT_ONCE = 50.0


Disposition = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Summary = Annotated[str, msgspec.Meta(max_length=3000)]


class CloseCode(IntEnum):
    """Why the switchboard ended the connection. After a 44xx code a desk must not connect again by itself."""

    DONE = 1000
    GOING_AWAY = 1001
    LOST = 4308
    """Nothing was heard from the desk, or it did not take what it was sent: connect again."""
    MISBEHAVED = 4400
    SIGNED_OUT = 4401
    REPLACED = 4409
    """The same agent opened another desk."""


class ToDesk(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Switchboard to desk."""


class Welcome(ToDesk, frozen=True, kw_only=True, tag="welcome"):
    """First of all: who the switchboard takes you for, and how long you may be silent."""

    agent: str
    silent_seconds: float
    supervisor: bool = False
    """They may join the calls of others."""


class Ping(ToDesk, frozen=True, kw_only=True, tag="ping"):
    """Answer with `pong`."""


class Clear(ToDesk, frozen=True, kw_only=True, tag="clear"):
    """Drop the audio you hold and have not played: the brief was skipped."""


class CallOffered(ToDesk, frozen=True, kw_only=True, tag="offer"):
    """A call rings for `ring_seconds`. Sent again for the same call when its brief is written or bettered."""

    call: str
    caller: str
    line: str
    ring_seconds: float
    brief: Brief | None
    history: tuple[Entry, ...] = ()
    role: Literal["agent", "colleague"] = "agent"
    """`colleague`: to join `asked_by`, who has the call."""
    asked_by: str = ""


class CallWithdrawn(ToDesk, frozen=True, kw_only=True, tag="withdrawn"):
    """The call is not yours any more: stop ringing, clear the screen. `reason` is one word: `caller_left`."""

    call: str
    reason: str


class CallStands(ToDesk, frozen=True, kw_only=True, tag="state"):
    """Where your call stands."""

    call: str
    state: CallState


class JournalLine(ToDesk, frozen=True, kw_only=True, tag="entry"):
    """One thing that happened on your call."""

    entry: Entry


class CallbackLine(msgspec.Struct, frozen=True, kw_only=True):
    """A caller to be rung back; `call` names the call on which they asked for it."""

    call: str
    number: str
    earliest: datetime
    latest: datetime
    headline: str = ""
    tries: int = 0


class CallbackList(ToDesk, frozen=True, kw_only=True, tag="callbacks"):
    """Everybody who is to be rung back, whoever is due first first; sent anew whenever it changes."""

    callbacks: tuple[CallbackLine, ...]


class Problem(ToDesk, frozen=True, kw_only=True, tag="error"):
    """What you sent was not acted on; one sentence says why."""

    message: str


class FromDesk(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Desk to switchboard."""


class Pong(FromDesk, frozen=True, kw_only=True, tag="pong"):
    """The desk is alive."""


class Available(FromDesk, frozen=True, kw_only=True, tag="available"):
    """Ring me, or don't. A call under way is not touched."""

    available: bool


class Accept(FromDesk, frozen=True, kw_only=True, tag="accept"):
    """I take the call."""

    call: CallName


class Decline(FromDesk, frozen=True, kw_only=True, tag="decline"):
    """I don't; ring somebody else. `reason` in your own words, where you give one."""

    call: CallName
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class SkipBrief(FromDesk, frozen=True, kw_only=True, tag="skip_brief"):
    """I have heard enough; put me through."""

    call: CallName


class HangUp(FromDesk, frozen=True, kw_only=True, tag="hang_up"):
    """We are done talking; end the caller's call."""

    call: CallName


class WrapUp(FromDesk, frozen=True, kw_only=True, tag="wrap_up"):
    """The call's paperwork: how it ended."""

    call: CallName
    disposition: Disposition
    summary: Summary = ""
    """What happened, as the agent corrected the draft."""


ToDeskMessage = (
    Welcome | Ping | Clear | CallOffered | CallWithdrawn | CallStands | JournalLine | CallbackList | Problem
)  # fmt: skip
FromDeskMessage = Pong | Available | Accept | Decline | SkipBrief | HangUp | WrapUp | AnyRequest

_from_desk: msgspec.json.Decoder[FromDeskMessage] = msgspec.json.Decoder(FromDeskMessage)
_to_desk: msgspec.json.Decoder[ToDeskMessage] = msgspec.json.Decoder(ToDeskMessage)
_encoder = msgspec.json.Encoder()


class ProtocolError(ValueError):
    """Something arrived that is not in the protocol; the text is one sentence fit for the other side."""


def encode(message: ToDeskMessage | FromDeskMessage) -> str:
    """Return the message as JSON text."""
    return _encoder.encode(message).decode()


def welcome(leg: AgentLeg, silent_seconds: float) -> Welcome:
    """Return the first message to a desk."""
    return Welcome(agent=leg.agent, silent_seconds=silent_seconds, supervisor=leg.supervisor)


def offered(offer: Offer) -> CallOffered:
    """Return the message that rings a desk."""
    return CallOffered(
        call=offer.call,
        caller=offer.caller,
        line=offer.line,
        ring_seconds=offer.ring_seconds,
        brief=offer.brief,
        history=offer.history,
        role=offer.role,
        asked_by=offer.asked_by,
    )


def callback_list(callbacks: Iterable[Callback]) -> CallbackList:
    """Return the message that shows who is to be rung back."""
    return CallbackList(
        callbacks=tuple(
            CallbackLine(
                call=one.call,
                number=one.number,
                earliest=one.earliest,
                latest=one.latest,
                headline=one.headline,
                tries=one.tries,
            )
            for one in callbacks
        )
    )


def from_desk(text: str) -> FromDeskMessage:
    """Read what a desk sent.

    Raises:
        ProtocolError: longer than `MAX_TEXT`, not JSON, of no known type, or with a wrong field.
    """
    if len(text) > MAX_TEXT:
        raise ProtocolError(f"A message may have {MAX_TEXT} characters at most.")
    try:
        return _from_desk.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ProtocolError(f"That is not a message from a desk: {error}.") from error


def to_desk(text: str) -> ToDeskMessage:
    """Read what the switchboard sent; for desks written in Python.

    Raises:
        ProtocolError: not JSON, of no known type, or with a wrong field.
    """
    try:
        return _to_desk.decode(text)
    except msgspec.DecodeError as error:
        raise ProtocolError(f"That is not a message to a desk: {error}.") from error


def frame(audio: bytes) -> bytes:
    """Return a binary message from a desk if it is one frame of 20 ms.

    Raises:
        ProtocolError: it has another length.
    """
    if len(audio) != FRAME_BYTES:
        raise ProtocolError(f"Audio comes in frames of {FRAME_BYTES} bytes; this one has {len(audio)}.")
    return audio
