"""Who takes part in a conversation besides the caller: what the conversation needs of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from loguru import logger

from voice.journal.events import AnyEvent, Entry, Felt, Trigger
from voice.journal.link import PastCall
from voice.takeover.writer import BriefWriter

if TYPE_CHECKING:
    from voice.dialogue.reply import Reply
    from voice.emotion.anger import Measures, Wording
    from voice.emotion.speech import CallerSpeech

LEARNING = 2.0
"""Longest a call may take to teach its line something, once it is over, in seconds."""


class Answers(Protocol):
    """The one who answers; `voice.dialogue.bot.Bot`."""

    def greeting(self) -> Reply:
        """Say who answers, that the call is transcribed, and how to reach a person."""

    def answer(self, words: str, t: float, others: Sequence[str] = ()) -> AsyncGenerator[Reply, None]:
        """Answer the caller's words, spoken at second `t` of the call, part by part as it can be said.

        Where they are not understood, they may have been one of the `others`, likeliest first.
        """

    def silence(self, t: float) -> Reply:
        """Say something because nobody does."""

    def know(self, earlier: Sequence[PastCall]) -> None:
        """Take in the caller's calls before this one; before anything else."""

    def resume(self, history: Sequence[Entry]) -> Reply:
        """Take up a call another worker began."""

    def speak(self, language: str) -> None:
        """Go on in another of the playbook's languages."""

    async def take_back(self, history: Sequence[Entry]) -> Reply:
        """Go on with a call that an agent has given back."""

    def rehearse(self) -> Answers | None:
        """Return a copy that answers a turn which may not be over and changes nothing; None if it cannot."""

    async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
        """Return how surely a turn that may not be over can be answered at once, 0..1; change nothing."""

    @property
    def slow(self) -> asyncio.Event:
        """Set while something outside takes its time over an answer, however fast this machine is."""

    def acknowledge(self) -> Reply:
        """Say that somebody is still there."""

    def notes(self) -> tuple[str, ...]:
        """Return words that take note of an answer and commit to nothing; none where it has none."""

    @property
    def acted(self) -> bool:
        """Whether its last answer did something a rehearsal would not have."""

    def perform(self) -> None:
        """Be no rehearsal any more: the turn is over, and this one goes on with the call."""


class Watches(Protocol):
    """The one who sees when a person is needed; `voice.takeover.triggers.Triggers`."""

    def observe(self, event: AnyEvent, t: float) -> Trigger | None:
        """Return the reason this event completes, unless it was given before."""

    def asks(self, words: str, language: str) -> str | None:
        """Return the words with which a turn that may not be over asks for a person; change nothing."""

    def know(self, earlier: Sequence[PastCall]) -> None:
        """Take in the caller's calls before this one; before anything else."""

    def resume(self, history: Iterable[Entry]) -> tuple[Trigger, ...]:
        """Take in a call's past; return the reasons in it that were never acted on."""


class Feels(Protocol):
    """The one who feels with the caller; `voice.emotion.anger.AngerMeter`."""

    def measure(self, speech: CallerSpeech) -> Measures:
        """Measure a turn's voice, or as much of it as there is, in a thread; decides nothing."""

    def glimpse(self, measures: Measures) -> Felt | None:
        """Return the caller's anger in a turn that goes on; None where it cannot be told."""

    def apologised(self) -> None:
        """Note that the bot has just apologised."""

    def read(self, words: str, language: str, confidence: float) -> Wording:
        """Read a turn's words, in a thread; decides nothing."""

    def weigh(self, measures: Measures, said: Wording) -> Felt:
        """Return the caller's anger after a turn."""


class Assists(Protocol):
    """The one who helps the agent; `voice.dialogue.agent_assist.Assistant`."""

    async def answers(self, words: str) -> list[tuple[str, str]]:
        """Return answers to what the caller has just said, each with its source."""


@dataclass(frozen=True)
class Cast:
    """Makes each of them for one call.

    Attributes:
        bot: makes the one who answers, given the call's name, its language and the caller's number.
        triggers: makes the one who sees when a person is needed.
        meter: makes the one who feels with the caller; gives None where the line leaves feelings alone.
        language: returns the language to speak where a call names this one, or none.
        over: takes in what the call taught, once it is over, and returns what is to be journalled of it;
            run in a thread.
        brief: writes what the agent is told.
        assistant: makes the one who helps the agent, given the call's language and the caller's number.
    """

    bot: Callable[[str, str, str], Answers]
    triggers: Callable[[], Watches]
    meter: Callable[[], Feels | None]
    language: Callable[[str], str]
    over: Callable[[], AnyEvent | None]
    brief: BriefWriter = field(default_factory=BriefWriter)
    assistant: Callable[[str, str], Assists] | None = None

    async def learnt(self) -> AnyEvent | None:
        """Return what is to be journalled of what the call taught; None where it is nothing, or fails."""
        try:
            async with asyncio.timeout(LEARNING):
                return await asyncio.to_thread(self.over)
        except Exception as error:
            logger.warning("Nothing was learnt from a call: {}", error)
            return None
