"""What the bot does, within its time: a failure is told, and the call goes on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from loguru import logger

REPLY = 8.0
"""Longest the bot may take to answer, in seconds."""


@asynccontextmanager
async def guarded(what: str, failed: Callable[[str], Awaitable[None]]) -> AsyncIterator[None]:
    """Do something of the bot's.

    Args:
        what: it is, as in "could not answer".
        failed: takes why it failed, without anything that was said.
    """
    try:
        async with asyncio.timeout(REPLY):
            yield
    except TimeoutError:
        await failed(f"no answer within {REPLY:.0f} seconds")
    except Exception as error:
        logger.exception("The bot could not {}.", what)
        await failed(f"could not {what}: {type(error).__name__}")
