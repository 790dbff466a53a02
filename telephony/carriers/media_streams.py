"""Both ends of a media stream as objects without I/O: text in, messages out, and back.

Other carriers speak the same protocol, and so do our voice workers. Whoever holds the socket does the I/O.
"""

from enum import Enum
from typing import Any, Final

import msgspec

from telephony.carriers.media_messages import (
    CallFacts,
    Clear,
    Connected,
    Dtmf,
    FromCarrier,
    Key,
    Mark,
    MarkName,
    Media,
    MediaChunk,
    Message,
    Other,
    OutboundMark,
    OutboundMedia,
    Payload,
    Start,
    Stop,
    StreamFacts,
    ToCarrier,
    Track,
)

MAX_MESSAGE: Final = 16_384
"""Characters a carrier's message may have; its 20 ms of audio need about 400."""

_SENTENCE_LIMIT = 200


class ProtocolError(Exception):
    """A message that is not acted on: one sentence saying what is wrong with it, fit for a log."""


class _Head(msgspec.Struct):
    event: str


class _Reader:
    """Decodes one direction's messages, or says in one sentence why not."""

    def __init__(
        self, kinds: tuple[type[Any], ...], max_message: int, others: frozenset[str] = frozenset()
    ) -> None:
        self._decoders = {str(kind.__struct_config__.tag): msgspec.json.Decoder(kind) for kind in kinds}
        self._head = msgspec.json.Decoder(_Head)
        self._max = max_message
        self._others = others

    def read(self, text: str | bytes | None) -> Any:
        if not isinstance(text, str):
            raise ProtocolError("A binary message came, but media streams are text.")
        if len(text) > self._max:
            raise ProtocolError(f"A message of {len(text)} characters is over the limit of {self._max}.")
        try:
            event = self._head.decode(text).event
            if event in self._others:
                return Other(event=event, text=text)
            decoder = self._decoders.get(event)
            if decoder is None:
                known = ", ".join(self._decoders)
                raise ProtocolError(f"{event[:40]!r} is no event of this stream; it can be {known}.")
            return decoder.decode(text)
        except msgspec.ValidationError as error:
            raise ProtocolError(_sentence(f"A message has a field that is wrong: {error}")) from None
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise ProtocolError(_sentence(f"A message is not JSON: {error}")) from None


def _sentence(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(line.split())[:_SENTENCE_LIMIT].rstrip(".") + "."


class _State(Enum):
    OPENING = "before connected"
    CONNECTED = "before start"
    STREAMING = "while streaming"
    STOPPED = "after stop"


_encoder = msgspec.json.Encoder()


def _text(message: Message) -> str:
    return _encoder.encode(message).decode()


class ServerStream:
    """The end that answers: reads the carrier's messages, writes `media`, `mark` and `clear`.

    Args:
        max_message: characters a message may have.
    """

    def __init__(self, max_message: int = MAX_MESSAGE) -> None:
        self._reader = _Reader((Connected, Start, Media, Dtmf, Mark, Stop), max_message)
        self._state = _State.OPENING
        self.stream_sid = ""

    def receive(self, text: str | bytes | None) -> FromCarrier:
        """Return the message in a WebSocket message's text.

        Raises:
            ProtocolError: it is none, or not text at all; the stream stands where it stood.
        """
        message: FromCarrier = self._reader.read(text)
        match message:
            case Connected():
                self._expect(_State.OPENING, "connected")
                self._state = _State.CONNECTED
            case Start():
                self._expect(_State.CONNECTED, "start")
                if message.stream_sid != message.start.stream_sid:
                    raise ProtocolError("A start message names two different streams.")
                self.stream_sid = message.stream_sid
                self._state = _State.STREAMING
            case _:
                event = str(type(message).__struct_config__.tag)
                self._expect(_State.STREAMING, event)
                if message.stream_sid != self.stream_sid:
                    raise ProtocolError(
                        f"A {event} message is for stream {message.stream_sid[:40]!r}, "
                        f"but this one is {self.stream_sid!r}."
                    )
                if isinstance(message, Stop):
                    self._state = _State.STOPPED
        return message

    def _expect(self, state: _State, event: str) -> None:
        if self._state is not state:
            raise ProtocolError(f"A {event} message came {self._state.value}.")

    def media(self, mulaw: bytes) -> str:
        """Return the message that plays audio."""
        return _text(OutboundMedia(stream_sid=self.stream_sid, media=Payload(payload=mulaw)))

    def mark(self, name: str) -> str:
        """Return the message that sets a mark."""
        return _text(OutboundMark(stream_sid=self.stream_sid, mark=MarkName(name=name)))

    def clear(self) -> str:
        """Return the message that drops what has not been heard."""
        return _text(Clear(stream_sid=self.stream_sid))


class ClientStream:
    """The end that calls: a carrier, or the switchboard before its voice worker.

    Args:
        facts: what `start` will tell.
        max_message: characters a message may have.
        others: names of events that are not the carrier's; `receive` hands them back as `Other`, unread.
    """

    def __init__(
        self, facts: StreamFacts, *, max_message: int = 1 << 20, others: frozenset[str] = frozenset()
    ) -> None:
        self._reader = _Reader((OutboundMedia, OutboundMark, Clear), max_message, others)
        self._facts = facts
        self._sequence = 0
        self._chunks: dict[str, int] = {}
        self.stream_sid = facts.stream_sid

    def receive(self, text: str | bytes | None) -> ToCarrier | Other:
        """Return the message in a WebSocket message's text.

        Raises:
            ProtocolError: it is none, or not text at all; the stream stands where it stood.
        """
        message: ToCarrier | Other = self._reader.read(text)
        if not isinstance(message, Other) and message.stream_sid != self.stream_sid:
            raise ProtocolError(
                f"A {type(message).__struct_config__.tag} message is for stream "
                f"{message.stream_sid[:40]!r}, but this one is {self.stream_sid!r}."
            )
        return message

    def connected(self) -> str:
        """Return the first message."""
        return _text(Connected())

    def start(self) -> str:
        """Return the second message."""
        return _text(Start(sequence_number=self._next(), stream_sid=self.stream_sid, start=self._facts))

    def media(self, mulaw: bytes, at: float, track: Track = "inbound") -> str:
        """Return the message that carries audio said `at` seconds of the stream."""
        chunk = self._chunks[track] = self._chunks.get(track, 0) + 1
        media = MediaChunk(track=track, chunk=str(chunk), timestamp=str(round(at * 1000)), payload=mulaw)
        return _text(Media(sequence_number=self._next(), stream_sid=self.stream_sid, media=media))

    def mark(self, name: str) -> str:
        """Return the message that gives a mark back."""
        mark = MarkName(name=name)
        return _text(Mark(sequence_number=self._next(), stream_sid=self.stream_sid, mark=mark))

    def dtmf(self, digit: str) -> str:
        """Return the message that tells of a key; raises `ProtocolError` when no telephone has it."""
        try:
            key = msgspec.convert({"digit": digit}, Key)
        except msgspec.ValidationError:
            raise ProtocolError(f"No telephone has a key {digit[:8]!r}.") from None
        return _text(Dtmf(sequence_number=self._next(), stream_sid=self.stream_sid, dtmf=key))

    def stop(self) -> str:
        """Return the last message."""
        facts = CallFacts(account_sid=self._facts.account_sid, call_sid=self._facts.call_sid)
        return _text(Stop(sequence_number=self._next(), stream_sid=self.stream_sid, stop=facts))

    def _next(self) -> str:
        self._sequence += 1
        return str(self._sequence)
