"""What a caller who waits for a person may still have from the bot: answers, and being rung back.

The bot only answers what it can serve by itself; everything else the person will hear of who is on the way.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from functools import cache
from pathlib import Path

from voice import yaml_file
from voice.dialogue.acts import Act, act_of
from voice.dialogue.guarded import REPLY
from voice.dialogue.ngrams import plain
from voice.dialogue.reply import Reply
from voice.journal.events import CallState, Decided
from voice.journal.link import Wish

IN_LINE = frozenset({CallState.WAITING, CallState.OFFERED})
"""Where a call stands while its caller waits."""
_FILE = Path(__file__).with_name("wordings") / "waiting.yaml"


def wish_in(words: str, language: str) -> Wish | None:
    """Return what a waiting caller wishes: to be rung back, or yes or no to what they were asked.

    Args:
        words: one turn, as heard.
        language: `en` or `fr`.
    """
    act = act_of(words, language)
    if act is Act.YES:
        return "yes"
    if act is Act.NO:
        return "no"
    asks, declines = _asked(language)
    told = plain(words)
    return "callback" if asks.search(told) and not declines.search(told) else None


def helps(reply: Reply) -> bool:
    """Return whether the bot has an answer, or a question that leads to one."""
    decided = [event.action for event in reply.events if isinstance(event, Decided)]
    served = any(event.request is not None for event in reply.events if isinstance(event, Decided))
    return bool(reply.sentences) and served and not {"hand_over", "close", "apologise"} & set(decided)


async def helpful(parts: AsyncGenerator[Reply, None]) -> AsyncGenerator[Reply, None]:
    """Give those parts of an answer that help; one that takes too long is not waited for."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REPLY), contextlib.aclosing(parts):
            async for part in parts:
                if helps(part):
                    yield part


@cache
def _asked(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what asks to be rung back, and what says that one would rather not."""
    words = yaml_file.load(_FILE)[language]["callback_asked"]
    return re.compile("|".join(words["asks"])), re.compile("|".join(words["declines"]))
