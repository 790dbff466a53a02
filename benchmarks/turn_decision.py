"""How long the bot takes to decide a turn by the local path: `python -m benchmarks.turn_decision`.

Words in, sentences out, everything between: asking for a person, acts, understanding, back office, guardrails
and the triggers. The back office answers from memory, as it is not what is measured.
"""

import asyncio
import csv
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from voice.dialogue.back_office import Found, Inquiry
from voice.dialogue.bot import Bot
from voice.dialogue.guarding import warm_wordings
from voice.journal.clock import LoopClock
from voice.journal.events import Heard
from voice.takeover.triggers import Triggers
from voice.text_line import TextLine, open_line

SENTENCES = Path("tests/voice/data/requests_development.tsv")
WARM = 20
LIMIT_MS = 20.0


class Memory:
    """A back office that knows one customer."""

    async def look_up(self, inquiry: Inquiry) -> Found:
        """Answer at once."""
        return {
            "balance": Found("due", {"balance_due": "91.00 EUR"}),
            "next_payment": Found("due", {"next_amount": "45.50 EUR", "next_date": "2026-03-07"}),
            "refund": Found("sent", {"refund_amount": "20.00 EUR", "refund_date": "2026-03-01"}),
        }.get(inquiry.look_up, Found("none", {}))


async def _measure(line: TextLine, rows: list[dict[str, str]]) -> list[tuple[float, float]]:
    clock = LoopClock()
    took = []
    for row in rows:
        bot = Bot(
            line.playbook,
            Memory(),
            understanding=line.understanding,
            clock=clock,
            caller="+4740000001",
            language=row["lang"],
        )
        triggers = Triggers(line.playbook, line.similarity, asks=line.understanding.asking.said)
        start, busy = time.perf_counter(), time.process_time()
        heard = Heard(who="caller", text=row["text"], start=0, end=1, confidence=1, language=row["lang"])
        triggers.observe(heard, 1.0)
        reply = await bot.reply(row["text"], 1.0)
        for event in reply.events:
            triggers.observe(event, 1.0)
        took.append(((time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000))
    return took[WARM:]


def main() -> int:
    """Print the figures; returns 1 where the slowest twentieth is over the limit."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    line = open_line()
    for language in line.playbook.languages:
        warm_wordings(language, line.settings.cache)
    took = asyncio.run(_measure(line, [*rows[:WARM], *rows]))
    waited, busy = np.array(took).T
    p50, p95, p99 = np.percentile(waited, (50, 95, 99))
    print(f"turn decision, local path, {len(took)} turns, {datetime.now(UTC):%Y-%m-%d}")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, slowest {waited.max():.1f} ms")
    print("of the processor: p50 {:.1f} ms, p95 {:.1f} ms".format(*np.percentile(busy, (50, 95))))
    return int(p95 >= LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
