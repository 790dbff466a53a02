"""Answers, begun before it is certain that the caller is done.

Where the caller pauses, a copy of the bot answers what was said so far: it may look things up and have its
first sentence rendered, but changes nothing and is not heard. If the turn ends there with the same words the
copy *is* the bot from then on; if the caller goes on, nothing of it ever happened.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice.dialogue.cast import Answers
from voice.owned_tasks import OwnedTasks
from voice.speaking.mouth import Renders

if TYPE_CHECKING:
    from voice.dialogue.reply import Reply

REPLY = 8.0
"""Longest the bot may take to answer, in seconds."""


@dataclass(frozen=True)
class _Rehearsal:
    """An answer nobody has heard.

    Attributes:
        words: what it answers.
        bot: gives it.
        parts: what it says.
        rendering: of its first sentence.
    """

    words: str
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

    def speak(self, language: str) -> None:
        """Go on in another language; what was prepared in the one before is of no use."""
        self.drop()
        self._language = language
        self.bot.speak(language)

    def prepare(self, words: str, t: float) -> None:
        """Begin to answer what is, or may be, a whole turn; once begun it is not begun again."""
        if self._rehearsal is not None and self._rehearsal.words == words:
            return
        self.drop()
        bot = self.bot.rehearse()
        if bot is not None:
            parts = self._tasks.begin(_all(bot.answer(words, t)))
            self._rehearsal = _Rehearsal(words, bot, parts, self._tasks.begin(self._render(parts)))

    def drop(self) -> None:
        """Forget what was prepared."""
        rehearsal, self._rehearsal = self._rehearsal, None
        if rehearsal is not None:
            rehearsal.parts.cancel()
            rehearsal.rendering.cancel()

    async def answer(self, words: str, t: float) -> AsyncGenerator[Reply, None]:
        """Answer a turn that is over, part by part as it can be said.

        Args:
            words: the turn's.
            t: second of the call.

        Raises:
            Exception: the bot failed.
        """
        rehearsed = await self._performed(words)
        if rehearsed is not None:
            for part in rehearsed:
                yield part
            return
        async with aclosing(self.bot.answer(words, t)) as parts:
            async for part in parts:
                yield part

    async def _performed(self, words: str) -> tuple[Reply, ...] | None:
        """Take what was rehearsed for the real answer; None where there is nothing to take."""
        rehearsal = self._rehearsal
        if rehearsal is None or rehearsal.words != words:
            self.drop()
            return None
        self._rehearsal = None  # from here on it is no more to be dropped
        rehearsal.bot.perform()
        await asyncio.wait({rehearsal.parts})
        if rehearsal.parts.cancelled() or rehearsal.parts.exception() is not None:
            return None
        self.bot = rehearsal.bot
        return rehearsal.parts.result()

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
