"""What the caller wants done: one request at a time, what was asked in the same breath after it."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

from voice.dialogue.phrasing import wordings
from voice.dialogue.reply import Reply
from voice.dialogue.requests import Counter, Line
from voice.dialogue.serving import Serving
from voice.dialogue.speaker import Speaker
from voice.dialogue.standing import Standing
from voice.dialogue.step import Result, Step
from voice.dialogue.understanding import Intent
from voice.dialogue.verification import Identity
from voice.journal.events import AnyEvent, Understood

SURELY_SOMETHING_ELSE = 0.75
"""Confidence with which a turn that holds no answer to the bot's question is a request of its own."""
_AT_ONCE = 2
"""Requests answered in one breath; more would be a lecture."""


class Errands:
    """One call's.

    Args:
        counter: where requests are served.
        speaker: says what comes of it.

    Attributes:
        counter: where requests are served.
        identity: the caller's, as far as the call has shown it.
        standing: where the caller's last call was left; None once they have been told.
        closes_after: the request after which the call is over, as the agent wants who gave it back for that.
    """

    def __init__(self, counter: Counter, speaker: Speaker) -> None:
        self.counter = counter
        self.identity = Identity()
        self.standing: Standing | None = None
        self.closes_after: str | None = None
        self._speaker = speaker
        self._pending: tuple[Intent, ...] = ()
        self.open: Serving | None = None
        """The request whose question the caller is to answer."""

    def rehearsed(self, counter: Counter, speaker: Speaker) -> "Errands":
        """Return a copy that goes on from here at a counter of its own."""
        twin = copy(self)
        twin.counter, twin._speaker, twin.identity = counter, speaker, copy(self.identity)
        twin.open = self.open and self.open.rehearsed(counter, twin.identity)
        return twin

    def drop(self) -> None:
        """Leave what was begun."""
        self.open, self._pending = None, ()

    async def begin(
        self, intents: Sequence[Intent], words: str = "", *, slots: Mapping[str, str] | None = None
    ) -> Reply:
        """Begin with what was asked for first; the rest of it waits for its turn.

        Args:
            intents: what was asked for.
            words: the turn's.
            slots: what is known already.
        """
        first, self._pending = intents[0], tuple(intents[1:_AT_ONCE])
        nth = self._speaker.memory.answered[first.name]
        serving = Serving(first.name, self.counter, self.identity, self._speaker.language, nth)
        serving.slots.update(slots or {})
        step = await serving.begin(words)
        return await self._after(serving, step, words, first.confidence)

    async def answer(self, words: str, intents: Sequence[Intent]) -> Reply | None:
        """Take a turn as the answer to the open question, unless it is plainly about something else.

        Args:
            words: the turn's.
            intents: what it asks for, if that is what it does.

        Returns:
            None where it is neither.
        """
        serving, requests = self.open, self.counter.playbook.requests
        if serving is None:
            return None
        others = [intent for intent in intents if intent.name != serving.name and intent.name in requests]
        sure = any(intent.confidence >= SURELY_SOMETHING_ELSE for intent in others)
        step = None if sure and not serving.reads(words) else await serving.answer(words)
        if step is not None:
            return await self._after(serving, step, words, 1.0)
        if not others:
            return None
        self.open = None
        return await self.begin(others, words)

    async def _after(self, serving: Serving, step: Step, words: str, confidence: float) -> Reply:
        failures = self._speaker.memory.failures + 1  # that of this step is not journalled yet
        if step.result is Result.UNSERVED and failures >= self.counter.playbook.thresholds.failures:
            step = replace(step, result=Result.FAILED)
        understood = Understood(request=serving.name, confidence=confidence, slots=dict(serving.slots))
        events: list[AnyEvent] = [understood, *step.events, step.decided(serving.name)]
        self.open = serving if step.result is Result.ASKED else None
        if step.result is Result.FAILED:
            self._pending = ()
        if step.result in (Result.ASKED, Result.FAILED):
            return self._speaker.put(step.lines, events)
        lines = [*self._promised(serving, step), *step.lines]
        if not self._pending:
            closes = step.result is Result.ANSWERED and serving.name == self.closes_after
            sentences = self.counter.playbook.sentences
            last = Line(sentences.goodbye if closes else sentences.anything_else)
            return self._speaker.put([*lines, last], events, hang_up=closes)
        said = self._speaker.put(lines, events)
        more = await self.begin(self._pending, words)
        self._speaker.memory.said = (*said.sentences, *more.sentences)
        return replace(more, sentences=self._speaker.memory.said, events=(*said.events, *more.events))

    def _promised(self, serving: Serving, step: Step) -> Sequence[Line]:
        """Return what a verified caller is told of an earlier promise, unless the answer says the same."""
        told = self.standing
        if told is None or told.request != serving.name or step.result is not Result.ANSWERED:
            return []
        if told.promise is None or not self.identity.verified:
            return []
        self.standing = None
        language, today = self._speaker.language, self.counter.now().date()
        answers = [said for line in step.lines for said in wordings(line, language, today)]
        same = any(told.promise.facts["promise"] in answer for answer in answers)
        return [] if same else [told.promise]
