"""Two calls in a row from the same number: the second is greeted with the first, and verified by neither."""

import asyncio
import secrets
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller, load
from telephony.demo.house import House
from telephony.demo.performance import Performed, perform
from telephony.demo.reader import JournalReader
from telephony.desk.accounts import Accounts
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from telephony.legs.mulaw import SAMPLE_RATE
from telephony.legs.worker_link import LAST_WORDS_SECONDS
from voice.journal.clock import LoopClock
from voice.journal.events import AnyEvent, Briefed, Said
from voice.models import MissingModel, sentence_model, voice_files, whisper_weights
from voice.settings import VoiceSettings

PATIENCE = 10.0
"""Seconds the greeting takes longer, and the machine may."""
SILENCE = b"\xff"
pytestmark = [pytest.mark.models, pytest.mark.timeout(300)]


async def _ring_twice(data: Path) -> list[AnyEvent]:
    """Ring to ask for a refund, then from the same number for a person; return what the second call was."""
    clock = LoopClock()
    carrier = CarrierEmulator(clock, secrets.token_hex(16))
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(emulator_api.served(carrier))
        house = House(data, clock, api_url=api_url, account=carrier.account, auth_token=carrier.auth_token)
        await stack.enter_async_context(house)
        password = secrets.token_urlsafe(15)
        await asyncio.to_thread(Accounts(house.data).add, "ada", password)
        conduct = Conduct(accept_after=1.0)
        agent = HeadlessAgent(house.url, clock, name="ada", password=password, conduct=conduct)
        await stack.enter_async_context(agent)
        first = await asyncio.to_thread(load, "asks_refund")
        await perform(house, carrier, first)
        second = await asyncio.to_thread(load, "asks_for_person")
        performed: Performed = await perform(house, carrier, _hearing_out(second, first.number))
        await asyncio.sleep(LAST_WORDS_SECONDS)
        entries = await JournalReader(house.journal, performed.result.call).news()
        return [entry.event for entry in entries]


def _hearing_out(caller: RecordedCaller, number: str | None) -> RecordedCaller:
    """Return a caller who rings from another number, and hears the longer greeting out before they speak."""
    hang_up_at = caller.hang_up_at and caller.hang_up_at + PATIENCE
    audio = SILENCE * round(PATIENCE * SAMPLE_RATE) + caller.audio
    return msgspec.structs.replace(caller, number=number, audio=audio, hang_up_at=hang_up_at)


def test_who_rang_before_is_greeted_with_it_and_is_nobody_by_their_number_alone(tmp_path: Path) -> None:
    try:
        for find in (whisper_weights, voice_files, sentence_model):
            find(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))
    told = asyncio.run(_ring_twice(tmp_path))
    said = [event.text for event in told if isinstance(event, Said) and event.by == "bot"]
    assert any(sentence.startswith("You rang ") for sentence in said)
    assert any("refund" in sentence for sentence in said if "we told you" in sentence)
    assert "Is this about that?" in said
    brief = [event.brief for event in told if isinstance(event, Briefed)][-1]
    assert "refund" in brief.earlier[0].text
    assert not brief.verified
