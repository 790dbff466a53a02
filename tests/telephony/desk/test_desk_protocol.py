"""The desk's messages: both ways on the wire, and what is not one of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.desk import protocol
from telephony.legs import requests as ask
from telephony.legs.leg import Offer
from tests.desk_stand_in import entries
from voice.journal.events import Brief, CallStarted, CallState, Heard, Statement

CALL = st.text(min_size=1, max_size=128).filter(lambda text: text.isprintable())
FROM_DESK = st.one_of(
    st.builds(protocol.Pong),
    st.builds(protocol.Available, available=st.booleans()),
    *(
        st.builds(kind, call=CALL)
        for kind in (protocol.Accept, protocol.Decline, protocol.SkipBrief, protocol.HangUp)
    ),
    st.builds(protocol.WrapUp, call=CALL, disposition=st.text("abc _", min_size=1, max_size=200)),
    *(st.builds(kind, call=CALL) for kind in (ask.Hold, ask.Resume, ask.Leave)),
    st.builds(ask.SendKeys, call=CALL, digits=st.text("0123456789*#", min_size=1, max_size=32)),
    st.builds(ask.GiveBack, call=CALL, instruction=st.text("abc é", max_size=500), verified=st.booleans()),
    st.builds(ask.HandOn, call=CALL, agent=st.text("abc", max_size=60), note=st.text("abc", max_size=500)),
    st.builds(ask.Supervise, call=CALL, role=st.sampled_from(["listen", "coach", "barge"])),
)
OFFER = Offer(
    call="c1",
    caller="+4793410022",
    line="Fjord Pay",
    ring_seconds=20.0,
    brief=Brief(
        headline="Wants a refund", reason="Angry", tried=(Statement(text="Looked it up", sources=(2,)),)
    ),
    history=entries(
        "c1",
        (0.0, CallStarted(line="l", caller="c", called="d", carrier="x", carrier_call="y", playbook="p")),
        (2.5, Heard(who="caller", text="Where is my money?", start=1.0, end=2.4, confidence=0.9)),
    ),
)


@given(FROM_DESK)
def test_what_a_desk_sends_is_read_back_the_same(message: protocol.FromDeskMessage) -> None:
    assert protocol.from_desk(protocol.encode(message)) == message


@pytest.mark.parametrize(
    "message",
    [
        protocol.Welcome(agent="Ada", silent_seconds=15.0),
        protocol.Ping(),
        protocol.Clear(),
        protocol.offered(OFFER),
        protocol.CallWithdrawn(call="c1", reason="caller_left"),
        protocol.CallStands(call="c1", state=CallState.BRIDGED),
        protocol.JournalLine(entry=OFFER.history[1]),
        protocol.Problem(message="No."),
    ],
)
def test_what_a_desk_is_sent_is_read_back_the_same(message: protocol.ToDeskMessage) -> None:
    assert protocol.to_desk(protocol.encode(message)) == message


def test_the_wire_is_as_documented() -> None:
    told = json.loads(protocol.encode(protocol.offered(OFFER)))
    assert told["type"] == "offer"
    assert told["brief"]["tried"] == [{"text": "Looked it up", "sources": [2], "call": "", "value": ""}]
    assert told["history"][1]["event"]["kind"] == "heard"
    assert json.loads(protocol.encode(protocol.CallStands(call="c", state=CallState.WRAP_UP))) == {
        "type": "state",
        "call": "c",
        "state": "wrap_up",
    }
    assert protocol.from_desk('{"type": "accept", "call": "c", "from_the_future": 1}') == protocol.Accept(
        call="c"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a message"),
        ("[]", "not a message"),
        ("{}", "type"),
        ('{"type": "dance"}', "dance"),
        ('{"type": "accept"}', "call"),
        ('{"type": "accept", "call": ""}', "call"),
        ('{"type": "accept", "call": 7}', "call"),
        ('{"type": "available", "available": "yes"}', "available"),
        ('{"type": "wrap_up", "call": "c", "disposition": "' + "x" * 201 + '"}', "disposition"),
        ('{"type": "pong", "padding": "' + "x" * protocol.MAX_TEXT + '"}', "8192"),
        ("[" * 4000, "not a message"),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(protocol.ProtocolError, match=says):
        protocol.from_desk(text)


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_nothing_but_a_sentence_comes_of_garbage(text: str) -> None:
    try:
        protocol.from_desk(text)
    except protocol.ProtocolError as error:
        assert str(error).endswith(".")


@given(st.binary(max_size=400))
def test_only_whole_frames_pass(audio: bytes) -> None:
    if len(audio) == 160:
        assert protocol.frame(audio) == audio
    else:
        with pytest.raises(protocol.ProtocolError, match=f"has {len(audio)}"):
            protocol.frame(audio)


def test_a_desk_is_told_of_messages_it_does_not_know() -> None:
    with pytest.raises(protocol.ProtocolError):
        protocol.to_desk('{"type": "from_the_future"}')
