"""How many calls a machine carries before answers come late, beside stock pipecat with the same callers.

Callers ring at once, out of step with each other, and ask three things each; there are more of them from step
to step until the 95th percentile from the last word to the first sound of the answer passes 1.2 s. Ours is
`hookflash serve` with answers nobody has heard before; the peer is one process with a pipeline, and models,
for each call: see `benchmarks.stock_pipecat`.

- `calls`, `peer_calls`: the most at which the limit was kept; 0 where one call was too many. Where it is not
  kept the same callers ring again, twice at most, and all their answers count: of nine, the latest decides.
- `peer_calls_lenient`: the same for the peer with a limit of 1.5 times its own 95th percentile alone, where
  that is more than 1.2 s; `ratio` is `calls` against this, or against one call if it is none.
- `mb_per_call`: what the worker's memory (PSS) grew by from no call, after a first one, to the most at once.
- `cpu_ms_per_answer`, `peer_cpu_ms_per_answer`: what one call alone takes of the worker's processor for each
  answer, silences included; a busy machine changes it least of all figures.
- `ready_s`: from the start of `hookflash serve` to its readiness, models and prompts prepared before.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

from benchmarks import report
from benchmarks.asking_caller import PATIENCE, AskingCaller, questions
from benchmarks.our_line import OurLine, number, our_line
from benchmarks.stock_pipecat import MODEL, StockBots, stock_bots
from benchmarks.voice_to_voice import p
from voice.journal.clock import Clock, LoopClock
from voice.models import voice_files, whisper_weights
from voice.settings import load_settings

LIMIT_MS = 1_200.0
LENIENT = 1.5
STEPS, QUICK_STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16), (1, 3)
PEER_STEPS, QUICK_PEER_STEPS = (1, 2, 3, 4), (1,)
TRIES = 3
CYCLE = 6.0
"""Seconds from one question to the next, about; callers are spread over it."""

Ring = Callable[[int, AskingCaller], Awaitable[None]]


async def measure(quick: bool) -> report.Figures:
    """Return how many calls, and what each costs."""
    clock = LoopClock()
    async with our_line(clock) as line:
        ours, cpu, grown = await _ours(line, QUICK_STEPS if quick else STEPS)
        ready = line.ready
    peers, peer_cpu, peer_grown = await _peers(clock, QUICK_PEER_STEPS if quick else PEER_STEPS)
    lenient = min(max(LIMIT_MS, LENIENT * peers[1]), 1000 * PATIENCE - 1)
    calls, peer_calls = _most(ours, LIMIT_MS), _most(peers, lenient)
    return {
        "calls": calls,
        "peer_calls": _most(peers, LIMIT_MS),
        "peer_calls_lenient": peer_calls,
        "ratio": round(calls / max(1, peer_calls), 2),
        "p95_ms": " ".join(f"{n}:{ms:.0f}" for n, ms in ours.items()),
        "peer_p95_ms": " ".join(f"{n}:{ms:.0f}" for n, ms in peers.items()),
        "mb_per_call": grown,
        "peer_mb_per_call": peer_grown,
        "cpu_ms_per_answer": cpu,
        "peer_cpu_ms_per_answer": peer_cpu,
        "ready_s": round(ready, 1),
        "peer_model": MODEL,
    }


async def _ours(line: OurLine, steps: tuple[int, ...]) -> tuple[dict[int, float], float, float]:
    customers = count()
    p95: dict[int, float] = {}
    before = grown = cpu = 0.0

    async def ring(_: int, caller: AskingCaller) -> None:
        await line.ring(number(next(customers)), caller)

    for calls in steps:
        began = cpu_seconds(line.worker)
        p95[calls], most, answers = await _tried(calls, ring, line.worker, LIMIT_MS, greeted=True)
        if calls == 1:
            cpu = (cpu_seconds(line.worker) - began) / answers
            await asyncio.sleep(1.0)
            before = megabytes(line.worker)
        else:
            grown = (most - before) / calls
        if p95[calls] > LIMIT_MS:
            break
    return p95, round(1000 * cpu), round(grown, 1)


async def _peers(clock: Clock, steps: tuple[int, ...]) -> tuple[dict[int, float], float, float]:
    settings = load_settings()
    p95: dict[int, float] = {}
    alone = grown = cpu = 0.0
    for calls in steps:
        async with stock_bots(calls, whisper_weights(settings), voice_files(settings), clock) as bots:
            await _warm(bots, calls)
            began = cpu_seconds(bots.pid)
            limit = max(LIMIT_MS, LENIENT * p95.get(1, 0.0))
            p95[calls], most, answers = await _tried(calls, bots.ring, bots.pid, limit, greeted=False)
            used = (cpu_seconds(bots.pid) - began) / answers
        if calls == 1:
            cpu = used
            alone = most
        else:
            grown = (most - alone) / (calls - 1)
        if p95[calls] > max(LIMIT_MS, LENIENT * p95[1]):
            break
    return p95, round(1000 * cpu), round(grown, 1)


async def _warm(bots: StockBots, calls: int) -> None:
    for place in range(calls):
        await bots.ring(place, AskingCaller(questions()[:1], waits_for_greeting=False))


async def _tried(
    calls: int, ring: Ring, process: int, limit: float, *, greeted: bool
) -> tuple[float, float, int]:
    """Return the 95th percentile of `calls` calls at once in ms, the most memory in MB, and the answers."""
    answers: list[float] = []
    most = 0.0
    for _ in range(TRIES):
        heard, taken = await _together(calls, ring, process, greeted=greeted)
        answers += heard
        most = max(most, taken)
        if p(answers, 95) <= limit:
            break
    return p(answers, 95), most, len(answers)


async def _together(calls: int, ring: Ring, process: int, *, greeted: bool) -> tuple[list[float], float]:
    """Return the answers of `calls` calls at once, in seconds, and the most memory they took in MB."""
    callers = [AskingCaller(questions(), waits_for_greeting=greeted) for _ in range(calls)]

    async def one(place: int) -> None:
        await asyncio.sleep(place * CYCLE / calls)
        await ring(place, callers[place])

    most = 0.0
    ringing = asyncio.gather(*(one(place) for place in range(calls)))
    while not ringing.done():
        await asyncio.wait({ringing}, timeout=2.0)
        if not ringing.done():
            most = max(most, await asyncio.to_thread(megabytes, process))
    await ringing
    return [answer for caller in callers for answer in caller.answers], most


def _most(p95: dict[int, float], limit: float) -> int:
    """Return the most calls up to which every step kept the limit."""
    kept = 0
    for calls, ms in p95.items():
        if ms > limit:
            break
        kept = calls
    return kept


def cpu_seconds(process: int) -> float:
    """Return the processor's time a process has taken, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(process: int) -> float:
    """Return a process's proportional share of memory, in MB."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    return next(int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    report.main("calls_at_once", __doc__ or "", measure)
