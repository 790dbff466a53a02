"""What the audience sees: a live picture on a terminal, plain lines anywhere else, and the summary."""

import asyncio
import io
import re
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from telephony.demo.levels import Levels
from telephony.demo.lines import line
from telephony.demo.outcome import Outcome
from telephony.demo.screen import picture
from telephony.demo.story import Story
from voice.journal.clock import Clock
from voice.journal.events import CallState, Entry

WIDTH, HEIGHT = 118, 40
"""Columns and rows of a saved picture, and the rows a large terminal gives to the live one."""
_LOUD_DBOV = -28.0
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Show(AbstractContextManager["Show"]):
    """Shows a call while it goes on.

    Args:
        console: where to; a terminal gets a picture.
        clock: the loop's.
        levels: the meters.
    """

    def __init__(self, console: Console, clock: Clock, levels: Levels) -> None:
        self._console = console
        self._clock = clock
        self._levels = levels
        self._live: Live | None = None
        self._talking: RenderableType | None = None
        self._began: float | None = None
        self.story = Story()

    def __enter__(self) -> "Show":
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(self._picture(), console=self._console, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.update(self._picture(), refresh=True)
            self._live.stop()
            self._live = None

    async def news(self, entries: list[Entry]) -> None:
        """Take what is new, and draw. A picture takes some milliseconds, so a thread draws it."""
        for entry in entries:
            if self._began is None:
                self._began = self._clock.now() - entry.t
            self.story.add(entry)
            if self._live is None and (told := line(entry)) is not None:
                self._console.print(Text(told), soft_wrap=True)
        levels = self._levels.now()
        if self.story.state is CallState.BRIDGED and max(levels.values()) > _LOUD_DBOV:
            self._talking = picture(self.story, self._now(), levels, HEIGHT)
        if self._live is not None:
            await asyncio.to_thread(self._live.update, self._picture(), refresh=True)

    def say(self, text: str) -> None:
        """Tell the audience something besides."""
        self._console.print(Text(text), soft_wrap=True)

    def summary(self, outcome: Outcome) -> None:
        """Print how it went."""
        table = Table.grid(padding=(0, 2))
        for what, how in outcome.rows():
            table.add_row(Text(what, style="bold"), Text(how))
        self._console.print()
        self._console.print(table)
        self._console.print(Text(outcome.verdict, style="bold green" if outcome.good else "bold red"))

    def save(self, path: Path) -> None:
        """Save the picture of the moment when caller and agent last talked, as SVG."""
        console = Console(
            record=True,
            width=WIDTH,
            height=HEIGHT,
            file=io.StringIO(),
            force_terminal=True,
            legacy_windows=False,
        )
        console.print(self._talking or self._picture())
        # Rich would have the reader's browser fetch a font from elsewhere; one at hand will do.
        drawing = _WEB_FONT.sub("", console.export_svg(title="hookflash demo"))
        path.write_text(drawing, encoding="utf-8")

    def _picture(self) -> RenderableType:
        height = min(self._console.height - 1, HEIGHT)
        return picture(self.story, self._now(), self._levels.now(), height)

    def _now(self) -> float:
        ended = self.story.ended
        if ended is not None or self._began is None:
            return self.story.t if ended is None else ended.seconds
        return self._clock.now() - self._began
