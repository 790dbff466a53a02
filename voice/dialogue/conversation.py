"""The conversation: what the caller says goes to the bot, what the bot answers goes to the mouth.

It enters everything that happens on the call into the journal, in one order, watches for a reason to hand
over, and falls silent as soon as a person is wanted.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from loguru import logger
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    CancelFrame,
    EndFrame,
    Frame,
    InputDTMFFrame,
    InterruptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.dialogue.account import Account
from voice.dialogue.answering import REPLY, Answering
from voice.dialogue.briefing import Briefing
from voice.dialogue.cast import Answers, Cast
from voice.dialogue.feeling import Feeling
from voice.dialogue.opening import GIVEN_BACK, WITH_PEOPLE, switchboards_reason
from voice.emotion.speech import CallerSpeech
from voice.frames import (
    CallStartFrame,
    CallTime,
    ExpectFrame,
    GuessFrame,
    HangUpFrame,
    JournalFrame,
    LanguageFrame,
    PauseFrame,
    SentenceFrame,
    SpeakingFrame,
    StateFrame,
    TakeoverFrame,
    TurnFrame,
    VoiceFailedFrame,
)
from voice.journal.events import (
    AnyEvent,
    CallState,
    Heard,
    Trigger,
    Triggered,
    TriggerKind,
)
from voice.journal.link import StateMessage
from voice.latency import TurnTimes
from voice.owned_tasks import OwnedTasks
from voice.speaking.mouth import Renders
from voice.timer import Timer

if TYPE_CHECKING:
    from voice.dialogue.reply import Reply

GREETING_DELAY = 0.25
"""Seconds given to the switchboard to say that this is a call under way; a plain carrier never does."""
SILENCE = 7.0
"""Seconds without a word from the caller or the bot after which the bot asks again."""
LEARNING = 2.0
"""Longest a call may take to teach its line something, once it is over, in seconds."""


class Conversation(FrameProcessor):
    """Leads one call between the ear and the mouth.

    Args:
        cast: makes the bot and those who watch it.
        prompts: renders the spoken brief.
    """

    def __init__(self, cast: Cast, prompts: Renders) -> None:
        super().__init__()
        self._cast = cast
        self._prompts = prompts
        self._language = ""
        self._time: CallTime | None = None
        self._state = CallState.WITH_BOT
        self._greeted = False
        self._handing_over = False
        self._bot_speaking = False
        self._caller_speaking = False
        self._closing = False
        self._tasks = OwnedTasks()
        self._timer = Timer(self._tasks)
        self._briefing = Briefing(cast.brief, prompts, self.push_frame, self._tasks)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Lead the call by what the ear, the mouth and the switchboard report; let everything else pass."""
        await super().process_frame(frame, direction)
        match frame:
            case TurnFrame():
                await self._turn(frame)
            case JournalFrame() if not frame.n:
                await self._enter(frame.event, frame.t)
                await self._act()
            case VoiceFailedFrame():
                await self._bot_failed(f"could not speak: {frame.why}")
            case LanguageFrame():
                self._language = frame.language
                self._answering.speak(frame.language)
            case InputDTMFFrame():
                self._await_caller()
            case _:
                await self._note(frame)
                await self.push_frame(frame, direction)

    async def _note(self, frame: Frame) -> None:
        match frame:
            case CallStartFrame():
                self._begin(frame)
            case StateFrame():
                await self._state_told(frame.message)
            case BotStartedSpeakingFrame():
                self._bot_speaking = True
                self._timer.stop()
            case BotStoppedSpeakingFrame():
                self._bot_speaking = False
                self._await_caller()
            case PauseFrame() if self._time is not None:
                self._feeling.begin(frame.speech)
            case SpeakingFrame() if self._time is not None:
                self._tasks.begin(self._feel_so_far(frame.speech))
            case GuessFrame() if self._bot_may_speak and not self._bot_speaking and self._time is not None:
                self._answering.prepare(frame.heard.text, self._time.now())
            case UserStartedSpeakingFrame():
                self._caller_speaking = True
                self._timer.stop()
                self._drop_preparations()
            case UserStoppedSpeakingFrame():
                self._caller_speaking = False
            case InterruptionFrame():
                self._closing = False
            case EndFrame():
                await self._tasks.close()
                await self._learn()
            case CancelFrame():
                await self._tasks.close()

    @property
    def _bot(self) -> Answers:
        return self._answering.bot

    @property
    def _bot_may_speak(self) -> bool:
        return self._state is CallState.WITH_BOT and not self._handing_over and not self._closing

    def _begin(self, start: CallStartFrame) -> None:
        self._time = start.time
        self._language = start.language
        bot = self._cast.bot(start.language, start.caller)
        self._answering = Answering(bot, self._prompts, start.language, self._tasks)
        self._account = Account(start, self._cast.triggers())
        self._feeling = Feeling(self._cast.meter(), self._tasks)
        self._timer.start(GREETING_DELAY, self._greet)

    async def _greet(self) -> None:
        if not self._greeted:
            self._greeted = True
            await self._speak(self._bot.greeting())

    async def _state_told(self, message: StateMessage) -> None:
        if self._time is None:
            return
        before, self._state = self._state, message.state
        first = not self._greeted
        self._greeted = True
        self._timer.stop()
        if message.earlier and first:
            self._bot.know(message.earlier)
            self._account.know(message.earlier)
        given_back = message.cause == GIVEN_BACK and not first
        if given_back:
            self._account.given_back(message.history)
        elif message.history:
            self._account.resume(message.history)
        if before is not message.state:
            self._account.moved(before, message)
        if message.state is CallState.WITH_BOT:
            self._handing_over = False
            self._account.reasons.clear()
            if given_back:
                await self._take_back(message)
            elif first:
                await self._speak(
                    self._bot.resume(message.history) if message.history else self._bot.greeting()
                )
            else:
                self._await_caller()
        elif message.state is CallState.WAITING and (not self._handing_over or before in WITH_PEOPLE):
            self._handing_over = True
            self._account.reasons += switchboards_reason(message)
            self._briefing.write(self._account, self._language)

    async def _take_back(self, message: StateMessage) -> None:
        try:
            async with asyncio.timeout(REPLY):
                await self._speak(await self._bot.take_back(message.history))
        except Exception as error:
            logger.exception("The bot could not take the call back.")
            await self._bot_failed(f"could not take the call back: {type(error).__name__}")

    async def _turn(self, turn: TurnFrame) -> None:
        if turn.failure:
            await self._bot_failed(turn.failure)
        elif turn.heard is not None and self._time is not None:
            await self._enter(turn.heard, now := self._time.now())
            if turn.heard.who == "caller":
                await self._act()
                answered = self._bot_may_speak and not turn.over_bot
                if answered:
                    self._answering.prepare(turn.heard.text, now)
                await self._feel(turn.heard, turn.speech)
                await self._act()
                if answered:
                    await self._answer(turn.heard, TurnTimes(turn.heard.end, turn.over, turn.words, 0.0))
        self._drop_preparations()
        self._await_caller()

    async def _feel(self, heard: Heard, speech: CallerSpeech | None) -> None:
        if speech is not None and self._time is not None:
            felt = await self._feeling.felt(heard, speech)
            if felt is not None:
                await self._enter(felt, self._time.now())

    async def _feel_so_far(self, speech: CallerSpeech) -> None:
        felt = await self._feeling.so_far(speech)
        if felt is not None and self._caller_speaking and self._time is not None:
            await self._enter(felt, self._time.now())
            await self._act()

    async def _answer(self, heard: Heard, times: TurnTimes) -> None:
        if not self._bot_may_speak or self._time is None:
            return
        answers: TurnTimes | None = times
        parts = self._answering.answer(heard.text, self._time.now())
        try:
            async with asyncio.timeout(REPLY), aclosing(parts):
                async for part in parts:
                    if not self._bot_may_speak:
                        return
                    await self._speak(part, answers=answers and replace(answers, reply=self._time.now()))
                    answers = None if part.sentences else answers
        except TimeoutError:
            await self._bot_failed(f"no answer within {REPLY:.0f} seconds")
        except Exception as error:
            logger.exception("The bot could not answer.")
            await self._bot_failed(f"could not answer: {type(error).__name__}")

    async def _speak(self, reply: Reply, answers: TurnTimes | None = None) -> None:
        """Enter what the bot did and say its sentences; the takeover they may announce follows them."""
        if self._time is None:
            return
        for event in reply.events:
            await self._enter(event, self._time.now())
        await self.push_frame(ExpectFrame(reply.expects), FrameDirection.UPSTREAM)
        for place, sentence in enumerate(reply.sentences):
            await self.push_frame(SentenceFrame(sentence, self._language, None if place else answers))
        await self._act()
        if reply.hang_up and not self._handing_over:
            self._closing = True
            await self.push_frame(HangUpFrame("the bot has said goodbye"))
        if not reply.sentences:
            self._await_caller()

    async def _silence(self) -> None:
        if self._time is not None and self._bot_may_speak:
            await self._speak(self._bot.silence(self._time.now()))

    async def _bot_failed(self, why: str) -> None:
        logger.warning("The bot failed: {}", why)
        if self._time is not None:
            self._account.failed(Trigger(kind=TriggerKind.BOT_FAILED, evidence=why, t=self._time.now()))
            await self._act()

    async def _enter(self, event: AnyEvent, t: float) -> None:
        """Put an event into the journal and weigh it."""
        if self._time is not None:
            self._feeling.observe(event)
            await self.push_frame(self._account.enter(event, t))

    async def _act(self) -> None:
        """Hand over if there is a reason, once; what comes up while an agent talks is theirs to judge."""
        fired = self._account.fired() if self._time is not None else []
        if self._state in WITH_PEOPLE:
            return
        for trigger in fired:
            await self._enter(Triggered(trigger=trigger), trigger.t)
        if not fired or not self._bot_may_speak:
            return
        self._handing_over = True
        self._account.reasons += fired
        self._timer.stop()
        brief = self._briefing.now(self._account, self._language)
        await self.push_frame(TakeoverFrame(triggers=tuple(fired), brief=brief))
        self._briefing.write(self._account, self._language, brief)

    def _await_caller(self) -> None:
        """Expect the caller to say something, from now."""
        self._timer.stop()
        if self._bot_may_speak and self._greeted and not self._bot_speaking and not self._caller_speaking:
            self._timer.start(SILENCE, self._silence)

    async def _learn(self) -> None:
        try:
            async with asyncio.timeout(LEARNING):
                learnt = await asyncio.to_thread(self._cast.over)
        except Exception as error:
            logger.warning("Nothing was learnt from a call: {}", error)
            return
        if learnt is not None and self._time is not None:
            await self._enter(learnt, self._time.now())

    def _drop_preparations(self) -> None:
        if self._time is not None:
            self._answering.drop()
            self._feeling.drop()
