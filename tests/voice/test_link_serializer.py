import base64
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InputDTMFFrame,
    InterruptionFrame,
    TTSAudioRawFrame,
)

from voice.frames import (
    AgentAudioFrame,
    CallStartFrame,
    HangUpFrame,
    JournalFrame,
    MarkFrame,
    PlayedFrame,
    StateFrame,
    TakeoverFrame,
)
from voice.journal import link
from voice.journal.clock import LoopClock
from voice.journal.events import BargedIn, CallState, Trigger, TriggerKind
from voice.link_serializer import MAX_AUDIO, LinkError, LinkSerializer

pytestmark = pytest.mark.usefixtures("virtual_time")


def start(**parameters: str) -> str:
    details = {"callSid": "CA1", "customParameters": parameters}
    return json.dumps({"event": "start", "streamSid": "MZ1", "start": details})


def media(mulaw: bytes, track: str = "inbound") -> str:
    audio = {"track": track, "payload": base64.b64encode(mulaw).decode()}
    return json.dumps({"event": "media", "streamSid": "MZ1", "media": audio})


async def started(**parameters: str) -> tuple[LinkSerializer, CallStartFrame]:
    serializer = LinkSerializer(LoopClock())
    frame = await serializer.deserialize(start(**parameters))
    assert isinstance(frame, CallStartFrame)
    return serializer, frame


async def out(serializer: LinkSerializer, frame: Frame) -> Any:
    message = await serializer.serialize(frame)
    assert message is not None
    return json.loads(message)


async def test_the_start_tells_call_caller_playbook_and_where_in_the_call_it_begins() -> None:
    _, frame = await started(call="c1", playbook="p", language="fr", caller="+47", t0="12.5")
    assert (frame.call, frame.playbook, frame.language, frame.caller) == ("c1", "p", "fr", "+47")
    assert frame.t0 == 12.5
    assert frame.time.now() == 12.5


async def test_a_plain_carrier_names_nothing_but_the_call() -> None:
    _, frame = await started()
    assert (frame.call, frame.playbook, frame.t0) == ("CA1", "", 0.0)


async def test_both_tracks_arrive_at_16_khz_and_are_told_apart() -> None:
    serializer, _ = await started()
    caller = await serializer.deserialize(media(b"\x10" * 160))
    agent = await serializer.deserialize(media(b"\x10" * 160, "outbound"))
    assert isinstance(caller, InputAudioRawFrame)
    assert isinstance(agent, AgentAudioFrame)
    assert not isinstance(agent, InputAudioRawFrame)
    for frame in (caller, agent):
        assert (frame.sample_rate, len(frame.audio)) == (16_000, 2 * 320)


async def test_the_tracks_do_not_leak_into_each_other() -> None:
    alone, _ = await started()
    mixed, _ = await started()
    for _ in range(5):
        one = await alone.deserialize(media(b"\x10" * 160))
        await mixed.deserialize(media(b"\x90\x10" * 80, "outbound"))
        two = await mixed.deserialize(media(b"\x10" * 160))
        assert isinstance(one, InputAudioRawFrame)
        assert isinstance(two, InputAudioRawFrame)
        assert one.audio == two.audio


async def test_marks_keys_states_and_the_end() -> None:
    serializer, _ = await started()
    mark = await serializer.deserialize('{"event":"mark","streamSid":"MZ1","mark":{"name":"m1"}}')
    key = await serializer.deserialize('{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"#"}}')
    state = await serializer.deserialize(
        link.encode(link.StateMessage(stream_sid="MZ1", state=CallState.BRIDGED, t=3.0))
    )
    assert isinstance(mark, PlayedFrame)
    assert mark.mark == "m1"
    assert isinstance(key, InputDTMFFrame)
    assert isinstance(state, StateFrame)
    assert state.message.state is CallState.BRIDGED
    assert isinstance(await serializer.deserialize('{"event":"stop","streamSid":"MZ1"}'), EndFrame)
    assert await serializer.deserialize('{"event":"connected","protocol":"Call"}') is None


async def test_what_the_pipeline_says_becomes_messages_of_the_link() -> None:
    serializer, _ = await started()
    trigger = Trigger(kind=TriggerKind.ASKED, evidence="an agent", t=1.0)
    audio = TTSAudioRawFrame(audio=b"\0\0" * 160, sample_rate=8_000, num_channels=1)
    assert await out(serializer, MarkFrame("m")) == {
        "event": "mark",
        "streamSid": "MZ1",
        "mark": {"name": "m"},
    }
    assert base64.b64decode((await out(serializer, audio))["media"]["payload"]) == b"\xff" * 160
    assert await out(serializer, InterruptionFrame()) == {"event": "clear", "streamSid": "MZ1"}
    journal = link.from_worker.decode(
        json.dumps(await out(serializer, JournalFrame(BargedIn(said="x"), 1, 7)))
    )
    assert journal == link.JournalMessage(stream_sid="MZ1", t=1, n=7, entry=BargedIn(said="x"))
    takeover = await out(serializer, TakeoverFrame((trigger,), None, b"\0\0" * 4))
    assert takeover["event"] == "takeover"
    assert base64.b64decode(takeover["audio"]) == b"\xff" * 4
    assert (await out(serializer, HangUpFrame("done")))["reason"] == "done"
    assert await serializer.serialize(EndFrame()) is None


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ("nonsense", "Not a message"),
        ("[]", "Not a message"),
        ('{"event":"dance"}', "Not a message"),
        ('{"event":"media","media":{}}', "payload"),
        ('{"event":"media","media":{"payload":"***"}}', "not base64"),
        ('{"event":"media","media":{"payload":"AAAA","track":"sideways"}}', "track"),
        ('{"event":"dtmf","dtmf":{"digit":"seven"}}', "no telephone"),
        ('{"event":"state","streamSid":"x","state":"asleep","t":0}', "state"),
        (start(), "second start"),
        (media(b"\0" * (MAX_AUDIO + 1)), "16001 bytes"),
        (" " * 5_000_000, "5000000 characters"),
    ],
)
async def test_malformed_messages_are_refused_in_one_sentence(message: str, complaint: str) -> None:
    serializer, _ = await started()
    with pytest.raises(LinkError, match=complaint):
        await serializer.deserialize(message)


async def test_a_start_that_begins_at_no_second_is_refused() -> None:
    with pytest.raises(LinkError, match="t0"):
        await LinkSerializer(LoopClock()).deserialize(start(t0="soon"))


async def test_audio_before_the_start_is_refused() -> None:
    with pytest.raises(LinkError, match="before the start"):
        await LinkSerializer(LoopClock()).deserialize(media(b"\xff"))


@given(st.text() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps))
def test_nothing_but_the_link_error_comes_of_nonsense(message: str) -> None:
    from voice.replay import virtual_time  # noqa: PLC0415  # a loop for each example

    async def read() -> None:
        with pytest.raises(LinkError):
            await LinkSerializer(LoopClock()).deserialize(message)

    virtual_time.run(read())


@given(st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=8))
def test_audio_keeps_its_length_however_it_is_cut(chunks: list[bytes]) -> None:
    from voice.replay import virtual_time  # noqa: PLC0415  # a loop for each example

    async def read() -> int:
        serializer, _ = await started()
        total = 0
        for chunk in chunks:
            frame = await serializer.deserialize(media(chunk))
            assert isinstance(frame, InputAudioRawFrame)
            total += len(np.frombuffer(frame.audio, np.int16))
        return total

    assert virtual_time.run(read()) == 2 * sum(len(chunk) for chunk in chunks)
