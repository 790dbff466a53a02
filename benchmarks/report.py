"""The frame of a benchmark: `--quick`, what it says while it runs, and its figures as one line of JSON."""

import argparse
import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from statistics import median

Figures = Mapping[str, float | int | str]


def main(
    name: str,
    description: str,
    measure: Callable[[bool], Coroutine[None, None, Figures]],
    run: Callable[[Coroutine[None, None, Figures]], Figures] = asyncio.run,
) -> None:
    """Run a benchmark and print its figures.

    Args:
        name: the benchmark's, as in `python -m benchmarks.NAME`.
        description: what it measures and against what.
        measure: does so; is told whether it must be done within 50 s.
        run: runs it: on the real clock, or on a virtual one.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=description)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, within 50 s")
    quick = parser.parse_args().quick
    figures = run(measure(quick))
    print(json.dumps({"benchmark": name, "quick": quick, **figures}))


def middle_ms(seconds: Sequence[float]) -> float:
    """Return the median of durations in seconds, in milliseconds to two decimals."""
    return round(median(seconds) * 1000, 2)
