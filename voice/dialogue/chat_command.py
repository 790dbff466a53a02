"""`hookflash chat`: talk to the bot by text; the same code as on a call, without sound."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, closing
from datetime import timedelta
from pathlib import Path

import click

from voice import logs
from voice.dialogue.bot import Bot
from voice.dialogue.cast import Answers
from voice.dialogue.chat import Chat
from voice.dialogue.guarding import warm_wordings
from voice.dialogue.model_bot import ModelBot
from voice.dialogue.model_by_settings import language_model
from voice.dialogue.opening_back_office import open_back_office
from voice.dialogue.playbook_files import PlaybookError
from voice.dialogue.reply import Reply
from voice.emotion.anger import AngerMeter, AngerSettings
from voice.emotion.wording import shipped
from voice.journal.clock import Clock, LoopClock
from voice.journal.earlier import earlier_calls
from voice.journal.events import (
    AnyEvent,
    CallStarted,
    Decided,
    Entry,
    Felt,
    LookedUp,
    Promised,
    Trigger,
    Understood,
)
from voice.journal.link import PastCall
from voice.journal.store import FILE, SqliteJournal
from voice.takeover.triggers import Triggers
from voice.text_line import TextLine, open_line

CALLER = "+4740000001"
CHATS = "chats.sqlite"
"""Where what was said by text is kept; a caller is remembered from that and from the telephone's journal."""


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
    clock, name = LoopClock(), f"chat-{secrets.token_hex(6)}"
    spoken = line.playbook.language_or_default(language or line.playbook.language)
    async with AsyncExitStack() as open_things:
        bot = _bot(line, name, caller, language=spoken, clock=clock, open_things=open_things)
        triggers = Triggers(line.playbook, line.similarity, asks=line.understanding.asking.said)
        chats = open_things.enter_context(closing(_journal(line.settings.data / CHATS)))
        chats.forget(clock.utc() - timedelta(days=line.settings.keep_days))

        def keep(entry: Entry) -> None:
            chats.write(entry)
            if show:
                show(entry.event)

        chat = Chat(name, bot, triggers, _meter(line), clock=clock, keep=keep)
        chat.enter(_started(line, spoken, caller))
        earlier = await _earlier(line, chats, caller, clock, name)
        _say(chat.begin(earlier))
        async for words in _lines():
            closes = False
            async with aclosing(chat.turn(words, spoken)) as parts:
                async for part in parts:
                    _say(part)
                    closes |= part.hang_up
            if chat.reasons:
                _hand_over(chat.reasons, line, spoken)
            if chat.reasons or closes:
                return


def _journal(path: Path) -> SqliteJournal:
    try:
        return SqliteJournal(path)
    except OSError as error:
        raise click.ClickException(str(error)) from None


async def _earlier(
    line: TextLine, chats: SqliteJournal, caller: str, clock: Clock, name: str
) -> tuple[PastCall, ...]:
    """Return the caller's calls and chats before this one, the newest first."""
    pasts = [*await earlier_calls(chats, caller, clock.utc(), name)]
    calls = line.settings.data / FILE
    if calls.exists():
        with closing(_journal(calls)) as journal:
            pasts += await earlier_calls(journal, caller, clock.utc(), name)
    return tuple(sorted(pasts, key=lambda past: past.ago))


def _meter(line: TextLine) -> AngerMeter | None:
    if not line.playbook.thresholds.anger.felt:
        return None
    return AngerMeter(
        AngerSettings(limits=line.playbook.thresholds.anger),
        wording=shipped().with_sentences(line.encoders.english),
    )


def _started(line: TextLine, language: str, caller: str) -> CallStarted:
    return CallStarted(
        line="",
        caller=caller,
        called="",
        carrier="chat",
        carrier_call="",
        playbook=line.playbook.name,
        language=language,
    )


def _bot(
    line: TextLine, call: str, caller: str, *, language: str, clock: Clock, open_things: AsyncExitStack
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
        warm_wordings(spoken, settings.cache)
    alone = Bot(
        book,
        office,
        understanding=line.understanding,
        clock=clock,
        caller=caller,
        language=language,
        call=call,
    )
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
        case Felt() if event.anger:
            what = f"felt anger {event.anger:.2f}: {'; '.join(event.why)}"
        case Decided():
            what = f"decided to {event.action}: {event.why}"
        case LookedUp():
            what = f"looked up {event.request}: {event.facts if event.ok else event.error}"
        case Promised():
            what = f"promised by {event.clause}: {event.text}"
        case _:
            return
    click.echo(f"     [{what.strip()}]")
