"""How long after the caller's last word the bot is heard, beside stock pipecat with the same caller.

The caller asks three things a call, over the wire, in real time; one call at a time. Times are from the end
of the words to the first audible 20 ms on the wire back. Ours runs whole: `hookflash serve`, rung by the
carrier's emulator. The peer runs afterwards in the same run: see `benchmarks.stock_pipecat`.

- `synthesised_*`, `cached_*`, `stock_*`: milliseconds; of ours, answers with figures nobody has heard before,
  and the same ones again.
- `ratio_p50`, `ratio_p95`: synthesised against stock's; `cached_ratio_p50`, `cached_ratio_p95` likewise.
- `*_turn_end_ms`, `*_words_ms`, `*_reply_ms`, `*_answer_ms`: of either by our journal, medians of what had
  passed since the last word when the turn was over, its words were there, the bot knew what to say, and its
  first sound left the worker.
"""

import os
from collections.abc import Sequence

import numpy as np

from benchmarks import report
from benchmarks.asking_caller import PATIENCE, AskingCaller, questions
from benchmarks.our_line import number, our_line
from benchmarks.stock_pipecat import MODEL, stock_bots
from voice.journal.clock import LoopClock
from voice.models import voice_files, whisper_weights
from voice.settings import load_settings

CALLS, QUICK_CALLS = 6, 1


async def measure(quick: bool) -> report.Figures:
    """Return latencies and ratios."""
    settings, clock = load_settings(), LoopClock()
    calls = QUICK_CALLS if quick else CALLS
    synthesised: list[float] = []
    cached: list[float] = []
    stock: list[float] = []
    async with our_line(clock) as line:
        for customer in range(calls):
            for again, times in ((False, synthesised), (True, cached)):
                caller = AskingCaller(questions(), waits_for_greeting=True)
                await line.ring(number(customer, again=again), caller)
                times.extend(caller.answers)
        breakdown = {
            f"{name}_{step}_ms": ms
            for name, again in (("synthesised", False), ("cached", True))
            for step, ms in (await line.breakdown(again=again)).items()
        }
    async with stock_bots(1, whisper_weights(settings), voice_files(settings), clock) as bots:
        warming = AskingCaller(questions()[:1], waits_for_greeting=False)
        await bots.ring(0, warming)
        for _ in range(calls):
            caller = AskingCaller(questions(), waits_for_greeting=False)
            await bots.ring(0, caller)
            stock += caller.answers
    figures: dict[str, float | int | str] = {"answers": len(synthesised)}
    for name, times in (("synthesised", synthesised), ("cached", cached), ("stock", stock)):
        figures |= {f"{name}_p50_ms": p(times, 50), f"{name}_p95_ms": p(times, 95), f"{name}_n": len(times)}
        figures[f"{name}_missed"] = times.count(float("inf"))
    for name, times in (("", synthesised), ("cached_", cached)):
        figures |= {f"{name}ratio_p{q}": round(p(times, q) / p(stock, q), 2) for q in (50, 95)}
    return {**figures, **breakdown, "peer_model": MODEL, "load": round(os.getloadavg()[0], 1)}


def p(seconds: Sequence[float], percent: int) -> float:
    """Return a percentile of durations, in ms: one really measured, or the patience where none came."""
    heard = np.minimum(seconds, PATIENCE)
    return round(1000 * float(np.percentile(heard, percent, method="inverted_cdf")), 1)


if __name__ == "__main__":
    report.main("voice_to_voice", __doc__ or "", measure)
