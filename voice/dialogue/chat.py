"""A call by text: what is written goes to the bot, the triggers and the meter, as what is heard does."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from voice.dialogue.cast import Answers, Watches
from voice.dialogue.guarded import guarded
from voice.dialogue.reply import Reply
from voice.emotion.anger import AngerMeter
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Decided, Entry, Heard, Trigger, TriggerKind
from voice.journal.link import PastCall


class Chat:
    """One call by text.

    Args:
        call: its name in the journal.
        bot: answers.
        triggers: see when a person is needed.
        meter: feels with the caller by their words; None leaves their feelings alone.
        clock: tells the time.
        keep: takes each entry of the journal.
    """

    def __init__(
        self,
        call: str,
        bot: Answers,
        triggers: Watches,
        meter: AngerMeter | None,
        *,
        clock: Clock,
        keep: Callable[[Entry], None],
    ) -> None:
        self._call = call
        self._bot = bot
        self._triggers = triggers
        self._meter = meter
        self._clock = clock
        self._keep = keep
        self._began = clock.now()
        self._seq = 0
        self.reasons: list[Trigger] = []
        """Why a person takes over; empty while the bot goes on."""

    def begin(self, earlier: Sequence[PastCall]) -> Reply:
        """Greet the caller, whose calls before this one are `earlier`, the newest first."""
        if earlier:
            self._bot.know(earlier)
            self._triggers.know(earlier)
        return self._entered(self._bot.greeting())

    async def turn(self, words: str, language: str) -> AsyncGenerator[Reply, None]:
        """Yield what the bot says to a turn, part by part; nothing once a person is needed.

        Args:
            words: as written; empty for a caller who says nothing.
            language: of the call.
        """
        t = self._clock.now() - self._began
        if not words:
            yield self._entered(self._bot.silence(t))
            return
        self.enter(Heard(who="caller", text=words, start=t, end=t, confidence=1.0, language=language))
        if self._meter is not None:
            self.enter(self._meter.feel_written(words, language, t))
        if self.reasons:
            return
        parts: list[Reply] = []
        async with guarded("answer", self._failed), aclosing(self._bot.answer(words, t)) as answer:
            parts.extend([self._entered(part) async for part in answer])
        for part in parts:  # not said before: whoever reads may take their time
            yield part

    def enter(self, event: AnyEvent) -> None:
        """Put an event into the journal and weigh it."""
        t = self._clock.now() - self._began
        self._seq += 1
        self._keep(Entry(call=self._call, seq=self._seq, t=t, at=self._clock.utc(), event=event))
        if self._meter is not None and isinstance(event, Decided) and event.action == "apologise":
            self._meter.apologised()
        if trigger := self._triggers.observe(event, t):
            self.reasons.append(trigger)

    def _entered(self, reply: Reply) -> Reply:
        for event in reply.events:
            self.enter(event)
        return reply

    async def _failed(self, why: str) -> None:
        t = self._clock.now() - self._began
        self.reasons.append(Trigger(kind=TriggerKind.BOT_FAILED, evidence=why, t=t))
