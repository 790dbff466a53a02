"""The call on a terminal: one picture of a `Story`, drawn anew several times a second."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from telephony.demo.story import RIBBON, Feeling, Line, Story
from voice.journal.events import CallState

COLOURS = {"caller": "cyan", "bot": "magenta", "switchboard": "bright_black", "agent": "green"}
_METER_FLOOR, _METER_TOP = -50.0, -8.0
_METER_CELLS = 30
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def picture(story: Story, t: float, levels: Mapping[str, float], height: int) -> RenderableType:
    """Return the whole screen.

    Args:
        story: the call so far.
        t: the call's second now.
        levels: who is being heard, by name, at what level in dBov.
        height: terminal rows to fill.
    """
    layout = Layout()
    layout.split_column(
        Layout(_head(story, t), size=4),
        Layout(name="middle"),
        Layout(
            Panel(_meters(levels), title="on the line", border_style="bright_black"), size=2 + len(levels)
        ),
    )
    layout["middle"].split_row(
        Layout(Panel(_Tail(turns(story.lines)), title="what was said", border_style="bright_black"), ratio=3),
        Layout(_side(story), ratio=2),
    )
    return _Fixed(layout, height)


class _Fixed:
    """A renderable held to a height; a `Layout` would otherwise take the whole terminal."""

    def __init__(self, inner: RenderableType, height: int) -> None:
        self._inner, self._height = inner, height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self._inner, options.update(height=self._height))


def _head(story: Story, t: float) -> RenderableType:
    title = Text.assemble(
        (" Hookflash ", "bold reverse"),
        f"  {story.caller or 'a caller'} rings {story.line or 'the line'}",
        ("   ☎ " if story.ended is None else "   ✓ ", "bold"),
        (clock(t), "bold"),
    )
    return Group(title, Text(), _ribbon(story), Text())


def _ribbon(story: Story) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for place, state in enumerate(RIBBON):
        at = story.reached.get(state)
        name = state.value.replace("_", " ")
        if state is story.state:
            style = "bold reverse green" if state is CallState.BRIDGED else "bold reverse"
        else:
            style = "white" if at is not None else "bright_black"
        text.append(" ─ " if place else "", style="bright_black")
        text.append(f" {name} " if at is None else f" {name} {clock(at)} ", style=style)
    return text


def turns(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with what one party said in one go put together."""
    joined: list[Line] = []
    for one in lines:
        last = joined[-1] if joined else None
        if last is not None and last.who == one.who and not last.note:
            joined[-1] = replace(last, text=f"{last.text} {one.text}", note=one.note)
        else:
            joined.append(one)
    return joined


class _Tail:
    """The newest lines of a conversation that fit; the oldest are left out."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.height or options.max_height
        table = Table.grid(padding=(0, 1), expand=True)
        chosen: list[tuple[Text, Text, Text]] = []
        for line in reversed(self._lines):
            body = Text(line.text)
            if line.note:
                body.append(f"\n↳ {line.note}", style="italic bright_black")
            rows = len(body.wrap(console, max(10, options.max_width - 18)))
            if rows > room:
                break
            room -= rows
            style = COLOURS[line.who]
            chosen.append(
                (Text(clock(line.start), style="bright_black"), Text(line.who, style=f"bold {style}"), body)
            )
        table.add_column(width=4)
        table.add_column(width=11)
        table.add_column(ratio=1)
        for row in reversed(chosen):
            table.add_row(*row)
        yield table


def _side(story: Story) -> RenderableType:
    parts: list[RenderableType] = [
        Panel(anger_bars(story.feelings[-6:]), title="the caller's anger", border_style="bright_black")
    ]
    if story.agent:
        parts.append(
            Panel(Text.assemble((story.agent, "bold green"), f" {story.agent_note}"), border_style="green")
        )
    if story.triggers:
        reasons = [
            Text.assemble(
                (f"{one.kind.value.replace('_', ' ')} ", "bold red"),
                one.evidence,
                _score(one.score, one.threshold),
            )
            for one in story.triggers
        ]
        parts.append(Panel(Group(*reasons), title="why a person", border_style="red"))
    if story.brief is not None:
        parts.append(Panel(_brief(story), title="the brief", border_style="yellow"))
    return Group(*parts)


def _score(score: float | None, threshold: float | None) -> tuple[str, str]:
    if score is None:
        return "", ""
    limit = "" if threshold is None else f" ≥ {threshold:.2f}"
    return f" ({score:.2f}{limit})", "bright_black"


def _brief(story: Story) -> RenderableType:
    brief = story.brief
    if brief is None:
        return Text()
    # Its reason and last words stand elsewhere on the screen; its facts are the desk's to show in full.
    rows = [Text(brief.headline, style="bold")]
    for title, statements in (("tried", brief.tried), ("promised", brief.promised)):
        rows += [Text.assemble((f"{title}: ", "yellow"), one.text) for one in statements]
    if brief.suggestion:
        rows.append(Text.assemble(("try: ", "yellow"), brief.suggestion))
    return Group(*rows)


def anger_bars(feelings: list[Feeling]) -> RenderableType:
    """Return one bar a turn, green to red."""
    if not feelings:
        return Text("nothing heard yet", style="bright_black")
    table = Table.grid(padding=(0, 1))
    for feeling in feelings:
        style = "green" if feeling.anger < 0.4 else "yellow" if feeling.anger < 0.7 else "bold red"
        table.add_row(
            Text(clock(feeling.t), style="bright_black"),
            Text(bar(feeling.anger, 28), style=style),
            Text(f"{feeling.anger:.2f}", style=style),
        )
    return table


def _meters(levels: Mapping[str, float]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for name, level in levels.items():
        share = (level - _METER_FLOOR) / (_METER_TOP - _METER_FLOOR)
        style = "green" if share < 0.7 else "yellow" if share < 0.92 else "red"
        table.add_row(Text(name, style="bold"), Text(bar(share, _METER_CELLS), style=style))
    return table


def bar(share: float, cells: int) -> str:
    """Return a bar of `cells` characters, filled to `share` (0..1, beyond is cut) in eighths of a cell."""
    eighths = round(min(max(share, 0.0), 1.0) * cells * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(cells, "·")


def clock(t: float) -> str:
    """Return a call's second as minutes and seconds."""
    return f"{int(t) // 60}:{int(t) % 60:02d}"
