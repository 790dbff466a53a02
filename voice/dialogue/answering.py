"""Answers, begun before it is certain that the caller is done.

Where the caller pauses, a copy of the bot answers what was said so far: it may look things up and have its
first sentence rendered, but changes nothing and is not heard. If the turn ends there with the same words the
copy *is* the bot from then on; if the caller goes on, nothing of it ever happened.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from voice.dialogue.cast import Answers
from voice.dialogue.reply import Reply
from voice.owned_tasks import OwnedTasks
from voice.speaking.mouth import Renders

STALL = 0.05
"""Seconds an answer is given besides, in case the machine stalled."""


@dataclass(frozen=True)
class _Rehearsal:
    """An answer nobody has heard.

    Attributes:
        words: what it answers, and behind it what else that may have been.
        bot: gives it.
        parts: what it says.
        rendering: of its first sentence.
    """

    words: tuple[str, ...]
    bot: Answers
    parts: asyncio.Task[tuple[Reply, ...]]
    rendering: asyncio.Task[None]


class Answering:
    """One call's bot and what it is preparing.

    Args:
        bot: the call's.
        prompts: renders sentences.
        language: of the call.
        tasks: the call's.
    """

    def __init__(self, bot: Answers, prompts: Renders, language: str, tasks: OwnedTasks) -> None:
        self.bot = bot
        self._prompts = prompts
        self._language = language
        self._tasks = tasks
        self._rehearsal: _Rehearsal | None = None
        self._before: tuple[Answers, str] | None = None
        """The bot before its last answer, and the words it answered; None where there is no way back."""
        self._noted = 0

    def speak(self, language: str) -> None:
        """Go on in another language; what was prepared in the one before is of no use."""
        self.drop()
        self._before = None
        self._language = language
        self.bot.speak(language)

    def note(self) -> Reply:
        """Take note of an answer in a word, another one than the last time; it commits to nothing."""
        words = self.bot.notes()
        self._noted += 1
        return Reply(words[self._noted % len(words) : self._noted % len(words) + 1] if words else ())

    def take_back(self) -> str | None:
        """Be the bot of before the last answer again; return what it answered.

        None where there is no way back: something was done, it was not rehearsed, or the bot said goodbye.
        """
        before, self._before = self._before, None
        if before is None or self.bot.acted:
            return None
        self.drop()
        self.bot, words = before
        return words

    def prepare(self, words: str, t: float, others: Sequence[str] = ()) -> None:
        """Begin to answer what is, or may be, a whole turn; once begun it is not begun again."""
        if self._rehearsal is not None and self._rehearsal.words == (words, *others):
            return
        self.drop()
        bot = self.bot.rehearse()
        if bot is not None:
            parts = self._tasks.begin(_all(bot.answer(words, t, others)))
            self._rehearsal = _Rehearsal((words, *others), bot, parts, self._tasks.begin(self._render(parts)))

    def drop(self) -> None:
        """Forget what was prepared."""
        rehearsal, self._rehearsal = self._rehearsal, None
        if rehearsal is not None:
            rehearsal.parts.cancel()
            rehearsal.rendering.cancel()

    async def answer(self, words: str, t: float, others: Sequence[str] = ()) -> AsyncGenerator[Reply, None]:
        """Answer a turn that is over, part by part as it can be said.

        Args:
            words: the turn's.
            t: second of the call.
            others: what else it may have been, likeliest first.

        Raises:
            Exception: the bot failed.
        """
        rehearsal, self._before = self._taken((words, *others)), None
        if rehearsal is not None:
            async for word in _patiently(rehearsal.bot, rehearsal.parts):
                yield word
            if not rehearsal.parts.cancelled() and rehearsal.parts.exception() is None:
                rehearsed = rehearsal.parts.result()
                closes = any(part.hang_up for part in rehearsed)
                self._before, self.bot = None if closes else (self.bot, words), rehearsal.bot
                for part in rehearsed:
                    yield part
                return
        parts = self.bot.answer(words, t, others)
        async with aclosing(parts):
            while True:
                coming = asyncio.ensure_future(anext(parts, None))
                try:
                    async for word in _patiently(self.bot, coming):
                        yield word
                    reply = await coming
                finally:
                    coming.cancel()
                if reply is None:
                    return
                yield reply

    def _taken(self, words: tuple[str, ...]) -> _Rehearsal | None:
        """Let what was rehearsed be the real answer; None where there is nothing of the kind."""
        rehearsal = self._rehearsal
        if rehearsal is None or rehearsal.words != words:
            self.drop()
            return None
        self._rehearsal = None  # from here on it is no more to be dropped
        rehearsal.bot.perform()
        return rehearsal

    async def _render(self, answering: asyncio.Task[tuple[Reply, ...]]) -> None:
        """Have the first sentence ready; whoever says it finds it in the cache."""
        with contextlib.suppress(Exception):  # whoever needs it meets the same failure, and tells of it
            parts = await asyncio.shield(answering)
            first = next((sentence for part in parts for sentence in part.sentences), None)
            if first is not None:
                await self._prompts.audio(first, self._language)


async def _all(answer: AsyncGenerator[Reply, None]) -> tuple[Reply, ...]:
    async with aclosing(answer) as parts:
        return tuple([part async for part in parts])


async def _patiently(bot: Answers, answer: asyncio.Future[Any]) -> AsyncGenerator[Reply, None]:
    """Wait for an answer; yield a word to the caller, once, where something outside keeps it waiting."""
    slow = asyncio.ensure_future(bot.slow.wait())
    try:
        await asyncio.wait({answer, slow}, return_when=asyncio.FIRST_COMPLETED)
        # A machine that stalled may have both at once; a back office that is slow still is.
        await asyncio.wait({answer}, timeout=STALL)
        if not answer.done():
            yield bot.acknowledge()
            await asyncio.wait({answer})
    finally:
        slow.cancel()
