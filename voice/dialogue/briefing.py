"""The brief of a takeover: written, spoken for the agent, and sent; one at a time, the newest counts."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from voice.dialogue.account import Account
from voice.frames import TakeoverFrame
from voice.journal.events import Brief
from voice.owned_tasks import OwnedTasks
from voice.speaking.mouth import Renders
from voice.takeover.telling import told
from voice.takeover.writer import BriefWriter


class Briefing:
    """Writes the briefs of one call.

    Args:
        writer: words them.
        prompts: renders the spoken brief.
        send: takes it.
        tasks: the call's.
    """

    def __init__(
        self,
        writer: BriefWriter,
        prompts: Renders,
        send: Callable[[TakeoverFrame], Awaitable[None]],
        tasks: OwnedTasks,
    ) -> None:
        self._writer = writer
        self._prompts = prompts
        self._send = send
        self._tasks = tasks
        self._writing: asyncio.Task[None] | None = None
        self._again = False

    def now(self, account: Account, language: str) -> Brief:
        """Return the brief as it is known at once, to go with the takeover itself."""
        return self._writer.write(account.entries, account.reasons, account.earlier, language)

    def write(self, account: Account, language: str, written: Brief | None = None) -> None:
        """Send what is known when its turn comes; while one is being written, another after it.

        Args:
            account: the call so far.
            language: the agent's.
            written: the brief's text, where the agent has it already.
        """
        if self._writing is None or self._writing.done():
            self._writing = self._tasks.begin(self._write(account, language, written))
        else:
            self._again = True

    async def _write(self, account: Account, language: str, written: Brief | None) -> None:
        await self._write_once(account, language, written)
        while self._again:
            self._again = False
            await self._write_once(account, language, None)

    async def _write_once(self, account: Account, language: str, written: Brief | None) -> None:
        briefs = told(
            self._writer,
            self._prompts,
            tuple(account.entries),
            tuple(account.reasons),
            earlier=account.earlier,
            language=language,
            written=written,
        )
        async with aclosing(briefs):
            async for frame in briefs:
                await self._send(frame)
