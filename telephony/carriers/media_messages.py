"""The messages of Twilio Media Streams, typed.

As published under "Media Streams - WebSocket Messages" in Twilio's documentation: JSON text told apart by
`event`, numbers mostly as text. Audio is 8 kHz mu-law without a header, which msgspec carries as base64.
`telephony.carriers.media_streams` reads and writes them.
"""

from typing import Literal

import msgspec

Track = Literal["inbound", "outbound"]
"""Whose voice, as the carrier sees it: `inbound` comes from the caller, `outbound` goes to them."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", rename="camel"):
    """Told apart by `event`."""


class Connected(Message, frozen=True, kw_only=True, tag="connected"):
    """The carrier's first message."""

    protocol: str = "Call"
    version: str = "1.0.0"


class MediaFormat(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The only format there is."""

    encoding: Literal["audio/x-mulaw"] = "audio/x-mulaw"
    sample_rate: Literal[8000] = 8000
    channels: Literal[1] = 1


class StreamFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What `start` tells of the call."""

    account_sid: str
    call_sid: str
    stream_sid: str
    tracks: tuple[Track, ...] = ("inbound",)
    media_format: MediaFormat = MediaFormat()
    custom_parameters: dict[str, str] = {}


class Start(Message, frozen=True, kw_only=True, tag="start"):
    """The carrier's second message: the stream begins."""

    sequence_number: str
    stream_sid: str
    start: StreamFacts


class MediaChunk(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Audio from the call. `timestamp` is in milliseconds of the stream; numbers travel as text."""

    track: Track
    chunk: str
    timestamp: str
    payload: bytes


class Media(Message, frozen=True, kw_only=True, tag="media"):
    """Carrier to server: what a party on the call said."""

    sequence_number: str
    stream_sid: str
    media: MediaChunk


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the caller's telephone."""

    digit: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "A", "B", "C", "D"]
    track: str = "inbound_track"


class Dtmf(Message, frozen=True, kw_only=True, tag="dtmf"):
    """Carrier to server: the caller pressed a key."""

    sequence_number: str
    stream_sid: str
    dtmf: Key


class MarkName(msgspec.Struct, frozen=True, kw_only=True):
    """A mark's name."""

    name: str


class Mark(Message, frozen=True, kw_only=True, tag="mark"):
    """Carrier to server: all audio before the mark of this name was heard, or was cleared."""

    sequence_number: str
    stream_sid: str
    mark: MarkName


class CallFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What `stop` tells of the call."""

    account_sid: str
    call_sid: str


class Stop(Message, frozen=True, kw_only=True, tag="stop"):
    """Carrier to server: the stream ends, because the caller left or the call was completed."""

    sequence_number: str
    stream_sid: str
    stop: CallFacts


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Audio for the caller."""

    payload: bytes


class OutboundMedia(Message, frozen=True, kw_only=True, tag="media"):
    """Server to carrier: play this behind what is queued."""

    stream_sid: str
    media: Payload


class OutboundMark(Message, frozen=True, kw_only=True, tag="mark"):
    """Server to carrier: return this mark when all audio before it has been heard."""

    stream_sid: str
    mark: MarkName


class Clear(Message, frozen=True, kw_only=True, tag="clear"):
    """Server to carrier: drop all audio not yet heard and return its marks."""

    stream_sid: str


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a name that was announced as somebody else's to read."""

    event: str
    text: str


FromCarrier = Connected | Start | Media | Dtmf | Mark | Stop
ToCarrier = OutboundMedia | OutboundMark | Clear
