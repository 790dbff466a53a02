"""The brief on its way to the agent: the text at once, its sound when it is made, better words last."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from loguru import logger

from voice.frames import TakeoverFrame
from voice.journal.events import Brief, Entry, Trigger
from voice.journal.link import PastCall
from voice.speaking.mouth import Renders
from voice.takeover.whisper import SPOKEN_SECONDS, SPOKEN_WORDS, fewer, spoken
from voice.takeover.writer import BriefWriter

RENDERING: Final = 8.0
"""Longest the spoken brief may take to render; without it the agent reads."""
WORDING: Final = 4.0
"""Longest a language model may take over its words."""
_RATE: Final = 8_000
_TRIES: Final = 3


async def told(
    writer: BriefWriter,
    prompts: Renders,
    entries: Sequence[Entry],
    triggers: Sequence[Trigger],
    *,
    earlier: Sequence[PastCall],
    language: str,
    written: Brief | None = None,
) -> AsyncGenerator[TakeoverFrame, None]:
    """Yield a call's brief, each time more of it: its text, its sound, and better words.

    Args:
        writer: writes it.
        prompts: says it.
        entries: the call's journal so far.
        triggers: why the call goes to a person.
        earlier: the calls before this one.
        language: the agent's.
        written: the brief, where the agent has been told it.
    """
    brief = written or writer.write(entries, triggers, earlier, language)
    if written is None:
        yield TakeoverFrame(brief=brief)
    if audio := await _sound(prompts, brief, language):
        yield TakeoverFrame(brief=brief, audio=audio)
    better = brief
    try:
        async with asyncio.timeout(WORDING):
            better = await writer.better(brief, entries, language)
    except TimeoutError:
        logger.warning("The model took too long over the brief.")
    if better != brief:
        yield TakeoverFrame(brief=better, audio=await _sound(prompts, better, language))


async def _sound(prompts: Renders, brief: Brief, language: str) -> bytes:
    """Return the spoken brief, 8 kHz int16, within `SPOKEN_SECONDS`; nothing where it cannot be said."""
    words = SPOKEN_WORDS
    try:
        async with asyncio.timeout(RENDERING):
            for _ in range(_TRIES):
                text = spoken(brief, language, words)
                samples = await prompts.audio(text, language)
                seconds = len(samples) / _RATE
                if seconds <= SPOKEN_SECONDS:
                    return samples.tobytes()
                words = fewer(len(text.split()), seconds)
    except Exception as error:
        logger.warning("The brief could not be spoken: {}", type(error).__name__)
    return b""
