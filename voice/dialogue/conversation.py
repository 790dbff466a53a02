"""The conversation: what the caller says goes to the bot, what the bot answers goes to the mouth.

It enters everything that happens on the call into the journal, in one order, watches for a reason to hand
over, and falls silent as soon as a person is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
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
from voice.dialogue.agent_assist import AgentHelp
from voice.dialogue.answering import Answering
from voice.dialogue.briefing import Briefing
from voice.dialogue.cast import Cast
from voice.dialogue.feeling import Feeling
from voice.dialogue.guarded import guarded
from voice.dialogue.handing_over import HandingOver
from voice.dialogue.meanwhile import IN_LINE, helpful, wish_in
from voice.dialogue.opening import GIVEN_BACK, WITH_PEOPLE, lacks_brief
from voice.emotion.speech import CallerSpeech
from voice.frames import (
    AsideFrame,
    BareAnswerFrame,
    CallStartFrame,
    CallTime,
    ExpectFrame,
    GuessFrame,
    HangUpFrame,
    JournalFrame,
    LanguageFrame,
    PartialFrame,
    PauseFrame,
    SentenceFrame,
    SpeakingFrame,
    StateFrame,
    TurnFrame,
    VoiceFailedFrame,
    WishFrame,
)
from voice.journal.events import AnyEvent, CallState, Heard, Trigger, TriggerKind, WentOn
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
        self._begun = False
        self._time: CallTime
        self._state = CallState.WITH_BOT
        self._greeted = False
        self._bot_speaking = False
        self._caller_speaking = False
        self._closing = False
        self._tasks = OwnedTasks()
        self._timer = Timer(self._tasks)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Lead the call by what the ear, the mouth and the switchboard report; let everything else pass."""
        await super().process_frame(frame, direction)
        if isinstance(frame, CallStartFrame):
            self._begin(frame)
        match frame:
            case _ if not self._begun:
                await self.push_frame(frame, direction)
            case TurnFrame():
                await self._turn(frame)
            case JournalFrame() if not frame.n:
                await self._enter(frame.event, frame.t)
                await self._act()
            case SpeakingFrame():
                self._tasks.begin(self._feel_so_far(frame.speech))
            case VoiceFailedFrame():
                await self._bot_failed(f"could not speak: {frame.why}")
            case LanguageFrame():
                self._language = self._handing_over.language = frame.language
                self._answering.speak(frame.language)
            case InputDTMFFrame():
                self._await_caller()
            case BareAnswerFrame():
                if self._bot_may_speak and not self._bot_speaking:
                    await self._say(self._answering.note())
            case _:
                await self._note(frame)
                await self.push_frame(frame, direction)

    async def _note(self, frame: Frame) -> None:
        match frame:
            case StateFrame():
                await self._state_told(frame.message)
            case BotStartedSpeakingFrame():
                self._bot_speaking = True
                self._timer.stop()
            case BotStoppedSpeakingFrame():
                self._bot_speaking = False
                self._await_caller()
            case PauseFrame():
                self._feeling.begin(frame.speech)
            case GuessFrame():
                await self._guessed(frame.heard)
            case PartialFrame():
                await self._partly_heard(frame.heard)
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
                if learnt := await self._cast.learnt():
                    await self._enter(learnt, self._time.now())
            case CancelFrame():
                await self._tasks.close()

    @property
    def _bot_may_speak(self) -> bool:
        return self._state is CallState.WITH_BOT and not self._handing_over.under_way and not self._closing

    async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
        """Return how surely a turn that may not be over can be answered at once, 0..1."""
        if not self._begun or not self._bot_may_speak:
            return 0.0
        return await self._answering.bot.grasps(words, others)

    def _begin(self, start: CallStartFrame) -> None:
        self._begun, self._time = True, start.time
        self._language = start.language
        bot = self._cast.bot(start.call, start.language, start.caller)
        self._answering = Answering(bot, self._prompts, start.language, self._tasks)
        self._account = Account(start, self._cast.triggers())
        self._help = AgentHelp(self._cast, start, self._enter, self._tasks)
        self._feeling = Feeling(self._cast.meter(), self._tasks)
        briefing = Briefing(self._cast.brief, self._prompts, self.push_frame, self._tasks)
        self._handing_over = HandingOver(self._account, briefing, self.push_frame, start.language)
        self._timer.start(GREETING_DELAY, self._greet)

    async def _greet(self) -> None:
        if not self._greeted:
            self._greeted = True
            await self._speak(self._answering.bot.greeting())

    async def _state_told(self, message: StateMessage) -> None:
        before, self._state = self._state, message.state
        first = not self._greeted
        self._greeted = True
        self._timer.stop()
        if message.earlier and first:
            self._answering.bot.know(message.earlier)
            self._account.know(message.earlier)
        given_back = message.cause == GIVEN_BACK and not first
        if message.history:
            (self._account.resume if first else self._account.given_back)(message.history)
        if before is not message.state:
            self._account.moved(before, message)
        if message.state is CallState.WITH_BOT:
            self._handing_over.given_back()
            if given_back:
                async with guarded("take the call back", self._bot_failed):
                    await self._speak(await self._answering.bot.take_back(message.history))
            elif first:
                bot = self._answering.bot
                await self._speak(bot.resume(message.history) if message.history else bot.greeting())
            else:
                self._await_caller()
        elif message.state is CallState.BRIDGED:
            # What the bot asked last is not what the caller answers a person.
            await self.push_frame(ExpectFrame(None, None), FrameDirection.UPSTREAM)
        if message.state is CallState.WAITING or (first and lacks_brief(message)):
            self._handing_over.waiting(message, again=before in WITH_PEOPLE)

    async def _guessed(self, heard: Heard) -> None:
        """Prepare to answer what may be a whole turn; whoever asks for a person has said enough already.

        An agent has help with it at once: nobody waits there to see whether the caller goes on.
        """
        if self._state is CallState.BRIDGED:
            await self._enter(msgspec.structs.replace(heard, final=False), self._time.now())
            self._help.heard(heard, self._account.last, self._state)
        if not self._bot_may_speak or self._bot_speaking:
            return
        if self._account.asks(heard):
            await self._partly_heard(msgspec.structs.replace(heard, final=False))
        else:
            self._answering.prepare(heard.text, self._time.now(), heard.others)

    async def _partly_heard(self, heard: Heard) -> None:
        """Enter what was said so far; where that leads to a person, the brief waits for the rest of it."""
        await self._enter(heard, self._time.now())
        await self._act(early=True)

    async def _turn(self, turn: TurnFrame) -> None:
        if turn.failure:
            await self._bot_failed(turn.failure)
        elif turn.heard is not None:
            await self._enter(turn.heard, now := self._time.now())
            if turn.heard.who == "caller":
                self._help.heard(turn.heard, self._account.last, self._state)
                await self._act()
                self._handing_over.all_heard()
                answered = self._bot_may_speak and not turn.over_bot
                heard = await self._whole(turn.heard) if answered and turn.went_on else turn.heard
                if answered:
                    self._answering.prepare(heard.text, now, heard.others)
                if turn.speech and (felt := await self._feeling.felt(turn.heard, turn.speech)):
                    await self._enter(felt, self._time.now())
                await self._act()
                if self._state in IN_LINE and not turn.over_bot:
                    await self._meanwhile(turn.heard, now)
                if answered:
                    await self._answer(heard, TurnTimes(turn.heard.end, turn.over, turn.words, 0.0))
        self._drop_preparations()
        self._await_caller()

    async def _whole(self, rest: Heard) -> Heard:
        """Return a turn that was taken for over too soon as one with its rest; it was not answered."""
        begun = self._answering.take_back()
        if begun is None:
            return rest
        whole = f"{begun} {rest.text}"
        await self._enter(WentOn(text=whole), self._time.now())
        return msgspec.structs.replace(rest, text=whole, others=())

    async def _answer(self, heard: Heard, times: TurnTimes) -> None:
        if not self._bot_may_speak:
            return
        answers: TurnTimes | None = times
        parts = self._answering.answer(heard.text, self._time.now(), heard.others)
        async with guarded("answer", self._bot_failed), aclosing(parts):
            async for part in parts:
                if not self._bot_may_speak:
                    return
                await self._speak(part, answers=answers and replace(answers, reply=self._time.now()))
                answers = None if part.sentences else answers

    async def _meanwhile(self, heard: Heard, now: float) -> None:
        """Answer a caller who waits for a person what can be answered, and pass on what they wish."""
        if (wish := wish_in(heard.text, self._language)) is not None:
            await self.push_frame(WishFrame(wish))
            return
        async for part in helpful(self._answering.answer(heard.text, now, heard.others)):
            if self._state in IN_LINE:
                await self.push_frame(AsideFrame())
                await self._speak(part)

    async def _speak(self, reply: Reply, answers: TurnTimes | None = None) -> None:
        """Enter what the bot did and say its sentences; the takeover they may announce follows them."""
        for event in reply.events:
            await self._enter(event, self._time.now())
        await self.push_frame(ExpectFrame(reply.expects, reply.collects), FrameDirection.UPSTREAM)
        await self._say(reply, answers)
        await self._act()
        if reply.hang_up and not self._handing_over.under_way:
            self._closing = True
            await self.push_frame(HangUpFrame("the bot has said goodbye"))
        if not reply.sentences:
            self._await_caller()

    async def _say(self, reply: Reply, answers: TurnTimes | None = None) -> None:
        for place, sentence in enumerate(reply.sentences):
            await self.push_frame(SentenceFrame(sentence, self._language, None if place else answers))

    async def _silence(self) -> None:
        if self._bot_may_speak:
            await self._speak(self._answering.bot.silence(self._time.now()))

    async def _bot_failed(self, why: str) -> None:
        logger.warning("The bot failed: {}", why)
        self._account.failed(Trigger(kind=TriggerKind.BOT_FAILED, evidence=why, t=self._time.now()))
        await self._act()

    async def _feel_so_far(self, speech: CallerSpeech) -> None:
        felt = await self._feeling.so_far(speech)
        if felt is not None and self._caller_speaking and self._time is not None:
            await self._enter(felt, self._time.now())
            await self._act()

    async def _enter(self, event: AnyEvent, t: float) -> None:
        """Put an event into the journal and weigh it."""
        self._feeling.observe(event)
        await self.push_frame(self._account.enter(event, t))

    async def _act(self, *, early: bool = False) -> None:
        """Hand over if there is a reason; what comes up while an agent talks is theirs to judge."""
        if self._state in WITH_PEOPLE:
            self._account.fired()
            return
        await self._handing_over.act(may=self._bot_may_speak, early=early)
        if self._handing_over.under_way:
            self._timer.stop()

    def _await_caller(self) -> None:
        """Expect the caller to say something, from now."""
        self._timer.stop()
        if self._bot_may_speak and self._greeted and not self._bot_speaking and not self._caller_speaking:
            self._timer.start(SILENCE, self._silence)

    def _drop_preparations(self) -> None:
        self._answering.drop()
        self._feeling.drop()
