"""`kill -9` of the voice worker with a call in each of thirteen states: nobody is dropped, few words lost.

Each round puts one call into each state at the same time, kills the one worker that all of them are on,
starts another, and goes on with every call to its end; the call that awaits a worker is a round of its own,
in which the next worker is killed as it comes. Switchboard, carrier's sockets, desk's sockets and the journal
on disk are the real ones, in processes of their own; the worker is one that talks and reports a numbered word
every tenth of a second, so that what is lost with it can be counted. A run is one call through one kill. With
`--real`, callers ring the real worker besides (see `worker_killed_real`).

- `dropped`: calls whose line went down, or stood still, when the worker died.
- `old_words_lost`: words older than a second when the worker was killed that are not in the journal.
- `newest_word_ms`: how old the newest word that was kept is at the kill, median and worst.
- `untold`: callers with the bot who did not hear the fixed sentence within three seconds.
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median

from benchmarks.house_stage import house_stage
from benchmarks.killed_lines import Count
from benchmarks.killing_stage import AGENTS, STATES, Stage, TalkingWorker
from benchmarks.worker_killed_real import kills
from telephony.demo.house import free_ports
from telephony.desk.conduct import Conduct
from voice.journal.clock import LoopClock

RUNS = 100


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start two switchboards, one without anybody on duty, their carriers, agents and the first worker."""
    clock = LoopClock()
    (port,) = free_ports(1)
    url = f"ws://127.0.0.1:{port}"
    # Who waits for an agent, a key or paperwork must still do so when the last call is where it should be.
    settings = {
        "HOOKFLASH_RECORD": "false", "HOOKFLASH_SURVEY": "60", "HOOKFLASH_WRAP_UP": "600",
        "HOOKFLASH_RING": "60",
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        worker = TalkingWorker(port)
        stack.push_async_callback(worker.stop)
        await worker.start()
        there = await stack.enter_async_context(house_stage(clock, url, settings))
        alone = house_stage(clock, url, {**settings, "HOOKFLASH_UNSTAFFED": "1"})
        unstaffed = await stack.enter_async_context(alone)
        conduct = Conduct(accept_after=None, available=False, wraps_up=False)
        agents = {
            name: await stack.enter_async_context(there.agent(name, await there.sign_up(name), conduct))
            for name in AGENTS.values()
        }
        yield Stage(there, unstaffed, worker, agents)


async def soak(runs: int) -> Count:
    """Return what `runs` kills with a call in one of the states came to; whole rounds, but for the last."""
    count = Count()
    async with stage() as there:
        while count.runs < runs:
            await there.round(STATES[: runs - count.runs], count)
    return count


def figures(count: Count) -> dict[str, float | int | str]:
    """Return the count as figures."""
    newest = count.newest_word or [0.0]
    told = count.told or [0.0]
    return {
        "runs": count.runs,
        "dropped": len(count.dropped),
        "why": "; ".join(count.dropped),
        "old_words_lost": count.old_words_lost,
        "newest_word_ms": round(median(newest) * 1000),
        "newest_word_worst_ms": round(max(newest) * 1000),
        "told_ms": round(median(told) * 1000),
        "told_worst_ms": round(max(told) * 1000),
        "untold": count.untold,
    }


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worker_killed", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"calls through a kill, default {RUNS}")
    parser.add_argument("--real", type=int, default=0, metavar="N", help="kills of the real worker besides")
    given = parser.parse_args()
    result: dict[str, float | int | str] = {"benchmark": "worker_killed"}
    if given.runs:
        result |= figures(asyncio.run(soak(given.runs)))
    if given.real:
        result |= asyncio.run(kills(given.real))
    print(json.dumps(result))


if __name__ == "__main__":
    _main()
