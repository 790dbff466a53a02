"""What is made of a turn while its end is not certain: words, how finished it sounds, how long to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from loguru import logger
from numpy.typing import NDArray

from voice.emotion.speech import CallerSpeech
from voice.hearing.expected import Expected, OneOf
from voice.hearing.heard import heard_of
from voice.hearing.languages import CallLanguage
from voice.hearing.patience import CLEAR, Collecting, Patience, SoFar, Verdict, allowed, doubtful
from voice.hearing.recogniser import Transcribes
from voice.hearing.waiting import Urgency
from voice.journal.events import Heard, Party

if TYPE_CHECKING:
    from voice.hearing.engine import Transcript

WORDS = 10.0
"""Longest wait in seconds for the words of a turn."""
VERDICT = 4.0
"""Longest wait in seconds for what tells whether a turn is over; then silence alone does. The words are
wanted for the answer anyway, and what the caller says meanwhile waits its turn."""

FEW_CALLS = 2
"""Up to which a process does work that may turn out not to be needed."""

Samples = NDArray[np.float32]
SoundsFinished = Callable[[Samples], Awaitable[float | None]]
"""Tells the probability that a turn (16 kHz) is over by its sound; None where it cannot be asked."""
Grasps = Callable[[str, Sequence[str]], Awaitable[float]]
"""Tells how surely words, or else the others they may have been, can be answered at once, 0..1."""


@dataclass
class Load:
    """What a process's calls ask of its speech engine.

    Attributes:
        calls: how many they are.
        decoding: clips they wait for.
        took: seconds until the words of the last clip were there.
        partials: whether callers are read while they talk.
    """

    calls: int = 0
    decoding: int = 0
    took: float = 0.0
    partials: bool = True


@dataclass(frozen=True)
class Guess:
    """A turn as far as it went up to a pause, being decoded on the chance that it ends there.

    Attributes:
        who: speaks.
        samples: the turn, 16 kHz.
        begin: second of the call at which its samples begin.
        start: second at which the speech in them does.
        end: its last speech.
        words: its words, or why there are none.
    """

    who: Party
    samples: Samples
    begin: float
    start: float
    end: float
    words: asyncio.Task[Transcript | str]

    @property
    def failed(self) -> bool:
        """Whether it was given up, because others were more urgent."""
        return self.words.done() and not self.words.cancelled() and isinstance(self.words.result(), str)

    def speech(self) -> CallerSpeech | None:
        """Return the caller's voice; None for the agent, whose voice is never analysed."""
        return callers(self.who, self.samples, self.start, self.end)

    async def heard(self) -> Heard | str | None:
        """Return what was said, None where there were no words, or why it cannot be told."""
        words = await asyncio.shield(self.words)
        if isinstance(words, str):
            return words
        return heard_of(self.who, words, begin=self.begin, start=self.start, end=self.end)


class Listening:
    """One call's way of listening.

    Args:
        engine: the process's speech engine.
        patience: how long pauses may last.
        sounds_finished: Smart Turn, or None to go by the words alone.
        load: the process's.
        languages: those a caller may speak; others are not listened for.
        grasps: tells what the dialogue makes of a turn that may not be over; None to go without.
    """

    def __init__(
        self,
        engine: Transcribes,
        patience: Patience,
        sounds_finished: SoundsFinished | None = None,
        load: Load | None = None,
        languages: Sequence[str] = (),
        *,
        grasps: Grasps | None = None,
    ) -> None:
        self._engine = engine
        self.load = load or Load()
        self._sounds_finished = sounds_finished
        self.patience = patience
        self._languages = languages
        self._grasps = grasps
        self.language = CallLanguage("")
        """Of the call."""
        self.expected: Expected | None = None
        """What the caller is likely to say."""
        self.collecting: Collecting | None = None
        """What the bot has asked for."""

    def begin(self, language: str) -> None:
        """A call begins in a language."""
        self.language = CallLanguage(language, tuple(one for one in self._languages if one != language))
        self.load.calls += 1

    def end(self) -> None:
        """The call is over."""
        self.load.calls -= 1

    def promote(self, guess: Guess) -> None:
        """Let a turn that has ended be decoded before whatever is less urgent."""
        self._engine.promote(guess.samples)

    async def words(self, who: Party, samples: Samples, urgency: Urgency) -> Transcript | str:
        """Return the words, or why there are none."""
        began = asyncio.get_running_loop().time()
        self.load.decoding += 1
        try:
            async with asyncio.timeout(WORDS):
                return await self._engine.transcribe(
                    samples,
                    language=self.language.now,
                    among=self.language.others,
                    expected=self.expected if who == "caller" else None,
                    urgency=urgency,
                    others=who == "caller" and urgency is not Urgency.PARTIAL,
                )
        except TimeoutError:
            return f"no words after {WORDS:.0f} seconds"
        except Exception as error:
            return f"the speech engine failed: {error}"
        finally:
            self.load.decoding -= 1
            self.load.took = asyncio.get_running_loop().time() - began

    async def judge(self, guess: Guess) -> Verdict:
        """Return how many seconds the pause behind a guess may last.

        That rests on the audio and the playbook alone, not on how long the machine took: the same call pauses
        and ends in the same places every time.
        """
        # Where the words are still on their way and the machine has time, the voice is listened to meanwhile,
        # needed or not.
        ahead = not guess.words.done() and self.load.calls <= FEW_CALLS
        sounds = asyncio.ensure_future(self._sounds(guess.samples)) if ahead else None
        try:
            async with asyncio.timeout(VERDICT):
                heard = await guess.heard()
                if isinstance(heard, str):
                    return Verdict(self.patience.unjudged)
                said = self._said(heard)
                if self._answers(said):
                    noted = self.patience.note > 0
                    return Verdict(self.patience.noted if noted else self.patience.answer, noted=noted)
                if doubtful(said, self.collecting):
                    grasped = await self._grasped(heard)
                    probability = await (sounds or self._sounds(guess.samples))
                    said = replace(said, sounds=probability, grasped=grasped)
        except TimeoutError:
            return Verdict(self.patience.unjudged)
        finally:
            if sounds is not None:
                sounds.cancel()
        return Verdict(max(allowed(self.patience, said, self.collecting), self.patience.whole))

    @property
    def due(self) -> float | None:
        """Seconds of silence after which a turn is to be judged already; None: the usual ones."""
        return (self.patience.note or self.patience.answer) if isinstance(self.expected, OneOf) else None

    def _answers(self, said: SoFar) -> bool:
        """Return whether one of the expected answers was given, surely and with nothing else."""
        if not isinstance(self.expected, OneOf) or said.last_word < CLEAR:
            return False
        plain = said.text.lower().strip(" .,!?")
        return any(plain == answer.value.lower() for answer in self.expected.answers)

    def _said(self, heard: Heard | None) -> SoFar:
        if heard is None:
            return SoFar("", self.language.now, 0.0)
        last_word = heard.words[-1].confidence if heard.words else heard.confidence
        return SoFar(heard.text, heard.language or self.language.now, last_word)

    async def _sounds(self, samples: Samples) -> float | None:
        """Ask how finished the voice sounds."""
        if self._sounds_finished is None:
            return None
        try:
            return await self._sounds_finished(samples)
        except Exception as error:
            logger.warning("Smart Turn failed, words and silence will do: {}", error)
            return None

    async def _grasped(self, heard: Heard | None) -> float:
        """Ask how surely the words can be answered at once."""
        if self._grasps is None or heard is None:
            return 0.0
        try:
            return await self._grasps(heard.text, heard.others)
        except Exception as error:
            logger.warning("The dialogue could not judge a turn, words and silence will do: {}", error)
            return 0.0


def callers(who: Party, samples: Samples, start: float, end: float) -> CallerSpeech | None:
    """Return a stretch of the caller's voice; None for the agent, whose voice is never analysed."""
    return CallerSpeech(samples, start, end) if who == "caller" else None
