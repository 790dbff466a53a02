"""`hookflash chat`: talk to the bot by text; the same code as on a call, without sound."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack

import click

from voice import logs
from voice.dialogue.bot import Bot
from voice.dialogue.cast import Answers
from voice.dialogue.guarding import warm_wordings
from voice.dialogue.model_bot import ModelBot
from voice.dialogue.model_by_settings import language_model
from voice.dialogue.opening_back_office import open_back_office
from voice.dialogue.playbook_files import PlaybookError
from voice.dialogue.reply import Reply
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import AnyEvent, Decided, Heard, LookedUp, Promised, Trigger, Understood
from voice.takeover.triggers import Triggers
from voice.text_line import TextLine, open_line

CALLER = "+4740000001"
_LIMIT = 12.0
"""Longest a turn may take, in seconds."""


@click.command()
@click.option("--playbook", help="The playbook's name; the default one of the settings else.")
@click.option("--language", help="Of the call; the playbook's own else.")
@click.option("--caller", default=CALLER, show_default=True, help="The calling number.")
@click.option("--events", is_flag=True, help="Show what the journal would keep.")
def chat(playbook: str | None, language: str | None, caller: str, events: bool) -> None:
    """Talk to the bot by text; an empty line is a caller who says nothing, Ctrl-D hangs up."""
    logs.to_stderr("ERROR")
    line = open_line(playbook)
    asyncio.run(_converse(line, language, caller, show=_shown if events else None))


async def _converse(
    line: TextLine, language: str | None, caller: str, show: Callable[[AnyEvent], None] | None
) -> None:
    clock = LoopClock()
    async with AsyncExitStack() as open_things:
        bot = _bot(line, language, caller, clock, open_things)
        triggers = Triggers(line.playbook, line.similarity, asks=line.understanding.asking.said)
        spoken = line.playbook.language_or_default(language or line.playbook.language)
        start = clock.now()
        reply = bot.greeting()
        _say(reply)
        async for words in _lines():
            t = clock.now() - start
            parts = [bot.silence(t)] if not words else None
            heard = Heard(who="caller", text=words, start=t, end=t, confidence=1.0, language=spoken)
            noted: list[AnyEvent] = [heard] if words else []
            fired = [trigger for event in noted if (trigger := triggers.observe(event, t))]
            async with asyncio.timeout(_LIMIT):
                async for part in _parts(bot, words, t, parts):
                    for event in part.events:
                        if show:
                            show(event)
                        if trigger := triggers.observe(event, t):
                            fired.append(trigger)
                    _say(part)
                    reply = part
            if fired:
                _hand_over(fired, line, spoken)
            if fired or reply.hang_up:
                return


async def _parts(bot: Answers, words: str, t: float, parts: Sequence[Reply] | None) -> AsyncIterator[Reply]:
    if parts is not None:
        for part in parts:
            yield part
        return
    async for part in bot.answer(words, t):
        yield part


def _bot(
    line: TextLine, language: str | None, caller: str, clock: Clock, open_things: AsyncExitStack
) -> Answers:
    settings, book = line.settings, line.playbook
    try:
        office = open_back_office(book, settings.playbooks, settings.data, os.environ)
    except PlaybookError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"The demo back office cannot be set up ({error}).") from None
    open_things.push_async_callback(office.close)
    for spoken in book.languages:
        warm_wordings(spoken)
    alone = Bot(book, office, understanding=line.understanding, clock=clock, caller=caller, language=language)
    model = language_model(settings, clock)
    if model is None:
        return alone
    open_things.push_async_callback(model.close)
    return ModelBot(alone, model, book, patience=settings.llm_patience)


async def _lines() -> AsyncIterator[str]:
    while True:
        try:
            yield (await asyncio.to_thread(click.prompt, "you", default="", show_default=False)).strip()
        except (click.Abort, EOFError):
            click.echo()
            return


def _say(reply: Reply) -> None:
    for sentence in reply.sentences:
        click.echo(f"bot: {sentence}")


def _hand_over(fired: Sequence[Trigger], line: TextLine, language: str) -> None:
    connecting = line.playbook.prompts_in(line.playbook.language_or_default(language))["connecting"]
    click.echo(f"bot: {connecting}")
    for trigger in fired:
        click.echo(f"     [to a person: {trigger.kind}: {trigger.evidence}]")


def _shown(event: AnyEvent) -> None:
    match event:
        case Understood():
            what = f"understood {event.request or 'nothing'} ({event.confidence:.2f}) {event.slots or ''}"
        case Decided():
            what = f"decided to {event.action}: {event.why}"
        case LookedUp():
            what = f"looked up {event.request}: {event.facts if event.ok else event.error}"
        case Promised():
            what = f"promised by {event.clause}: {event.text}"
        case _:
            return
    click.echo(f"     [{what.strip()}]")
