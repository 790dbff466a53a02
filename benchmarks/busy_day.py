"""A busy day: 1,000 callers, 20 agents, and how honest the waiting callers were told how long it takes.

Exchange, calls, state machine, waiting line and estimates are the real ones; carriers, desks and workers are
stand-ins without sockets, on an event loop whose time jumps. Callers come in waves, more of them than can be
helped at once; calls take as long as they take (log-normal, the estimate knows only those that are over);
some callers need a skill, a language, or come ahead; some leave or ask to be rung back; agents decline, let
it ring, take breaks, and lose their connection in the middle of a call.

- `dropped`: calls whose line went down without the caller, their agent or their wish to be rung back.
- `offered_twice`: times an agent was offered a call while having another.
- `estimates_within_quarter`: the share of waits told that were right within 25 % (of those who were helped);
  `of_a_minute_or_more`: the same for waits that really were that long; `first_within_quarter`: the first
  estimate of each caller; `within_quarter_or_half_minute`: allowing half a minute as well.
"""

import asyncio
import base64
import json
import math
import random
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import report
from benchmarks.simulated_floor import SEED, Day, PlainMusic, SilentLink
from telephony.calls.prompts import Prompts
from telephony.calls.updates import MINUTES, PLACES
from telephony.exchange import Exchange
from telephony.legs.mulaw import silence
from telephony.settings import SwitchboardSettings
from telephony.takeover.queue import Profile
from telephony.takeover.waiting_time import TOLERANCE
from voice.journal.clock import LoopClock
from voice.journal.events import Bridged, CallbackAsked, CallEnded, Entry, Offered, WaitTold
from voice.journal.store import SqliteJournal
from voice.replay.virtual_time import run

CALLS, AGENTS = 1_000, 20
QUICK_CALLS = 150
BETWEEN = 3.5 * 3600 / 1_000
"""Seconds between callers, on average."""
WAVE = 4_200.0
"""Seconds from one busiest moment to the next."""
AFTERWARDS = 3_600.0
"""Seconds for the last calls to come to their end."""
HALF_A_MINUTE, MINUTE = 30.0, 60.0


async def measure(quick: bool) -> report.Figures:
    """Return what became of the callers and of what they were told."""
    calls = QUICK_CALLS if quick else CALLS
    with TemporaryDirectory() as folder:
        loop_result = await asyncio.to_thread(run, live(Path(folder), calls))
    return figures(*loop_result)


async def live(data: Path, calls: int) -> tuple[list[list[Entry]], int]:
    """Live through the day; returns each call's journal, and how often an agent was offered two calls."""
    clock = LoopClock()
    settings = SwitchboardSettings.model_validate(
        {"data": data, "record": False, "max_wait": 7200.0, "dead_air": 120.0, "reminder": 20.0}
    )
    prompts = Prompts("http://127.0.0.1:9", "", settings.playbook, settings.language, data)
    await asyncio.to_thread((data / f"{settings.playbook}-{settings.language}.json").write_text, _prompts())
    prompts.load()
    journal = SqliteJournal(data / "journal.sqlite")
    names = count(1)
    exchange = Exchange(
        settings,
        journal,
        clock,
        prompts,
        lambda: f"call{next(names)}",
        music=PlainMusic(),
        link_type=SilentLink,
    )
    day = Day(clock, exchange)
    for agent in range(AGENTS):
        skills = (
            frozenset[str]()
            if agent < AGENTS // 2
            else frozenset({"fraud", "cards"} if agent % 2 else {"cards"})
        )
        day.seat(f"agent {agent}", Profile(skills, frozenset({"en", "fr"} if agent % 4 == 0 else {"en"})))
    ringing = []
    for number, at in enumerate(arrivals(calls, random.Random(SEED))):
        await asyncio.sleep(at - clock.now() if at > clock.now() else 0.0)
        ringing.append(asyncio.create_task(day.ring(number)))
    await asyncio.gather(*ringing)
    await asyncio.sleep(AFTERWARDS)
    await exchange.close()
    entries = await asyncio.to_thread(lambda: [journal.read(session.name) for session in day.sessions])
    await asyncio.to_thread(journal.close)
    return entries, day.offered_twice


def arrivals(calls: int, draw: random.Random) -> list[float]:
    """Return when callers come: at random, more of them at some times than at others."""
    times: list[float] = []
    t = 0.0
    while len(times) < calls:
        t += draw.expovariate(1.5 / BETWEEN)
        if draw.random() < (1 + 0.5 * math.sin(2 * math.pi * t / WAVE)) / 1.5:
            times.append(t)
    return times


def _prompts() -> str:
    names = [
        *(f"place_{place}" for place in range(1, PLACES + 1)),
        *(f"wait_{minutes}" for minutes in MINUTES),
    ]
    names += ["place_later", "wait_soon", "wait_long", "connecting", "still_waiting", "agent_lost", "nobody"]
    names += ["key_brief", "survey", "survey_thanks", *(f"digit_{digit}" for digit in range(10))]
    names += [
        f"callback_{step}" for step in ("offer", "number", "right", "key_in", "when", "promised", "dropped")
    ]
    audio = base64.b64encode(silence(2.0)).decode()
    prompts = {name: {"text": name, "language": "en", "audio": audio} for name in names}
    routing = {"fraud": {"skill": "fraud", "urgent": True}, "card": {"skill": "cards"}}
    return json.dumps({"prompts": prompts, "routing": routing})


def figures(journals: Sequence[Sequence[Entry]], offered_twice: int) -> report.Figures:
    """Return what the day came to."""
    ends = [_end(entries) for entries in journals]
    waits = [wait for entries in journals if (wait := _waited(entries)) is not None]
    told = [pair for entries in journals for pair in _told(entries)]
    first = [pair for entries in journals for pair in _told(entries)[:1]]
    long = [(estimate, really) for estimate, really in told if really >= MINUTE]
    return {
        "calls": len(journals),
        "dropped": ends.count("dropped"),
        "offered_twice": offered_twice,
        "helped": len(waits),
        "left": ends.count("left"),
        "rung_back_later": ends.count("callback"),
        "waited_s_median": round(median(waits)),
        "waited_s_most": round(max(waits)),
        "estimates": len(told),
        "estimates_within_quarter": _share(told),
        "of_a_minute_or_more": _share(long),
        "first_within_quarter": _share(first),
        "within_quarter_or_half_minute": _share(told, HALF_A_MINUTE),
        "off_by_s_median": round(median(abs(estimate - really) for estimate, really in told), 1),
    }


def _end(entries: Sequence[Entry]) -> str:
    if any(isinstance(entry.event, CallbackAsked) for entry in entries):
        return "callback"
    ended = [entry.event for entry in entries if isinstance(entry.event, CallEnded)]
    if len(ended) != 1 or ended[0].by not in ("caller", "agent"):
        return "dropped"
    return "helped" if _waited(entries) is not None else "left"


def _waited(entries: Sequence[Entry]) -> float | None:
    """Return how long a caller waited until an agent was rung who took the call."""
    rung = bridged = None
    began = next(
        (entry.t for entry in entries if entry.event.__struct_config__.tag == "takeover_requested"), 0.0
    )
    for entry in entries:
        if isinstance(entry.event, Offered):
            rung = entry.t
        if isinstance(entry.event, Bridged):
            bridged = rung
            break
    return None if bridged is None else bridged - began


def _told(entries: Sequence[Entry]) -> list[tuple[float, float]]:
    """Return each estimate a caller was told with how long it really took until their agent was rung."""
    pairs: list[tuple[float, float]] = []
    waiting: list[tuple[float, float]] = []
    rung = 0.0
    for entry in entries:
        match entry.event:
            case WaitTold(seconds=float(seconds)):
                waiting.append((entry.t, seconds))
            case Offered():
                rung = entry.t
            case Bridged():
                pairs += [(seconds, rung - at) for at, seconds in waiting if rung > at]
                waiting = []
    return pairs


def _share(pairs: Sequence[tuple[float, float]], slack: float = 0.0) -> float:
    if not pairs:
        return 0.0
    right = sum(abs(estimate - really) <= max(TOLERANCE * really, slack) for estimate, really in pairs)
    return round(right / len(pairs), 3)


if __name__ == "__main__":
    report.main("busy_day", __doc__ or "", measure)
