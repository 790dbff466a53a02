"""The ear: the tracks of a call become turns of words, and the bot is stopped when the caller talks over it.

Times are the stream's own, counted in samples, so that a late packet or a busy machine moves no word.
Decoding begins when speech pauses; how long the pause may last depends on what was said so far.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import msgspec
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.frames import (
    AgentAudioFrame,
    BareAnswerFrame,
    BotAudioFrame,
    CallStartFrame,
    CallTime,
    ExpectFrame,
    GuessFrame,
    LanguageFrame,
    PartialFrame,
    PauseFrame,
    SpeakingFrame,
    StateFrame,
    TurnFrame,
)
from voice.hearing.audio_watch import AudioWatch, StalledFrame
from voice.hearing.floor import Floor
from voice.hearing.guesses import EndedTurn, Guesses
from voice.hearing.listening import Guess, Listening, callers
from voice.hearing.own_level import OwnLevel
from voice.hearing.partials import Partials
from voice.hearing.segments import (
    SegmentEvent,
    SpeechStarted,
    SpeechStopped,
    TurnDue,
    TurnEnded,
    TurnTaking,
)
from voice.hearing.track import Track, VoiceActivity
from voice.hearing.whispering import Whispering
from voice.hearing.windows import RATE
from voice.journal.events import CallState, Heard, Party
from voice.owned_tasks import OwnedTasks

LAST_WORDS = 6.0
"""Longest wait in seconds for words that were being spoken when the call ended."""
BOT_ANSWERS = frozenset({CallState.WITH_BOT, CallState.WAITING, CallState.OFFERED})
"""Where a call stands while the bot may answer its caller."""
GAP = 0.5
"""A track this many seconds behind the caller's has been paused; its time starts anew."""
WENT_ON = 0.8
"""Seconds after a turn within which speech goes on with it; an answer to what the bot says comes later."""
BACKLOG = 32
"""Turns waiting for their words; beyond that new ones are reported as not heard."""


class Ear(FrameProcessor):
    """Hears both tracks of one call.

    Args:
        listening: makes words of turns and knows how long pauses may last.
        activity: makes a voice-activity model for one track.
        turn_taking: when speech starts, pauses and ends.
    """

    def __init__(
        self,
        listening: Listening,
        activity: Callable[[], VoiceActivity],
        turn_taking: TurnTaking,
    ) -> None:
        super().__init__()
        self._listening = listening
        self._activity = activity
        self._turn_taking = turn_taking
        self.received = 0.0
        """Seconds of the caller's audio taken in so far."""
        self._caller: Track | None = None
        self._agent: Track | None = None
        self._tasks = OwnedTasks()
        self._time: CallTime | None = None
        self._guesses = Guesses(listening, self._tasks, self._tell_guess)
        self._partials = Partials(listening, self._tasks, self._tell_partial)
        self._whispering = Whispering(listening, self._tasks, self._whispered)
        self._watch = AudioWatch(self._tasks, lambda: self.received, self.queue_frame)
        self._waiting = 0
        self._floor = Floor()
        self._bot_answers = True
        self._over = -math.inf
        """Second of the call at which the caller's last turn was taken for over."""
        self._noted = -math.inf
        """Second at which the turn began that was noted last: once is enough."""
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
            case BotAudioFrame():
                self._floor.bot_plays(frame.samples, frame.start)
            case ExpectFrame():
                self._listening.expected, self._listening.collecting = frame.expected, frame.collecting
                if self._caller is not None:
                    self._caller.judge_after(self._listening.due)
            case EndedTurn():
                await self._finish(frame)
            case StalledFrame() if self.received <= frame.received:
                await self._flush_caller()
            case EndFrame() if await self._last_words():
                await self.queue_frame(frame, direction)  # to come round again behind the words it waits for
            case _:
                await self._note(frame)
                await self.push_frame(frame, direction)

    async def _note(self, frame: Frame) -> None:
        match frame:
            case CallStartFrame():
                self._time = frame.time
                self._listening.begin(frame.language)
                own_level = OwnLevel(self._turn_taking.background)
                self._caller = Track(self._activity(), self._turn_taking, frame.t0, own_level)
            case StateFrame():
                self._bot_answers = frame.message.state in BOT_ANSWERS
                if frame.message.state is not CallState.BRIDGED:
                    await self._close_agent()
            case BotStartedSpeakingFrame():
                self._floor.bot_started(self._now)
            case BotStoppedSpeakingFrame():
                self._floor.bot_stopped()
            case EndFrame() | CancelFrame():
                if self._time is not None:
                    self._time = None
                    self._listening.end()
                await self._tasks.close()

    @property
    def _now(self) -> float:
        """Second of the call up to which the caller has been heard."""
        return self._caller.now if self._caller else 0.0

    async def _hear_caller(self, pcm: bytes) -> None:
        if self._caller is None:
            return
        if self._floor.bot_talks or (self._agent is not None and self._agent.speaking):
            self._caller.somebody_spoke()
        for event in self._caller.feed(pcm):
            await self._segment("caller", self._caller, event)
        if self._floor.taken_by(self._caller):
            await self.push_frame(InterruptionFrame())
        if shown := self._caller.so_far():
            so_far = callers("caller", shown[1], shown[0], self._caller.now)
            if so_far is not None:
                await self.push_frame(SpeakingFrame(so_far))
        if not self._floor.bot_talks:
            self._partials.look(self._caller)
            if not self._caller.turn_open:
                self._whispering.look(self._caller.hush, self._caller.now)

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
                self._guesses.drop(who)
                if who == "caller":
                    self._floor.caller_started(event.start)
                    self._partials.speech_started(event.start)
                    self._watch.start()
                    await self.push_frame(UserStartedSpeakingFrame())
            case SpeechStopped():
                guess = self._guesses.begin(who, track, event)
                if speech := guess.speech():
                    self._partials.paused()
                    await self.push_frame(PauseFrame(speech))
            case TurnDue():
                for ended in track.allow(await self._allowed(who)):
                    await self._segment(who, track, ended)
            case TurnEnded():
                await self._end_turn(who, track, event)

    async def _allowed(self, who: Party) -> float:
        """Return how long the pause just now may last; it is judged where the bot waits to answer."""
        guess = self._guesses.of(who)
        if guess is None or who != "caller" or self._floor.bot_talks or not self._bot_answers:
            return self._listening.patience.unjudged
        verdict = await self._listening.judge(guess)
        if verdict.noted and guess.start != self._noted:
            self._noted = guess.start
            await self.push_frame(BareAnswerFrame())
        long = verdict.pause >= self._listening.patience.number
        if long and isinstance(heard := await guess.heard(), Heard):
            await self._tell_partial(heard)
        return verdict.pause

    async def _tell_partial(self, heard: Heard) -> None:
        await self.push_frame(PartialFrame(msgspec.structs.replace(heard, final=False)))

    async def _end_turn(self, who: Party, track: Track, event: TurnEnded) -> None:
        if who == "caller":
            self._watch.stop()
            self._partials.turn_ended()
            await self.push_frame(UserStoppedSpeakingFrame())
        if self._waiting >= BACKLOG:
            self._guesses.drop(who)
            await self.push_frame(TurnFrame(None, failure="too many turns were waiting to be transcribed"))
            return
        guess = self._guesses.ended(who, track, event)
        if who == "caller" and self._floor.echoes(guess.samples, event.end):
            guess.words.cancel()
            await self.push_frame(TurnFrame(None))
            return
        over_bot = who == "caller" and self._floor.came_and_went(event.start)
        went_on = who == "caller" and not over_bot and event.start - self._over <= WENT_ON
        if who == "caller":
            self._over = -math.inf if event.capped else event.t
        self._waiting += 1
        over = self._time.now() if self._time else event.t
        await self.queue_frame(EndedTurn(guess=guess, over=over, over_bot=over_bot, went_on=went_on))

    async def _whispered(self, guess: Guess) -> None:
        if self._caller is not None and not self._caller.turn_open:
            self._waiting += 1
            ended = EndedTurn(guess=guess, over=self._now, over_bot=False, went_on=False, whispered=True)
            await self.queue_frame(ended)

    async def _tell_guess(self, heard: Heard) -> None:
        await self.push_frame(GuessFrame(heard))

    async def _finish(self, clip: EndedTurn) -> None:
        self._waiting -= 1
        try:
            async with asyncio.timeout_at(self._deadline):
                heard = await clip.guess.heard()
        except TimeoutError:
            heard = "the call ended before the words were ready"
        if isinstance(heard, str):
            await self.push_frame(TurnFrame(None, failure=heard))
            return
        now = self._time.now() if self._time else clip.over
        speech, language = clip.guess.speech(), self._listening.language
        aloud = not (clip.over_bot or clip.whispered)
        if speech and heard and self._caller is not None and aloud:
            self._caller.learn(speech.samples)
        if speech and heard and language.heard(heard.language, speech.end - speech.start):
            await self.push_frame(LanguageFrame(language.now))
        await self.push_frame(
            TurnFrame(heard, speech, over_bot=clip.over_bot, went_on=clip.went_on, over=clip.over, words=now)
        )

    async def _flush_caller(self) -> None:
        if self._caller is not None:
            for event in self._caller.flush():
                await self._segment("caller", self._caller, event)

    async def _last_words(self) -> bool:
        """Have what was being said when the audio ended transcribed too; return whether words are awaited."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + LAST_WORDS
        await self._flush_caller()
        self._caller = None
        await self._close_agent()
        return self._waiting > 0
