"""Our own messages on the voice link, beside the media-stream messages every carrier speaks.

A worker that ignores all three is still a plain media-streams bot; a carrier that never sends `state`
still gets a bot that answers. All are JSON text, told apart by `event` as the carrier's messages are.
"""

from typing import Literal

import msgspec

from voice.journal.events import AnyEvent, Brief, CallState, Entry, Trigger

REFUSAL, FULL = "Hookflash-Refusal", "full"
"""The header, and its value, of the 503 with which a worker answers that has no room for another call."""


class LinkMessage(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", rename="camel"):
    """One of ours; `stream_sid` names the stream as in the carrier's own messages."""

    stream_sid: str


class JournalMessage(LinkMessage, frozen=True, kw_only=True, tag="journal"):
    """Worker to switchboard: something happened at second `t` of the call.

    `n` counts this worker's messages from 1. A brief that rests on one of them names it as `-n` among its
    statements' `sources`, for the switchboard to replace by the `seq` it gave the entry.
    """

    t: float
    entry: AnyEvent
    n: int = 0


class TakeoverMessage(LinkMessage, frozen=True, kw_only=True, tag="takeover"):
    """Worker to switchboard: hand over (`triggers`), or the brief for a takeover that is under way (none).

    `audio` is the spoken brief for the agent alone: 8 kHz mu-law, base64.
    """

    triggers: tuple[Trigger, ...] = ()
    brief: Brief | None = None
    audio: str = ""


Wish = Literal["callback", "yes", "no"]


class WishMessage(LinkMessage, frozen=True, kw_only=True, tag="wish"):
    """Worker to switchboard: the waiting caller wishes to be rung back, or says yes or no to a question."""

    wish: Wish


class AsideMessage(LinkMessage, frozen=True, kw_only=True, tag="aside"):
    """Worker to switchboard: from here on what the bot says is meant for a caller who waits for a person."""


class HangUpMessage(LinkMessage, frozen=True, kw_only=True, tag="hangup"):
    """Worker to switchboard: the bot has said goodbye; drop the line once the goodbye has been played."""

    reason: str


class PastCall(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One of the caller's calls before this one, as its journal tells; found by the calling number alone.

    `requests` are what the bot understood, the last one last; `open` those that were not answered; `person`
    tells whether a person took over; `promised` holds what the caller was promised. `sources` are the entries
    of its journal that say so.
    """

    call: str
    ago: float
    """Seconds between its start and this call's."""
    requests: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    promised: tuple[str, ...] = ()
    person: bool = False
    sources: tuple[int, ...] = ()


class StateMessage(LinkMessage, frozen=True, kw_only=True, tag="state"):
    """Switchboard to worker: who is on the line now; `history` once, when a worker joins a running call."""

    state: CallState
    t: float
    cause: str = ""
    agent: str | None = None
    history: tuple[Entry, ...] = ()
    earlier: tuple[PastCall, ...] = ()
    """The caller's calls of the last days, the newest first; once, with the first state of a call."""


FromWorker = JournalMessage | TakeoverMessage | HangUpMessage | WishMessage | AsideMessage
ToWorker = StateMessage

from_worker: msgspec.json.Decoder[FromWorker] = msgspec.json.Decoder(FromWorker)
to_worker: msgspec.json.Decoder[ToWorker] = msgspec.json.Decoder(ToWorker)
_encoder = msgspec.json.Encoder()


def encode(message: FromWorker | ToWorker) -> str:
    """Return the message as JSON text."""
    return _encoder.encode(message).decode()
