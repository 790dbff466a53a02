"""All recorded callers ring one running system, a few at a time."""

import asyncio
import re
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from audio_fixtures.script import AGENTS, names
from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import load
from telephony.demo.house import House
from telephony.demo.performance import Performed, perform
from telephony.demo.reader import JournalReader
from telephony.desk.accounts import Accounts
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from telephony.legs.worker_link import LAST_WORDS_SECONDS
from voice.journal import events
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import Entry

AT_ONCE = 4
"""Calls at a time. Each takes about a fifth of a core."""
STAGGER = 3.5
"""Seconds between the first rings, so that callers do not all stop talking at the same moment."""
TWICE = "angry_refund"
_ENCORE = f"{TWICE} again"
_LONGEST_FIRST = (TWICE, _ENCORE, "says_nothing", "calm_contained")


@dataclass(frozen=True)
class Rung:
    """What became of a call: its recording and the voice its agent heard, `b""` where none took it."""

    performed: Performed
    at_agent: bytes

    @property
    def told(self) -> list[events.AnyEvent]:
        """What happened, in order."""
        return [entry.event for entry in self.performed.entries]

    def heard(self, who: events.Party) -> str:
        """Return all words of one party, plain."""
        heard = (event for event in self.told if isinstance(event, events.Heard) and event.final)
        return plain(" ".join(event.text for event in heard if event.who == who))


def plain(text: str) -> str:
    """Return words without case, marks, and the ways Whisper may spell them."""
    return re.sub(r"[^a-z ]", "", text.lower().replace("neighbour", "neighbor"))


def ring_all(data: Path) -> dict[str, Rung]:
    """Ring with every recorded caller, with one of them twice; return what became of each call, by name."""
    return asyncio.run(_ring_all(data))


async def _ring_all(data: Path) -> dict[str, Rung]:
    clock = LoopClock()
    carrier = CarrierEmulator(clock, secrets.token_hex(16))
    order = [*_LONGEST_FIRST, *(name for name in names() if name not in _LONGEST_FIRST)]
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(emulator_api.served(carrier))
        house = House(data, clock, api_url=api_url, account=carrier.account, auth_token=carrier.auth_token)
        await stack.enter_async_context(house)
        agents = [
            await stack.enter_async_context(await _agent(house, clock, number)) for number in range(AT_ONCE)
        ]
        free = asyncio.Semaphore(AT_ONCE)

        async def ring(name: str) -> Rung:
            await asyncio.sleep(STAGGER * order.index(name))
            async with free:
                caller = await asyncio.to_thread(load, name.removesuffix(" again"))
                began = clock.now()
                performed = await perform(house, carrier, caller)
            return Rung(performed, _heard_by_agent(performed.entries, agents, began, clock.now()))

        rung = dict(zip(order, await asyncio.gather(*map(ring, order)), strict=True))
        await asyncio.sleep(LAST_WORDS_SECONDS)
        return {name: await _as_recorded(one, house) for name, one in rung.items()}


async def _as_recorded(rung: Rung, house: House) -> Rung:
    """Return a call with its whole record: what was said last is written down when the call is over."""
    entries = await JournalReader(house.journal, rung.performed.result.call).news()
    return replace(rung, performed=replace(rung.performed, entries=tuple(entries)))


async def _agent(house: House, clock: Clock, number: int) -> HeadlessAgent:
    name, password = f"agent {number}", secrets.token_urlsafe(15)
    await asyncio.to_thread(Accounts(house.data).add, name, password)
    speech = (await asyncio.to_thread(load, str(AGENTS / f"{TWICE}.wav"))).audio
    return HeadlessAgent(
        house.url, clock, name=name, password=password, conduct=Conduct(accept_after=3.0, speech=speech)
    )


def _heard_by_agent(
    entries: tuple[Entry, ...], agents: list[HeadlessAgent], began: float, ended: float
) -> bytes:
    """Return what the agent who took the call heard between its beginning and its end."""
    taken = [entry.event.agent for entry in entries if isinstance(entry.event, events.Bridged)]
    if not taken:
        return b""
    agent = agents[int(taken[-1].removeprefix("agent "))]
    frames = (frame for frame in agent.heard if began <= frame.t <= ended)
    return b"".join(frame.mulaw for frame in frames if frame.state is events.CallState.BRIDGED)
