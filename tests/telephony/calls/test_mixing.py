"""Who hears whom, and what several voices at once sound like."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.conference import Conference
from telephony.calls.mixing import CALLER, LATE_FRAMES, Role, Waiting, hears, mixed
from telephony.legs import mulaw
from voice.journal.clock import LoopClock

frames = st.binary(min_size=160, max_size=160)


@given(st.lists(frames, min_size=2, max_size=5))
def test_a_mix_is_the_sum_clipped_and_never_wrapped(voices: list[bytes]) -> None:
    total = sum(mulaw.decode(voice).astype(np.int32) for voice in voices)
    expected = mulaw.encode(np.clip(total, -32_124, 32_124).astype(np.int16))
    assert mixed(voices) == expected


@given(frames)
def test_one_voice_alone_is_left_as_it_is(voice: bytes) -> None:
    assert mixed([voice]) is voice
    assert mulaw.decode(mixed([voice, mulaw.silence(0.02)])).tolist() == mulaw.decode(voice).tolist()


def test_two_loud_voices_are_as_loud_as_can_be() -> None:
    assert mulaw.decode(mixed([b"\x80" * 160, b"\x80" * 160])).max() == 32_124


ALL = {
    CALLER: Role.CALLER, "ann": Role.AGENT, "bo": Role.COLLEAGUE,
    "lis": Role.LISTEN, "coa": Role.COACH, "bar": Role.BARGE,
}  # fmt: skip


def test_who_hears_whom() -> None:
    assert {listener: "".join(sorted(one[0] for one in heard)) for listener, heard in hears(ALL).items()} == {
        CALLER: "abb",
        "ann": "bbcc",
        "bo": "abc",
        "lis": "abbc",
        "coa": "abbc",
        "bar": "abc",
    }


def test_a_coach_is_heard_by_the_agent_alone() -> None:
    assert [listener for listener, heard in hears(ALL).items() if "coa" in heard] == ["ann"]


def test_who_only_listens_is_heard_by_nobody() -> None:
    assert not any("lis" in heard for heard in hears(ALL).values())


def test_a_caller_on_hold_hears_nobody_and_is_heard_by_nobody() -> None:
    held = hears(ALL, held=True)
    assert held[CALLER] == frozenset()
    assert not any(CALLER in heard for heard in held.values())
    assert "bo" in held["ann"]


def test_who_is_muted_is_heard_by_nobody() -> None:
    assert not any("ann" in heard for heard in hears(ALL, muted={"ann"}).values())


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(list(Role)), max_size=6), st.booleans())
def test_nobody_hears_themselves(parties: dict[str, Role], held: bool) -> None:
    assert all(listener not in heard for listener, heard in hears(parties, held=held).items())


def test_a_voice_that_comes_too_fast_loses_its_oldest_frames() -> None:
    waiting = Waiting()
    for number in range(LATE_FRAMES + 2):
        waiting.put("a", bytes([number]))
    assert [waiting.take().get("a") for _ in range(LATE_FRAMES + 1)] == [b"\x02", b"\x03", b"\x04", None]


@pytest.mark.usefixtures("virtual_time")
async def test_the_pair_who_talk_lose_no_time_to_those_who_listen() -> None:
    conference = Conference(LoopClock())
    heard: dict[str, list[bytes]] = {name: [] for name in ALL}
    ears = {name: own.append for name, own in heard.items()}
    parties = {name: ALL[name] for name in (CALLER, "ann", "lis")}
    conference.connect(ears, hears(parties))
    loud, quiet = b"\x20" * 160, b"\xd0" * 160
    conference.take(CALLER, loud)
    conference.take("ann", quiet)
    assert (heard["ann"], heard[CALLER], heard["lis"]) == ([loud], [quiet], [])
    await asyncio.sleep(0.03)
    assert heard["lis"] == [mixed([loud, quiet])]
    conference.take(CALLER, loud)
    await asyncio.sleep(0.03)
    assert heard["lis"][1:] == [loud]
    conference.close()
    conference.take(CALLER, loud)
    await asyncio.sleep(0.1)
    assert len(heard["ann"]) == 2
