"""Both ends of the media stream protocol: published examples, refusals, and noise."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.media_messages import (
    Clear,
    Connected,
    Dtmf,
    Mark,
    Media,
    Other,
    OutboundMark,
    OutboundMedia,
    Start,
    Stop,
    StreamFacts,
    Track,
)
from telephony.carriers.media_streams import MAX_MESSAGE, ClientStream, ProtocolError, ServerStream

FACTS = StreamFacts(
    account_sid="AC0", call_sid="CA1", stream_sid="MZ2", custom_parameters={"FirstName": "Jane"}
)
CONNECTED: dict[str, Any] = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC0",
        "streamSid": "MZ2",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"FirstName": "Jane"},
    },
    "streamSid": "MZ2",
}
MEDIA: dict[str, Any] = {
    "event": "media",
    "sequenceNumber": "3",
    "media": {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": "/38A"},
    "streamSid": "MZ2",
}
MARK: dict[str, Any] = {
    "event": "mark",
    "sequenceNumber": "4",
    "streamSid": "MZ2",
    "mark": {"name": "my label"},
}
DTMF: dict[str, Any] = {
    "event": "dtmf",
    "streamSid": "MZ2",
    "sequenceNumber": "5",
    "dtmf": {"track": "inbound_track", "digit": "1"},
}
STOP: dict[str, Any] = {
    "event": "stop",
    "sequenceNumber": "6",
    "streamSid": "MZ2",
    "stop": {"accountSid": "AC0", "callSid": "CA1"},
}


def streaming() -> ServerStream:
    server = ServerStream()
    server.receive(json.dumps(CONNECTED))
    server.receive(json.dumps(START))
    return server


def test_the_server_reads_a_stream_as_published() -> None:
    server = ServerStream()
    messages = [server.receive(json.dumps(one)) for one in (CONNECTED, START, MEDIA, MARK, DTMF, STOP)]
    connected, start, media, mark, dtmf, stop = messages
    assert isinstance(connected, Connected)
    assert connected.protocol == "Call"
    assert isinstance(start, Start)
    assert start.start == FACTS
    assert server.stream_sid == "MZ2"
    assert isinstance(media, Media)
    assert media.media.payload == b"\xff\x7f\x00"
    assert isinstance(mark, Mark)
    assert mark.mark.name == "my label"
    assert isinstance(dtmf, Dtmf)
    assert dtmf.dtmf.digit == "1"
    assert isinstance(stop, Stop)
    assert stop.stop.call_sid == "CA1"


def test_the_client_writes_a_stream_as_published() -> None:
    client = ClientStream(FACTS)
    written = [
        client.connected(),
        client.start(),
        client.media(b"\xff\x7f\x00", at=0.005),
        client.mark("my label"),
        client.dtmf("1"),
        client.stop(),
    ]
    expected = [CONNECTED, START, MEDIA, MARK, DTMF, STOP]
    numbered = [{**one, "sequenceNumber": str(place)} if place else one for place, one in enumerate(expected)]
    assert [json.loads(text) for text in written] == numbered


def test_chunks_are_counted_on_each_track() -> None:
    client = ClientStream(FACTS)
    tracks: tuple[Track, ...] = ("inbound", "outbound", "inbound")
    chunks = [
        json.loads(client.media(b"", at=0.02 * tick, track=track))["media"]
        for tick, track in enumerate(tracks)
    ]
    assert [(one["track"], one["chunk"], one["timestamp"]) for one in chunks] == [
        ("inbound", "1", "0"),
        ("outbound", "1", "20"),
        ("inbound", "2", "40"),
    ]


def test_the_server_writes_what_the_client_reads() -> None:
    server, client = streaming(), ClientStream(FACTS)
    assert json.loads(server.media(b"\xff")) == {
        "event": "media", "streamSid": "MZ2", "media": {"payload": base64.b64encode(b"\xff").decode()},
    }  # fmt: skip
    assert json.loads(server.clear()) == {"event": "clear", "streamSid": "MZ2"}
    media, mark, clear = map(client.receive, (server.media(b"abc"), server.mark("m"), server.clear()))
    assert isinstance(media, OutboundMedia)
    assert media.media.payload == b"abc"
    assert isinstance(mark, OutboundMark)
    assert mark.mark.name == "m"
    assert isinstance(clear, Clear)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", r"not JSON: Input data was truncated\.$"),
        ("[]", r"field that is wrong: Expected `object`, got `array`\.$"),
        ("[" * 9_000, "field that is wrong"),
        ('{"x":' * 3_000, "not JSON: maximum recursion depth"),
        ('{"event":"media\ud800"}', "not JSON"),
        ('{"event":"prepare"}', "'prepare' is no event of this stream; it can be connected, start, media"),
        (
            json.dumps({**MEDIA, "streamSid": "MZ9"}),
            "message is for stream 'MZ9', but this one is 'MZ2'",
        ),
        (json.dumps(MEDIA) + " " * MAX_MESSAGE, f"is over the limit of {MAX_MESSAGE}"),
        (
            json.dumps({**MEDIA, "media": {**MEDIA["media"], "payload": "AAA!"}}),
            r"Invalid base64 encoded string - at `\$.media.payload`",
        ),
        (json.dumps({**DTMF, "dtmf": {"digit": "11"}}), "field that is wrong: Invalid enum value '11'"),
        (
            json.dumps({**MEDIA, "media": {**MEDIA["media"], "track": "\x1b[31m\n"}}),
            r"Invalid enum value '\\x1b\[31m",
        ),
        (json.dumps({"event": "media", "streamSid": "MZ2"}), "missing required field `sequenceNumber`"),
        (json.dumps(START), "start message came while streaming"),
        (json.dumps(CONNECTED), "connected message came while streaming"),
    ],
)
def test_a_bad_message_is_one_sentence_and_the_stream_goes_on(text: str, sentence: str) -> None:
    server = streaming()
    with pytest.raises(ProtocolError, match=sentence) as refusal:
        server.receive(text)
    assert len(str(refusal.value)) <= 201
    assert str(refusal.value).isprintable()
    assert isinstance(server.receive(json.dumps(MEDIA)), Media)


def test_order_is_kept() -> None:
    server = ServerStream()
    with pytest.raises(ProtocolError, match="start message came before connected"):
        server.receive(json.dumps(START))
    server.receive(json.dumps(CONNECTED))
    with pytest.raises(ProtocolError, match="media message came before start"):
        server.receive(json.dumps(MEDIA))
    with pytest.raises(ProtocolError, match="two different streams"):
        server.receive(json.dumps({**START, "streamSid": "MZ9"}))
    server.receive(json.dumps(START))
    server.receive(json.dumps(STOP))
    with pytest.raises(ProtocolError, match="media message came after stop"):
        server.receive(json.dumps(MEDIA))


def test_other_peoples_messages_are_handed_on_unread() -> None:
    client = ClientStream(FACTS, others=frozenset({"journal"}))
    text = '{"event":"journal","whatever":[1,2]}'
    assert client.receive(text) == Other(event="journal", text=text)
    with pytest.raises(ProtocolError, match="no event of this stream"):
        client.receive('{"event":"takeover"}')


def test_no_telephone_has_a_key_like_that() -> None:
    with pytest.raises(ProtocolError, match="'E'"):
        ClientStream(FACTS).dtmf("E")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return a published message with one of its fields, at any depth, replaced or taken out."""
    message = json.loads(json.dumps(draw(st.sampled_from([CONNECTED, START, MEDIA, MARK, DTMF, STOP]))))
    place = message
    key = draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], dict) and draw(st.booleans()):
        place = place[key]
        key = draw(st.sampled_from(sorted(place)))
    if draw(st.booleans()):
        place[key] = draw(json_values)
    else:
        del place[key]
    return json.dumps(message)


any_text = st.text(st.characters(exclude_categories=()))


@given(any_text | json_values.map(json.dumps) | damaged(), st.booleans())
def test_nothing_but_its_own_error_ever_comes_out(text: str, started: bool) -> None:
    server = streaming() if started else ServerStream()
    for receive in (server.receive, ClientStream(FACTS).receive):
        try:
            receive(text)
        except ProtocolError as refusal:
            sentence = str(refusal)
            assert sentence.endswith(".")
            assert sentence.isprintable()


@given(st.binary(max_size=2_000), st.floats(0, 1e6))
def test_audio_survives_the_journey(audio: bytes, at: float) -> None:
    message = streaming().receive(ClientStream(FACTS).media(audio, at))
    assert isinstance(message, Media)
    assert message.media.payload == audio
    assert int(message.media.timestamp) == round(at * 1_000)
