"""The conversation: what the caller says goes to the bot, what the bot answers goes to the mouth.

It enters everything that happens on the call into the journal, in one order, watches for a reason to hand
over, and falls silent as soon as a person is wanted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
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

from voice.dialogue.cast import Cast
from voice.dialogue.first_entry import first_entry
from voice.emotion.speech import CallerSpeech
from voice.frames import (
    CallStartFrame,
    CallTime,
    HangUpFrame,
    JournalFrame,
    SentenceFrame,
    StateFrame,
    TakeoverFrame,
    TurnFrame,
    VoiceFailedFrame,
)
from voice.journal.events import (
    AnyEvent,
    Brief,
    CallState,
    Entry,
    Heard,
    StateChanged,
    Trigger,
    Triggered,
    TriggerKind,
)
from voice.journal.link import PastCall, StateMessage
from voice.speaking.mouth import Renders
from voice.takeover.reasons import switchboards_reasons
from voice.takeover.telling import told

if TYPE_CHECKING:
    from voice.dialogue.bot import Reply

GREETING_DELAY = 0.25
"""Seconds given to the switchboard to say that this is a call under way; a plain carrier never does."""
SILENCE = 7.0
"""Seconds without a word from the caller or the bot after which the bot asks again."""
REPLY = 8.0
"""Longest the bot may take to answer, in seconds."""
FEELING = 2.0
"""Longest the caller's feelings may take to tell, in seconds."""


GIVEN_BACK = "given_back"
"""Why the bot has the call again: an agent gave it back."""
WITH_PEOPLE = (CallState.BRIDGED, CallState.HELD, CallState.WRAP_UP, CallState.ENDED)
"""An agent has the caller, or nobody has: what comes up then is no reason to hand over."""


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
        self._call = ""
        self._entries: list[Entry] = []
        self._earlier: tuple[PastCall, ...] = ()
        self._n = 0
        self._state = CallState.WITH_BOT
        self._greeted = False
        self._handing_over = False
        self._fired: list[Trigger] = []
        """Reasons that have come up and not been acted on."""
        self._reasons: list[Trigger] = []
        """Every reason of this takeover."""
        self._bot_speaking = False
        self._caller_speaking = False
        self._closing = False
        self._timer: asyncio.Task[None] | None = None
        self._briefing: asyncio.Task[None] | None = None

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
            case InputDTMFFrame():
                await self._await_caller()
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
                await self._stop_waiting()
            case BotStoppedSpeakingFrame():
                self._bot_speaking = False
                await self._await_caller()
            case UserStartedSpeakingFrame():
                self._caller_speaking = True
                await self._stop_waiting()
            case UserStoppedSpeakingFrame():
                self._caller_speaking = False
            case InterruptionFrame():
                self._closing = False
            case EndFrame():
                await self._stop_tasks()
                await self._learn()
            case CancelFrame():
                await self._stop_tasks()

    @property
    def _bot_may_speak(self) -> bool:
        return self._state is CallState.WITH_BOT and not self._handing_over and not self._closing

    def _begin(self, start: CallStartFrame) -> None:
        self._time, self._call = start.time, start.call
        self._language = start.language
        self._bot = self._cast.bot(start.language, start.caller)
        self._triggers = self._cast.triggers()
        self._meter = self._cast.meter()
        self._entries.append(first_entry(start))
        self._wait(GREETING_DELAY, self._greet)

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
        await self._stop_waiting()
        if message.earlier and first:
            self._earlier = message.earlier
            self._bot.know(message.earlier)
            self._triggers.know(message.earlier)
        given_back = message.cause == GIVEN_BACK and not first
        if given_back:
            self._entries = list(message.history)
        elif message.history:
            self._entries = [*message.history, *(entry for entry in self._entries if entry.seq < 0)]
            self._fired += self._triggers.resume(message.history)
        if before is not message.state:
            change = StateChanged(before=before, after=message.state, cause=message.cause)
            self._triggers.observe(change, message.t)
        if message.state is CallState.WITH_BOT:
            self._handing_over = False
            self._reasons.clear()
            if given_back:
                await self._take_back(message)
            elif first:
                await self._speak(
                    self._bot.resume(message.history) if message.history else self._bot.greeting()
                )
            else:
                await self._await_caller()
        elif message.state is CallState.WAITING and (not self._handing_over or before in WITH_PEOPLE):
            self._handing_over = True
            self._reasons += switchboards_reasons(message)
            self._write_brief()

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
            await self._enter(turn.heard, self._time.now())
            if turn.heard.who == "caller":
                await self._act()
                await self._feel(turn.heard, turn.speech)
                await self._act()
                await self._answer(turn.heard, turn.over_bot)
        await self._await_caller()

    async def _feel(self, heard: Heard, speech: CallerSpeech | None) -> None:
        if speech is None or self._time is None:
            return
        feel = self._meter.feel
        try:
            async with asyncio.timeout(FEELING):
                felt = await asyncio.to_thread(feel, speech, heard.text, heard.language, heard.confidence)
        except Exception as error:
            logger.warning("The caller's feelings could not be told: {}", type(error).__name__)
            return
        await self._enter(felt, self._time.now())

    async def _answer(self, heard: Heard, over_bot: bool) -> None:
        if over_bot or not self._bot_may_speak or self._time is None:
            return
        answers: float | None = heard.end
        parts = self._bot.answer(heard.text, self._time.now())
        try:
            async with asyncio.timeout(REPLY), aclosing(parts):
                async for part in parts:
                    if not self._bot_may_speak:
                        return
                    await self._speak(part, answers=answers)
                    answers = None if part.sentences else answers
        except TimeoutError:
            await self._bot_failed(f"no answer within {REPLY:.0f} seconds")
        except Exception as error:
            logger.exception("The bot could not answer.")
            await self._bot_failed(f"could not answer: {type(error).__name__}")

    async def _speak(self, reply: Reply, answers: float | None = None) -> None:
        """Enter what the bot did and say its sentences; the takeover they may announce follows them."""
        if self._time is None:
            return
        for event in reply.events:
            await self._enter(event, self._time.now())
        for place, sentence in enumerate(reply.sentences):
            await self.push_frame(SentenceFrame(sentence, self._language, None if place else answers))
        await self._act()
        if reply.hang_up and not self._handing_over:
            self._closing = True
            await self.push_frame(HangUpFrame("the bot has said goodbye"))
        if not reply.sentences:
            await self._await_caller()

    async def _silence(self) -> None:
        if self._time is not None and self._bot_may_speak:
            await self._speak(self._bot.silence(self._time.now()))

    async def _bot_failed(self, why: str) -> None:
        logger.warning("The bot failed: {}", why)
        if self._time is not None:
            self._fired.append(Trigger(kind=TriggerKind.BOT_FAILED, evidence=why, t=self._time.now()))
            await self._act()

    async def _enter(self, event: AnyEvent, t: float) -> None:
        """Put an event into the journal and weigh it."""
        if self._time is None:
            return
        self._n += 1
        entry = Entry(call=self._call, seq=-self._n, t=t, at=self._time.clock.utc(), event=event)
        self._entries.append(entry)
        await self.push_frame(JournalFrame(event, t, self._n))
        trigger = self._triggers.observe(event, t)
        if trigger is not None:
            self._fired.append(trigger)

    async def _act(self) -> None:
        """Hand over if there is a reason, once; what comes up while an agent talks is theirs to judge."""
        fired, self._fired = self._fired, []
        if self._state in WITH_PEOPLE:
            return
        for trigger in fired:
            await self._enter(Triggered(trigger=trigger), trigger.t)
        if not fired or not self._bot_may_speak:
            return
        self._handing_over = True
        self._reasons += fired
        await self._stop_waiting()
        brief = self._cast.brief.write(self._entries, self._reasons, self._earlier, self._language)
        await self.push_frame(TakeoverFrame(triggers=tuple(fired), brief=brief))
        self._write_brief(brief)

    def _write_brief(self, written: Brief | None = None) -> None:
        if self._briefing is None or self._briefing.done():
            self._briefing = self.create_task(self._brief(written))

    async def _brief(self, written: Brief | None) -> None:
        so_far = (tuple(self._entries), tuple(self._reasons))
        briefs = told(
            self._cast.brief,
            self._prompts,
            *so_far,
            earlier=self._earlier,
            language=self._language,
            written=written,
        )
        async with aclosing(briefs):
            async for frame in briefs:
                await self.push_frame(frame)

    async def _await_caller(self) -> None:
        """Expect the caller to say something, from now."""
        await self._stop_waiting()
        if self._bot_may_speak and self._greeted and not self._bot_speaking and not self._caller_speaking:
            self._wait(SILENCE, self._silence)

    def _wait(self, seconds: float, then: Callable[[], Awaitable[None]]) -> None:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            self._timer = None
            await then()

        self._timer = self.create_task(wait())

    async def _stop_waiting(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            await self.cancel_task(timer)

    async def _learn(self) -> None:
        try:
            async with asyncio.timeout(FEELING):
                learnt = await asyncio.to_thread(self._cast.over)
        except Exception as error:
            logger.warning("Nothing was learnt from a call: {}", error)
            return
        if learnt is not None and self._time is not None:
            await self._enter(learnt, self._time.now())

    async def _stop_tasks(self) -> None:
        await self._stop_waiting()
        briefing, self._briefing = self._briefing, None
        if briefing is not None:
            await self.cancel_task(briefing)
