"""One call through a running system: a recorded caller rings, an agent takes over, both are heard."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from telephony.carriers.emulated_call import CallResult
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.arrival import Arrival, look_for
from telephony.demo.house import House
from telephony.demo.levels import Levels
from telephony.demo.reader import JournalReader
from telephony.desk.headless import HeadlessAgent
from telephony.legs.mulaw import SAMPLE_RATE
from voice.journal.events import CallEnded, CallState, Entry, StateChanged, WrappedUp

LOOK_SECONDS = 0.1
"""How often the journal is looked at."""
SETTLE_SECONDS = 5.0
"""How long the journal may take to end after the caller is off the line."""
MARGIN = 0.3
"""Seconds at the edges of a conversation in which a voice may be on its way."""

CALLER, HEARD, AGENT = "caller says", "caller hears", "agent hears"


@dataclass(frozen=True)
class Performed:
    """What was recorded of a call."""

    result: CallResult
    entries: tuple[Entry, ...]


async def perform(
    house: House,
    carrier: CarrierEmulator,
    caller: RecordedCaller,
    *,
    patience: float = 30.0,
    levels: Levels | None = None,
    watch: Callable[[list[Entry]], Awaitable[None]] | None = None,
    after_bridge: bytes = b"",
) -> Performed:
    """Ring the system and follow the call to its end.

    Args:
        house: the running system.
        carrier: rings it.
        caller: who rings.
        patience: seconds the caller stays when they have said all, unless they hang up by themselves.
        levels: meters to move.
        watch: is given the journal's news, ten times a second, none at times.
        after_bridge: what the caller goes on to say once a person is on the line.
    """

    def listen(_: float, spoken: bytes, heard: bytes) -> None:
        if levels is not None:
            levels.hear(CALLER, spoken)
            levels.hear(HEARD, heard)

    call = carrier.place(caller, house.voice_url, patience=patience, listener=listen)
    reader = JournalReader(house.journal, call.sid)
    entries: list[Entry] = []
    async with _running(call.run()) as ringing:
        settled = 0.0
        while settled < SETTLE_SECONDS and not (ringing.done() and _over(entries)):
            news = await reader.news()
            entries += news
            if after_bridge and call.stream and any(_bridged(entry) for entry in news):
                call.stream.say(after_bridge)
            if watch is not None:
                await watch(news)
            await asyncio.sleep(LOOK_SECONDS)
            settled += LOOK_SECONDS if ringing.done() else 0.0
        return Performed(await ringing, tuple(entries))


@contextlib.asynccontextmanager
async def _running(work: Awaitable[CallResult]) -> AsyncIterator[asyncio.Future[CallResult]]:
    """Run `work` beside the body; it is gone when the body is left."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _bridged(entry: Entry) -> bool:
    return isinstance(entry.event, StateChanged) and entry.event.after is CallState.BRIDGED


def _over(entries: list[Entry]) -> bool:
    """Whether the journal has come to its end: the line is down and nobody has paperwork left."""
    wrapping = {CallState.WRAP_UP: True, CallState.ENDED: False}
    due = False
    for entry in entries:
        if isinstance(entry.event, StateChanged):
            due = wrapping.get(entry.event.after, due)
        elif isinstance(entry.event, WrappedUp):
            due = False
    return not due and any(isinstance(entry.event, CallEnded) for entry in entries)


def voices(performed: Performed, agent: HeadlessAgent, bridged: float | None) -> tuple[Arrival, Arrival]:
    """Look for the caller's voice at the agent, and for the agent's at the caller.

    Args:
        performed: the call.
        agent: who took it.
        bridged: the second of the call from which both could talk; None if they never could.

    Returns:
        The caller's arrival at the agent, and the agent's at the caller.
    """
    result = performed.result
    if bridged is None:
        return look_for(result.spoken, b""), look_for(agent.conduct.speech, b"")
    start = round((bridged + MARGIN) * SAMPLE_RATE)
    at_agent = b"".join(frame.mulaw for frame in agent.heard if frame.state is CallState.BRIDGED)
    talked = result.seconds - bridged - agent.conduct.speak_after - MARGIN
    said = agent.conduct.speech[: max(0, round(talked * SAMPLE_RATE))]
    end = len(result.spoken) - round(MARGIN * SAMPLE_RATE)
    to_agent = look_for(result.spoken[start:end], at_agent)
    to_caller = look_for(said, result.heard_audio[start:])
    return to_agent, to_caller
