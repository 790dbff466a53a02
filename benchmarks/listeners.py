"""Pipelines that listen with a worker's own ears and say nothing: for figures about hearing alone."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from voice import logs
from voice.dialogue.cast import Cast
from voice.dialogue.grasp import grasped
from voice.dialogue.reply import Reply
from voice.hearing.engine import SpeechEngine
from voice.hearing.listening import Grasps, Load
from voice.hearing.patience import Collecting
from voice.hearing.smart_turn import SmartTurn
from voice.hearing.vad import SileroVad
from voice.journal.clock import LoopClock
from voice.journal.events import AnyEvent, Entry, Trigger
from voice.journal.link import PastCall
from voice.models import whisper_weights
from voice.pipeline import CallPipeline
from voice.settings import VoiceSettings
from voice.speaking.voice import Due, Speech, at_once
from voice.text_line import TextLine


class Listener:
    """Answers nobody; waits for what the caller has been asked to give.

    Args:
        collecting: that.
        grasps: what a real bot would make of a turn; None: nothing.
    """

    def __init__(self, collecting: Collecting | None, grasps: Grasps | None) -> None:
        self._collecting = collecting
        self._grasps = grasps
        self.slow = asyncio.Event()

    def greeting(self) -> Reply:
        return Reply(("Yes?",), collects=self._collecting)

    async def answer(self, words: str, t: float, others: Sequence[str] = ()) -> AsyncGenerator[Reply, None]:
        yield self.greeting()

    def silence(self, t: float) -> Reply:
        return Reply()

    def know(self, earlier: Sequence[PastCall]) -> None:
        pass

    def resume(self, history: Sequence[Entry]) -> Reply:
        return Reply()

    async def take_back(self, history: Sequence[Entry]) -> Reply:
        return Reply()

    def speak(self, language: str) -> None:
        pass

    def rehearse(self) -> None:
        return None

    def acknowledge(self) -> Reply:
        return Reply()

    async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
        return await self._grasps(words, others) if self._grasps and not self._collecting else 0.0

    def notes(self) -> tuple[str, ...]:
        return ()

    @property
    def acted(self) -> bool:
        return True

    def perform(self) -> None:
        pass


class Content:
    """Sees no reason for a person, ever."""

    def observe(self, event: AnyEvent, t: float) -> Trigger | None:
        return None

    def asks(self, words: str, language: str) -> str | None:
        return None

    def know(self, earlier: Sequence[PastCall]) -> None:
        pass

    def resume(self, history: Iterable[Entry]) -> tuple[Trigger, ...]:
        return ()


class Mute:
    """Has nothing to say."""

    async def speech(self, text: str, language: str, due: Due) -> Speech:
        return at_once(await self.audio(text, language))

    async def audio(self, text: str, language: str) -> NDArray[np.int16]:
        return np.zeros(0, np.int16)


class Ears:
    """The models all calls share, and a pipeline for each.

    Args:
        settings: the worker's.
        line: what it can serve shortens the wait for the end of a turn; None: nothing does.
        engine: other ears' speech engine, to be shared; None: one of their own.
    """

    def __init__(
        self, settings: VoiceSettings, line: TextLine | None = None, *, engine: SpeechEngine | None = None
    ) -> None:
        logs.to_stderr("WARNING")
        self._settings = settings
        self._line = line
        self.engine = engine or SpeechEngine(whisper_weights(settings), threads=settings.speech_threads)
        self.smart_turn = SmartTurn()
        self.collecting: Collecting | None = None

    def pipeline(self, playbook: str, send: Callable[[str], Awaitable[None]]) -> CallPipeline:
        """Return a pipeline for one call."""
        collecting = self.collecting
        return CallPipeline(
            send=send,
            engine=self.engine,
            activity=SileroVad,
            prompts=Mute(),
            cast=Cast(
                bot=lambda _call, language, _caller: Listener(collecting, self._grasps(language)),
                triggers=Content,
                meter=lambda: None,
                language=lambda named: named,
                over=lambda: None,
            ),
            turn_taking=self._settings.turn_taking,
            patience=self._settings.patience,
            sounds_finished=self.smart_turn.finished,
            clock=LoopClock(),
            load=Load(partials=self._settings.partials),
        )

    def _grasps(self, language: str) -> Grasps | None:
        """Return what a bot of the line, asked nothing yet, makes of words; None where there is no line."""
        line = self._line
        if line is None:
            return None
        spoken = line.playbook.language_or_default(language)

        async def grasps(words: str, _others: Sequence[str]) -> float:
            intents = line.understanding.read(words, spoken)
            return grasped(words, intents, line.playbook, spoken, LoopClock().utc().date())

        return grasps

    def close(self) -> None:
        """End the threads of the models."""
        self.engine.close()
        self.smart_turn.close()
