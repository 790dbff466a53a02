"""When turns end: the scripted pauses of `audio_fixtures/pauses` heard by a worker's ear, on virtual time.

- `cut`: pauses inside a turn at which it was ended; `cut_in_words` where no pause was scripted.
- `missed`: turns not ended within 1.5 s of their last word.
- `end_p50_ms`, `end_p95_ms`: from the last word to the turn's end. Virtual time stands still while a model
  computes: this is the patience alone, on whatever machine.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import get_args

from pipecat.audio.utils import pcm_to_ulaw

from audio_fixtures.pausing import LANGUAGES, Half, Rendered, Voice, render, turns
from benchmarks.listeners import Ears
from voice.hearing.patience import Collecting
from voice.hearing.resampling import DoublingResampler
from voice.journal.events import Heard
from voice.replay import virtual_time
from voice.replay.line import Caller, Line, ring
from voice.settings import load_settings
from voice.text_line import open_line

LATEST = 1.5
QUICK = 4
"""Every so many turns are taken by `--quick`."""
SLACK = 0.2
"""Seconds by which what the voice-activity model takes for the end of speech may differ from the script."""


@dataclass
class Outcome:
    """What became of one turn: seconds from its last word to its end, None where it did not end."""

    rendered: Rendered
    ended_after: float | None
    cut: int
    cut_in_words: int


async def hear(ears: Ears, rendered: Rendered) -> Outcome:
    """Let one turn be heard."""
    turn = rendered.turn
    ears.collecting = Collecting(turn.collects) if turn.collects else None
    mulaw = await pcm_to_ulaw(rendered.audio.tobytes(), 8_000, 8_000, DoublingResampler())
    line = await ring(ears, Caller(mulaw), language=turn.language)
    return judge(rendered, line)


def judge(rendered: Rendered, line: Line) -> Outcome:
    """Compare where turns ended with the script; the last one that reaches into the last words is the end."""
    spoken = rendered.spoken
    began, last = spoken[-1]
    heard = [one for one in line.journal if isinstance(one.event, Heard) and one.event.final]
    ends = [(happening.t, happening.event.end) for happening in heard if isinstance(happening.event, Heard)]
    ended = ends.pop()[0] - last if ends and ends[-1][1] > began else None
    gaps = [(before[1] - SLACK, after[0] + SLACK) for before, after in pairwise(spoken)]
    cut = sum(any(low <= end <= high for low, high in gaps) for _, end in ends)
    return Outcome(rendered, ended, cut, len(ends) - cut)


async def measure(half: Half, voice: Voice, quick: bool, verbose: bool) -> dict[str, float | int]:
    """Return the figures."""
    settings = load_settings()
    ears = Ears(settings, open_line())
    await ears.engine.warm()
    wanted = [turn for language in LANGUAGES for turn in turns(half, language)][:: QUICK if quick else 1]
    outcomes = []
    for rendered in render(wanted, settings.cache / "pauses", voice):
        outcome = await hear(ears, rendered)
        outcomes.append(outcome)
        late = outcome.ended_after is None or outcome.ended_after > LATEST
        if verbose and (late or outcome.cut or outcome.cut_in_words):
            after = "never" if outcome.ended_after is None else f"{outcome.ended_after:.2f} s"
            print(f"{outcome.cut} cut, {outcome.cut_in_words} in words, ended {after}: {rendered.turn.parts}")
    ears.close()
    figures: dict[str, float | int] = dict(summary(outcomes))
    for language in LANGUAGES:
        own = summary([one for one in outcomes if one.rendered.turn.language == language])
        figures |= {f"{language}_{name}": own[name] for name in ("pauses", "cut", "missed")}
    return figures


def summary(outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    """Return what became of some turns."""
    pauses = sum(len(outcome.rendered.turn.pauses) for outcome in outcomes)
    cut = sum(outcome.cut for outcome in outcomes)
    ends = sorted(one.ended_after for one in outcomes if one.ended_after is not None)
    return {
        "turns": len(outcomes),
        "pauses": pauses,
        "cut": cut,
        "cut_percent": round(100 * cut / pauses, 1),
        "cut_in_words": sum(outcome.cut_in_words for outcome in outcomes),
        "missed": len(outcomes) - sum(end <= LATEST for end in ends),
        "end_p50_ms": round(median(ends) * 1000),
        "end_p95_ms": round(quantiles(ends, n=20)[-1] * 1000),
    }


def main() -> None:
    """Measure, print one line of JSON; with `--verbose` also every turn that went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn_taking", description=__doc__)
    parser.add_argument("--half", choices=("final", "development"), default="final")
    parser.add_argument("--voice", choices=get_args(Voice), default="joe", help="of the English turns")
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK}th turn, within 50 s")
    parser.add_argument("--verbose", action="store_true", help="also name what was cut or missed")
    given = parser.parse_args()
    figures = virtual_time.run(measure(given.half, given.voice, given.quick, given.verbose))
    print(
        json.dumps(
            {
                "benchmark": "turn_taking",
                "half": given.half,
                "voice": given.voice,
                "quick": given.quick,
                **figures,
            }
        )
    )


if __name__ == "__main__":
    main()
