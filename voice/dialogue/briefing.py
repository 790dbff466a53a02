"""The brief of a takeover: written, spoken for the agent, and sent; one at a time."""

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from voice.dialogue.account import Account
from voice.frames import TakeoverFrame
from voice.owned_tasks import OwnedTasks
from voice.speaking.mouth import Renders
from voice.takeover.brief import spoken, write_brief

BRIEF = 8.0
"""Longest the spoken brief may take to render, in seconds; without it the agent reads."""


class Briefing:
    """Writes the briefs of one call.

    Args:
        prompts: renders the spoken brief.
        send: takes it.
        tasks: the call's.
    """

    def __init__(
        self, prompts: Renders, send: Callable[[TakeoverFrame], Awaitable[None]], tasks: OwnedTasks
    ) -> None:
        self._prompts = prompts
        self._send = send
        self._tasks = tasks
        self._writing: asyncio.Task[None] | None = None

    def write(self, account: Account, language: str) -> None:
        """Write a brief of what is known when its turn comes, unless one is being written."""
        if self._writing is None or self._writing.done():
            self._writing = self._tasks.begin(self._write(account, language))

    async def _write(self, account: Account, language: str) -> None:
        brief = write_brief(account.entries, account.reasons, account.earlier)
        audio = b""
        try:
            async with asyncio.timeout(BRIEF):
                audio = (await self._prompts.audio(spoken(brief), language)).tobytes()
        except Exception as error:
            logger.warning("The brief could not be spoken: {}", type(error).__name__)
        await self._send(TakeoverFrame(brief=brief, audio=audio))
