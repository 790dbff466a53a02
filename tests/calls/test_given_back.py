"""A call that an agent gives back: the real bot does what it was told to, by voice, and closes."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.asking_caller import clip
from benchmarks.house_stage import HouseStage, house_stage
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.reader import JournalReader
from telephony.desk.conduct import Conduct
from telephony.desk.protocol import CallOffered
from telephony.legs.requests import GiveBack, NotePromise
from voice.journal import events
from voice.journal.clock import LoopClock
from voice.journal.events import CallState, Entry

pytestmark = [pytest.mark.models, pytest.mark.timeout(240)]
NUMBER = "+4740000004"
PROMISE = "The letter goes out on Friday."
ASKED = {"street": 2, "postcode": 3, "town": 4, "Is that right?": 5}
"""The caller's lines of `changes_address`, by what they are asked."""


async def given_back(stage: HouseStage) -> list[Entry]:
    """Let a caller ask for a person, who gives them back at once; returns the call's journal."""
    call = stage.carrier.place(
        RecordedCaller(audio=b""), stage.house.voice_url, from_number=NUMBER, patience=120.0
    )
    reader = JournalReader(stage.house.journal, call.sid)
    conduct = Conduct(accept_after=0.2, skip_brief_after=0.2)
    async with stage.agent("Robin", await stage.sign_up("Robin"), conduct) as agent:
        ringing = asyncio.create_task(call.run())
        await asyncio.sleep(3.0)
        assert call.stream is not None
        call.stream.press("0")
        offer = await agent.wait_for(CallOffered)
        await agent.wait_for_state(CallState.BRIDGED)
        await asyncio.sleep(0.5)
        await agent.send(NotePromise(call=offer.call, text=PROMISE))
        await agent.send(
            GiveBack(call=offer.call, instruction="Take the new address, then close.", verified=True)
        )
        entries: list[Entry] = []
        line: int | None = None
        while not ringing.done():
            await asyncio.sleep(0.2)
            entries += (news := await reader.news())
            said = [e.event.text for e in news if isinstance(e.event, events.Said) and e.event.by == "bot"]
            line = next((place for word, place in ASKED.items() if said and word in said[-1]), line)
            # Whoever is asked again, or whether they are still there, says it again.
            if line is not None and said and said[-1].endswith("?"):
                call.stream.say(clip("changes_address", line))
    return entries + await reader.news()


async def test_take_the_new_address_then_close(tmp_path: Path) -> None:
    async with house_stage(LoopClock(), None, {"HOOKFLASH_RECORD": "false"}) as stage:
        told = [entry.event for entry in await given_back(stage)]
    back = next(at for at, event in enumerate(told) if isinstance(event, events.GivenBack))
    afterwards = told[back:]
    said = " ".join(e.text for e in afterwards if isinstance(e, events.Said) and e.by == "bot")
    decided = [(e.action, e.request) for e in afterwards if isinstance(e, events.Decided)]
    assert PROMISE in said
    assert ("answer", "change_address") in decided
    assert said.endswith("Goodbye.")
    assert next(e for e in told if isinstance(e, events.CallEnded)).by == "bot"
