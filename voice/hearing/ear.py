"""The ear: the tracks of a call become turns of words, and the bot is stopped when the caller talks over it.

Times are the stream's own, counted in samples, so that a late packet or a busy machine moves no word.
Decoding begins when speech pauses; if the turn ends there, its words are ready or nearly so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    CancelFrame,
    DataFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.emotion.speech import CallerSpeech
from voice.frames import (
    AgentAudioFrame,
    CallStartFrame,
    CallTime,
    ExpectFrame,
    GuessFrame,
    LanguageFrame,
    PauseFrame,
    SpeakingFrame,
    StateFrame,
    TurnFrame,
)
from voice.hearing.expected import Expected
from voice.hearing.heard import heard_of
from voice.hearing.languages import CallLanguage
from voice.hearing.recogniser import Transcribes
from voice.hearing.segments import SegmentEvent, SpeechStarted, SpeechStopped, TurnEnded, TurnTaking
from voice.hearing.track import RATE, Track, VoiceActivity
from voice.hearing.waiting import Urgency
from voice.journal.events import CallState, Heard, Party
from voice.owned_tasks import OwnedTasks

if TYPE_CHECKING:
    from voice.hearing.engine import Transcript

BARGE_IN = 0.3
"""Seconds of speech over the bot after which it stops; a cough or "mm-hm" is shorter."""
PATIENCE = 10.0
"""Longest wait in seconds for the words of a turn."""
LAST_WORDS = 3.0
"""Longest wait in seconds for words that were being spoken when the call ended."""
GAP = 0.5
"""A track this many seconds behind the caller's has been paused; its time starts anew."""
BACKLOG = 32
"""Turns waiting for their words; beyond that new ones are reported as not heard."""


@dataclass(frozen=True)
class _Guess:
    """A turn as far as it went up to a pause, being decoded on the chance that it ends there."""

    samples: NDArray[np.float32]
    begin: float
    """Second of the call at which the samples begin; the speech in them does at `start`."""
    start: float
    end: float
    words: asyncio.Task[Transcript | str]

    @property
    def failed(self) -> bool:
        """Whether it was given up, because others were more urgent."""
        return self.words.done() and not self.words.cancelled() and isinstance(self.words.result(), str)

    def speech(self, who: Party) -> CallerSpeech | None:
        """Return the caller's voice; None for the agent, whose voice is never analysed."""
        return _callers(who, self.samples, self.start, self.end)

    def heard(self, who: Party, words: Transcript) -> Heard | None:
        """Return what was said; None where there were no words."""
        return heard_of(who, words, begin=self.begin, start=self.start, end=self.end)


@dataclass
class _Clip(DataFrame):
    """A finished turn, in its place among the others, waiting for its words."""

    interruptible: bool = field(default=False, init=False)

    who: Party
    guess: _Guess
    over: float
    over_bot: bool


class Ear(FrameProcessor):
    """Hears both tracks of one call.

    Args:
        engine: the process's speech engine.
        activity: makes a voice-activity model for one track.
        turn_taking: when speech starts, pauses and ends.
        languages: those a caller may speak; others are not listened for.
    """

    def __init__(
        self,
        engine: Transcribes,
        activity: Callable[[], VoiceActivity],
        turn_taking: TurnTaking,
        languages: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._engine = engine
        self._activity = activity
        self._turn_taking = turn_taking
        self._languages = languages
        self._language = CallLanguage("")
        self._expected: Expected | None = None
        self.received = 0.0
        """Seconds of the caller's audio taken in so far."""
        self._caller: Track | None = None
        self._agent: Track | None = None
        self._tasks = OwnedTasks()
        self._time: CallTime | None = None
        self._guesses: dict[Party, _Guess] = {}
        self._waiting = 0
        self._burst = 0.0
        self._bot_since: float | None = None
        self._stopped_bot = False
        self._deadline: float | None = None
        """The loop's time by which the last words must be there, once the call has ended."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take audio in; let everything else pass."""
        await super().process_frame(frame, direction)
        match frame:
            case InputAudioRawFrame():
                self.received += len(frame.audio) / 2 / RATE
                await self._hear_caller(frame.audio)
            case AgentAudioFrame():
                await self._hear_agent(frame.audio)
            case _Clip():
                await self._finish(frame)
            case ExpectFrame():
                self._expected = frame.expected
            case EndFrame() if await self._last_words():
                await self.queue_frame(frame, direction)  # to come round again behind the words it waits for
            case _:
                await self._note(frame)
                await self.push_frame(frame, direction)

    async def _note(self, frame: Frame) -> None:
        match frame:
            case CallStartFrame():
                others = tuple(language for language in self._languages if language != frame.language)
                self._language, self._time = CallLanguage(frame.language, others), frame.time
                self._caller = Track(self._activity(), self._turn_taking, frame.t0)
            case StateFrame() if frame.message.state is not CallState.BRIDGED:
                await self._close_agent()
            case BotStartedSpeakingFrame():
                self._bot_since = self._now
            case BotStoppedSpeakingFrame():
                self._bot_since = None
            case EndFrame() | CancelFrame():
                await self._tasks.close()

    @property
    def _now(self) -> float:
        """Second of the call up to which the caller has been heard."""
        return self._caller.now if self._caller else 0.0

    async def _hear_caller(self, pcm: bytes) -> None:
        if self._caller is None:
            return
        for event in self._caller.feed(pcm):
            await self._segment("caller", self._caller, event)
        await self._barge_in(self._caller)
        await self._so_far(self._caller)

    async def _so_far(self, caller: Track) -> None:
        """Show a turn that goes on, so that a caller need not stop to be felt with."""
        if shown := caller.so_far():
            start, samples = shown
            speech = _callers("caller", samples, start, caller.now)
            if speech is not None:
                await self.push_frame(SpeakingFrame(speech))

    async def _hear_agent(self, pcm: bytes) -> None:
        if self._agent is not None and self._agent.now < self._now - GAP:
            await self._close_agent()
        if self._agent is None:
            self._agent = Track(self._activity(), self._turn_taking, self._now)
        for event in self._agent.feed(pcm):
            await self._segment("agent", self._agent, event)

    async def _close_agent(self) -> None:
        if self._agent is not None:
            agent, self._agent = self._agent, None
            for event in agent.flush():
                await self._segment("agent", agent, event)

    async def _segment(self, who: Party, track: Track, event: SegmentEvent) -> None:
        match event:
            case SpeechStarted():
                self._drop_guess(who)
                if who == "caller":
                    self._burst, self._stopped_bot = event.start, False
                    await self.push_frame(UserStartedSpeakingFrame())
            case SpeechStopped():
                self._drop_guess(who)
                guess = self._guesses[who] = self._guess(who, track, event)
                if who == "caller":
                    await self._may_be_over(guess)
            case TurnEnded():
                await self._end_turn(who, track, event)

    async def _end_turn(self, who: Party, track: Track, event: TurnEnded) -> None:
        if who == "caller":
            await self.push_frame(UserStoppedSpeakingFrame())
        if self._waiting >= BACKLOG:
            self._drop_guess(who)
            await self.push_frame(TurnFrame(None, failure="too many turns were waiting to be transcribed"))
            return
        guess = self._guesses.pop(who, None)
        if guess is not None and (guess.end != event.end or guess.failed):
            guess.words.cancel()
            guess = None
        if guess is not None:
            self._engine.promote(guess.samples)
        self._waiting += 1
        await self.queue_frame(
            _Clip(
                who=who,
                guess=guess or self._guess(who, track, event),
                over=self._time.now() if self._time else event.t,
                over_bot=who == "caller" and self._came_and_went(event.start),
            )
        )

    def _guess(self, who: Party, track: Track, event: SpeechStopped | TurnEnded) -> _Guess:
        samples, begin = track.clip(event.start, event.end)
        urgency = Urgency.TURN if isinstance(event, TurnEnded) else Urgency.GUESS
        words = self._words(samples, self._expected if who == "caller" else None, urgency)
        return _Guess(samples, begin, event.start, event.end, self._tasks.begin(words))

    async def _may_be_over(self, guess: _Guess) -> None:
        """Let the caller's feelings be measured, and an answer prepared as soon as there are words."""
        speech = guess.speech("caller")
        if speech is not None:
            await self.push_frame(PauseFrame(speech))
        self._tasks.begin(self._tell(guess))

    async def _tell(self, guess: _Guess) -> None:
        words = await asyncio.shield(guess.words)
        heard = None if isinstance(words, str) else guess.heard("caller", words)
        if heard is not None and self._guesses.get("caller") is guess:
            await self.push_frame(GuessFrame(heard))

    def _came_and_went(self, start: float) -> bool:
        """Whether a turn that began at `start` is over and the bot was talking all the while."""
        return self._bot_since is not None and start >= self._bot_since and not self._stopped_bot

    async def _words(
        self, samples: NDArray[np.float32], expected: Expected | None, urgency: Urgency
    ) -> Transcript | str:
        """Return the words, or why there are none."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._engine.transcribe(
                    samples,
                    language=self._language.now,
                    among=self._language.others,
                    expected=expected,
                    urgency=urgency,
                )
        except TimeoutError:
            return f"no words after {PATIENCE:.0f} seconds"
        except Exception as error:
            return f"the speech engine failed: {error}"

    def _drop_guess(self, who: Party) -> None:
        guess = self._guesses.pop(who, None)
        if guess is not None:
            guess.words.cancel()

    async def _finish(self, clip: _Clip) -> None:
        self._waiting -= 1
        try:
            async with asyncio.timeout_at(self._deadline):
                words = await clip.guess.words
        except TimeoutError:
            words = "the call ended before the words were ready"
        if isinstance(words, str):
            await self.push_frame(TurnFrame(None, failure=words))
            return
        now = self._time.now() if self._time else clip.over
        heard, speech = clip.guess.heard(clip.who, words), clip.guess.speech(clip.who)
        seconds = clip.guess.end - clip.guess.start
        if clip.who == "caller" and heard and self._language.heard(words.language, seconds):
            await self.push_frame(LanguageFrame(self._language.now))
        await self.push_frame(TurnFrame(heard, speech, over_bot=clip.over_bot, over=clip.over, words=now))

    async def _barge_in(self, caller: Track) -> None:
        if self._bot_since is None or self._stopped_bot or not caller.speaking:
            return
        if caller.spoken_until - max(self._burst, self._bot_since) >= BARGE_IN:
            self._stopped_bot = True
            await self.push_frame(InterruptionFrame())

    async def _last_words(self) -> bool:
        """Have what was being said when the audio ended transcribed too; return whether words are awaited."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + LAST_WORDS
        if self._caller is not None:
            caller, self._caller = self._caller, None
            for event in caller.flush():
                await self._segment("caller", caller, event)
        await self._close_agent()
        return self._waiting > 0


def _callers(who: Party, samples: NDArray[np.float32], start: float, end: float) -> CallerSpeech | None:
    return CallerSpeech(samples, start, end) if who == "caller" else None
