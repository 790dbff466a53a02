"""What waits for a socket: audio gives way, messages never do, the order stays."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from telephony.legs.outbox import Outbox


async def drained(outbox: Outbox) -> list[str]:
    taken = []
    try:
        while True:
            async with asyncio.timeout(0.001):
                one = await outbox.take()
                taken.append(one if isinstance(one, str) else one.decode())
    except TimeoutError:
        return taken


def run(pieces: list[str], audio: int, messages: int) -> tuple[list[str], list[bool]]:
    async def main() -> tuple[list[str], list[bool]]:
        outbox = Outbox(audio, messages)
        kept = []
        for piece in pieces:
            if piece.startswith("a"):
                outbox.put_audio(piece.encode())
            else:
                kept.append(outbox.put_message(piece))
        return await drained(outbox), kept

    return asyncio.run(main())


def test_a_worker_that_stalls_loses_the_oldest_audio_only() -> None:
    taken, kept = run(["start", "a1", "a2", "key", "a3", "a4"], audio=2, messages=10)
    assert taken == ["start", "key", "a3", "a4"]
    assert kept == [True, True]


def test_too_many_messages_are_refused() -> None:
    taken, kept = run(["m1", "m2", "m3"], audio=2, messages=2)
    assert taken == ["m1", "m2"]
    assert kept == [True, True, False]


@given(st.lists(st.sampled_from("am"), max_size=30))
def test_order_is_kept(kinds: list[str]) -> None:
    pieces = [f"{kind}{number}" for number, kind in enumerate(kinds)]
    taken, _ = run(pieces, audio=100, messages=100)
    assert taken == pieces
