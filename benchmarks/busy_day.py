"""A busy day: 1,000 callers, 20 agents, and how honest the waiting callers were told how long it takes.

Exchange, calls, state machine, waiting line and estimates are the real ones; carriers, desks and workers are
stand-ins without sockets, on an event loop whose time jumps. Callers come in waves, more of them than can be
helped at once; calls take as long as they take (log-normal, the estimate knows only those that are over);
some callers need a skill, a language, or come ahead; some leave or ask to be rung back; agents decline, let
it ring, take breaks, and lose their connection in the middle of a call.

- `dropped`: calls whose line went down without the caller, their agent or their wish to be rung back.
- `offered_twice`: times an agent was offered a call while having another.
- `told_right`: the share of waits told (of those who were helped) that ended within the span told;
  `told_right_per_call`: the same counted by call, each being the share of what that caller was told that was
  right; `calls_told_right`: the share of callers for whom more than half of it was; `first_told_right`: the
  first thing each was told. `span_s_median` and `span_to_wait_median`: how wide the spans told were, in
  seconds and against the wait itself.
- `number_within_quarter`: the likeliest single number, which nobody is told, within 25 % of the wait;
  `oracle_within_quarter`: the same on the same day by somebody who knows how long calls take for certain,
  besides how long each has lasted: what a single number can come to at best.
"""

import argparse
import asyncio
import base64
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from benchmarks import report
from benchmarks.simulated_floor import Day, PlainMusic, SilentLink, TrueTimes
from telephony.calls.prompts import Prompts
from telephony.calls.updates import PLACES
from telephony.exchange import Exchange
from telephony.legs.mulaw import silence
from telephony.settings import SwitchboardSettings
from telephony.takeover.queue import Profile
from telephony.takeover.waiting_time import SPANS, TOLERANCE, HandlingTimes
from voice.journal.clock import LoopClock
from voice.journal.events import Bridged, CallbackAsked, CallEnded, Entry, Offered, WaitTold
from voice.journal.store import FILE, SqliteJournal
from voice.replay.virtual_time import run

CALLS, AGENTS = 1_000, 20
SEED = 2028
"""The day that is quoted. Days 5 and 6 were looked at while the spans were made, this one was not."""
QUICK_CALLS = 150
BETWEEN = 3.5 * 3600 / 1_000
"""Seconds between callers, on average."""
WAVE = 4_200.0
"""Seconds from one busiest moment to the next."""
AFTERWARDS = 3_600.0
"""Seconds for the last calls to come to their end."""


async def measure(quick: bool, seed: int = SEED) -> report.Figures:
    """Return what became of the callers and of what they were told."""
    calls = QUICK_CALLS if quick else CALLS
    days = []
    for handling in (None, TrueTimes()):
        with TemporaryDirectory() as folder:
            days.append(await asyncio.to_thread(run, live(Path(folder), calls, seed, handling)))
    oracle = figures(*days[1])
    return {
        "seed": seed,
        **figures(*days[0]),
        "oracle_within_quarter": oracle["number_within_quarter"],
        "oracle_first_within_quarter": oracle["first_number_within_quarter"],
    }


async def live(
    data: Path, calls: int, seed: int, handling: HandlingTimes | None = None
) -> tuple[list[list[Entry]], int]:
    """Live through the day; returns each call's journal, and how often an agent was offered two calls.

    Args:
        data: a folder for what is left behind.
        calls: how many callers come.
        seed: which day it is.
        handling: how long calls take, where it is known beforehand.
    """
    clock = LoopClock()
    settings = SwitchboardSettings.model_validate(
        {"data": data, "record": False, "max_wait": 7200.0, "dead_air": 120.0, "reminder": 20.0}
    )
    prompts = Prompts("http://127.0.0.1:9", "", settings.playbook, settings.language, data)
    await asyncio.to_thread((data / f"{settings.playbook}-{settings.language}.json").write_text, _prompts())
    prompts.load()
    journal = SqliteJournal(data / FILE)
    names = count(1)
    exchange = Exchange(
        settings,
        journal,
        clock,
        prompts,
        lambda: f"call{next(names)}",
        music=PlainMusic(),
        link_type=SilentLink,
        handling=handling,
    )
    day = Day(clock, exchange, seed)
    for agent in range(AGENTS):
        skills = (
            frozenset[str]()
            if agent < AGENTS // 2
            else frozenset({"fraud", "cards"} if agent % 2 else {"cards"})
        )
        day.seat(f"agent {agent}", Profile(skills, frozenset({"en", "fr"} if agent % 4 == 0 else {"en"})))
    ringing = []
    for number, at in enumerate(arrivals(calls, random.Random(seed))):
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
        *(f"wait_{span.name}" for span in SPANS),
    ]
    names += ["place_later", "connecting", "still_waiting", "agent_lost", "nobody"]
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
    told = [caller for entries in journals if (caller := _told(entries))]
    every = [one for caller in told for one in caller]
    firsts = [caller[0] for caller in told]
    right = [mean(one.right for one in caller) for caller in told]
    return {
        "calls": len(journals),
        "dropped": ends.count("dropped"),
        "offered_twice": offered_twice,
        "helped": len(waits),
        "left": ends.count("left"),
        "rung_back_later": ends.count("callback"),
        "waited_s_median": round(median(waits)),
        "waited_s_most": round(max(waits)),
        "told": len(every),
        "told_right": _share([one.right for one in every]),
        "told_right_per_call": round(mean(right), 3),
        "calls_told_right": _share([share > 0.5 for share in right]),
        "first_told_right": _share([one.right for one in firsts]),
        "span_s_median": round(median(one.width for one in every)),
        "span_to_wait_median": round(median(one.width / one.really for one in every), 2),
        "number_within_quarter": _share([one.number_right for one in every]),
        "first_number_within_quarter": _share([one.number_right for one in firsts]),
    }


@dataclass(frozen=True)
class Told:
    """Something a caller was told of their wait, and how long it really took, in seconds."""

    low: float
    high: float
    number: float
    really: float

    @property
    def right(self) -> bool:
        """Whether the wait ended within what was told."""
        return self.low <= self.really <= self.high

    @property
    def number_right(self) -> bool:
        """Whether the single number was right within a quarter."""
        return abs(self.number - self.really) <= TOLERANCE * self.really

    @property
    def width(self) -> float:
        """How wide the span was; one without an end is as wide as its beginning."""
        return min(self.high, 2 * self.low) - self.low if self.high == math.inf else self.high - self.low


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


def _told(entries: Sequence[Entry]) -> list[Told]:
    """Return what a caller was told, each with how long it really took until the agent was rung who came."""
    found: list[Told] = []
    waiting: list[tuple[float, WaitTold]] = []
    rung = 0.0
    for entry in entries:
        match entry.event:
            case WaitTold(low=float()):
                waiting.append((entry.t, entry.event))
            case Offered():
                rung = entry.t
            case Bridged():
                for at, told in waiting:
                    if rung > at and told.low is not None and told.seconds is not None:
                        high = math.inf if told.high is None else told.high
                        found.append(Told(told.low, high, told.seconds, rung - at))
                waiting = []
    return found


def _share(right: Sequence[bool]) -> float:
    return round(mean(right), 3) if right else 0.0


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.busy_day", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer callers, within 50 s")
    parser.add_argument("--seed", type=int, default=SEED, help=f"which day; default {SEED}")
    given = parser.parse_args()
    measured = asyncio.run(measure(given.quick, given.seed))
    print(json.dumps({"benchmark": "busy_day", "quick": given.quick, **measured}))


if __name__ == "__main__":
    _main()
