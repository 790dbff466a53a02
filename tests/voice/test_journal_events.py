"""Every event survives the wire, and what is malformed is named."""

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.journal import link
from voice.journal.events import (
    AnyEvent,
    Brief,
    CallState,
    Entry,
    Heard,
    Statement,
    Trigger,
    TriggerKind,
    Word,
    decode_entry,
    decode_event,
    encode,
)

KINDS = get_args(AnyEvent)
seconds = st.floats(0, 36_000, allow_nan=False)
shares = st.floats(0, 1, allow_nan=False)
texts = st.text(max_size=80)

heard = st.builds(
    Heard,
    who=st.sampled_from(["caller", "bot", "agent"]),
    text=texts,
    start=seconds,
    end=seconds,
    confidence=shares,
    words=st.lists(st.builds(Word, text=texts, start=seconds, end=seconds, confidence=shares)).map(tuple),
)


def test_kinds_are_told_apart_by_their_names() -> None:
    tags = [kind.__struct_config__.tag for kind in KINDS]
    assert len(set(tags)) == len(tags)
    assert {"call_started", "heard", "takeover_requested", "first_audio"} <= set(tags)


@given(heard, seconds, st.integers(1, 10_000))
def test_an_entry_survives_the_wire(event: Heard, t: float, seq: int) -> None:
    entry = Entry(call="c1", seq=seq, t=t, at=datetime(2026, 1, 2, tzinfo=UTC), event=event)
    assert decode_entry(encode(entry)) == entry


@given(st.text(max_size=200))
def test_rubbish_is_refused_and_nothing_else_is_raised(line: str) -> None:
    with pytest.raises((msgspec.ValidationError, msgspec.DecodeError)):
        decode_event("x" + line)


def test_a_wrong_field_is_named() -> None:
    with pytest.raises(msgspec.ValidationError, match="confidence"):
        decode_event('{"kind":"heard","who":"caller","text":"yes","start":1,"end":2,"confidence":"high"}')


def test_a_takeover_and_its_brief_cross_the_link_whole() -> None:
    message = link.TakeoverMessage(
        stream_sid="MZ1",
        triggers=(Trigger(kind=TriggerKind.ANGER, evidence="said: this is unacceptable", t=31.0, score=0.9),),
        brief=Brief(
            headline="Refund late", reason="angry", tried=(Statement(text="looked it up", sources=(4,)),)
        ),
        audio="AAAA",
    )
    assert link.from_worker.decode(link.encode(message)) == message


def test_our_messages_look_like_the_carriers_on_the_wire() -> None:
    raw = msgspec.json.decode(
        link.encode(link.StateMessage(stream_sid="MZ1", state=CallState.WAITING, t=3.0))
    )
    assert (raw["event"], raw["streamSid"], raw["state"]) == ("state", "MZ1", "waiting")
