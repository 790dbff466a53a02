"""The bot: one turn of the caller in, one reply out. It serves what the playbook lists, and stops there."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import replace

from voice.dialogue.acts import PERSON, Act, act_of
from voice.dialogue.back_office import BackOffice, Rehearsed
from voice.dialogue.grasp import grasped
from voice.dialogue.lines import (
    Answered,
    acknowledged,
    after_a_break,
    handed_over,
    missed,
    rang_before,
    topic_among,
)
from voice.dialogue.memory import EarlierCall, Memory
from voice.dialogue.phrasing import Phrasing
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.reply import Reply
from voice.dialogue.requests import Counter, Line
from voice.dialogue.returning import returned, still_to_close
from voice.dialogue.serving import Serving
from voice.dialogue.step import Result, Step
from voice.dialogue.understanding import Intent, Understanding
from voice.dialogue.verification import Identity
from voice.hearing.expected import Expected, yes_or_no
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Decided, Entry, Facts, LookedUp, Understood
from voice.journal.link import PastCall
from voice.takeover.triggers import SILENT_CALLER

__all__ = ["Bot", "Reply"]

_AT_ONCE = 2
"""Requests answered in one breath; more would be a lecture."""
_SURELY_SOMETHING_ELSE = 0.75
"""Confidence with which a turn that holds no answer to the bot's question is a request of its own."""


class Bot:
    """One call's bot.

    Args:
        playbook: everything it may say and do.
        back_office: the company's systems.
        understanding: the playbook's, shared by all calls.
        clock: tells the day and times the back office.
        caller: the calling number; an account is found by it.
        language: of the call; None is the playbook's own.
        call: the call's name in the journal; changes are made once for it, whichever worker has it.
    """

    def __init__(
        self,
        playbook: Playbook,
        back_office: BackOffice,
        *,
        understanding: Understanding,
        clock: Clock,
        caller: str = "",
        language: str | None = None,
        call: str = "",
    ) -> None:
        self._playbook = playbook
        self._understanding = understanding
        self._counter = Counter(playbook, back_office, caller, clock, call)
        self._language = playbook.language_or_default(language or playbook.language)
        self._phrasing = Phrasing(playbook, self._language, self._counter.now)
        self._memory = Memory()
        self._identity = Identity()
        self._words = ""
        """The turn that was last read and is yet to be served: it may say what would be asked for."""
        self._serving: Serving | None = None
        """The request whose question the caller is to answer."""
        self._pending: tuple[Intent, ...] = ()
        """What was asked for in the same breath and comes after it."""
        self._earlier: Sequence[EarlierCall] = ()
        self._silences = 0
        self._offered: str | None = None
        """The request that a yes would have the bot serve."""
        self._more = False
        """Whether the caller was asked last if there is anything else."""
        self._closes_after: str | None = None
        """The request after which the call is over, as the agent wants who gave the call back for it."""

    @property
    def language(self) -> Language:
        """The call's."""
        return self._language

    @property
    def facts(self) -> Facts:
        """What the back office has found on this call."""
        return self._memory.facts

    def greeting(self) -> Reply:
        """Open the call as the playbook does; who rang before is asked whether it is about the same."""
        asked = rang_before(self._playbook, self._earlier, self._counter.now(), self._language)
        greeting = self._reply([Line(self._playbook.greetings)])
        if asked is None:
            return greeting
        self._offered, line = asked
        question = self._reply([line])
        told = tuple(sentence for sentence in greeting.sentences if not sentence.rstrip().endswith("?"))
        return self._spoken((*told, *question.sentences), question.events)

    def know(self, earlier: Sequence[PastCall]) -> None:
        """Take in the caller's calls before this one."""
        self._earlier = [EarlierCall.of(call) for call in earlier]

    async def reply(self, words: str, t: float) -> Reply:
        """Answer a turn.

        Args:
            words: as heard.
            t: second of the call.
        """
        settled = await self.settle(words, t)
        return settled if isinstance(settled, Reply) else await self.serve(settled)

    async def answer(self, words: str, t: float) -> AsyncGenerator[Reply, None]:
        """Answer a turn as `reply` does, in one part."""
        yield await self.reply(words, t)

    async def grasps(self, words: str) -> float:
        """Return how surely a turn that may not be over can be answered at once, 0..1; nothing changes."""
        if self._serving:
            return float(self._serving.reads(words) or act_of(words, self._language) is not None)
        intents = await asyncio.to_thread(self._understanding.read, words, self._language)
        return grasped(words, intents, self._playbook, self._language, self._counter.now().date())

    async def settle(self, words: str, t: float) -> Reply | tuple[Intent, ...]:
        """Answer a turn that leaves no choice; else return what it asks for, as the examples tell.

        What is settled here no language model is asked about: a person is wanted, the turn is about the
        conversation itself, answers the bot's own question, or is about something for people only.
        """
        self._silences = 0
        offered, self._offered = self._offered, None
        if self._understanding.asking.said(words, self._language):
            return self.hand_over(PERSON)
        act = act_of(words, self._language)
        if act is Act.YES and offered:
            return await self._serve((Intent(offered, 1.0),), slots=self._memory.slots)
        if act in (Act.WAIT, Act.REPEAT, Act.GOODBYE) or (act is not None and self._serving is None):
            return self._acknowledge(act)
        intents = await asyncio.to_thread(self._understanding.read, words, self._language)
        least = _SURELY_SOMETHING_ELSE if self._serving else 0.0
        if topic := topic_among(self._playbook, intents, least):
            return self.hand_over(topic.name, topic.confidence)
        if self._serving:
            return await self._answered(self._serving, words, intents)
        self._words = words
        return intents

    async def serve(self, intents: Sequence[Intent]) -> Reply:
        """Serve what was asked for; nothing is not understood."""
        return await self._serve(intents, self._words) if intents else self._not_understood()

    def say(self, sentence: str) -> Reply:
        """Say a sentence of a language model's, as far as what was found on this call carries it."""
        passed, found = self._phrasing.pass_on(sentence, self._memory.facts)
        said, self._more = self._memory.said, False
        reply = self._spoken((passed,), found)
        self._memory.said = (*said, passed)
        return reply

    def hand_over(self, topic: str, confidence: float = 1.0) -> Reply:
        """Give way to a person, for one of the playbook's topics or because the caller wants one."""
        part = self._playbook.human_only.get(topic)
        why = f"{topic} is for people only" if part else "the caller asks for a person"
        return self._answered_by(handed_over(topic, confidence, why, part.say if part else None))

    def silence(self, t: float) -> Reply:
        """Ask a silent caller whether they are there; a person looks in the end."""
        self._silences += 1
        if self._silences > self._playbook.thresholds.silences:
            return self._reply([], [Decided(action="hand_over", why=SILENT_CALLER)])
        decided = Decided(action="ask", why=f"the caller has been silent {self._silences} times")
        return self._reply([Line(self._playbook.sentences.still_there)], [decided])

    def resume(self, history: Sequence[Entry]) -> Reply:
        """Go on with a call whose worker was lost: say what was being talked about.

        Args:
            history: the call's journal.
        """
        self.remember(history)
        self._closes_after = still_to_close(history, self._playbook, self._language)
        request = self._memory.request
        if self._memory.unanswered:
            intents = self._understanding.read(self._memory.unanswered, self._language)
            request = next((intent.name for intent in intents), request)
        lines = after_a_break(self._playbook, request, self._memory.answered, self._language)
        decided = Decided(action="apologise", why="the call was cut off from the bot", request=request)
        taught = request in self._playbook.taught
        self._offered = request if taught and request not in self._memory.answered else None
        return self._reply(lines, [decided])

    def speak(self, language: str) -> None:
        """Go on in another language; one the playbook has not leaves things as they are."""
        self._language = self._playbook.language_or_default(language)
        self._phrasing = Phrasing(self._playbook, self._language, self._counter.now)
        if self._serving:
            self._serving.speak(self._language)

    async def take_back(self, history: Sequence[Entry]) -> Reply:
        """Go on with a call an agent has given back: say what they promised, and do what they want done."""
        self._memory, self._identity, self._serving, self._pending = Memory(), Identity(), None, ()
        self.remember(history)
        left = returned(history, self._playbook, self._language)
        self._closes_after = left.request if left.close else None
        told = self._spoken(left.told, ())
        if left.request is not None:
            then = await self._serve((Intent(left.request, 1.0),), slots=self._memory.slots)
        elif left.close:
            then = self._acknowledge(Act.GOODBYE)
        else:
            then = self._reply([Line(self._playbook.sentences.anything_else)])
        return replace(then, sentences=(*told.sentences, *then.sentences))

    def remember(self, entries: Sequence[Entry]) -> None:
        """Take in what has happened on the call without saying anything."""
        self._memory.take_all(entries)
        self._identity.take_all(entries)

    def rehearse(self) -> "Bot":
        """Return a copy that can answer a turn which may not be over: it changes nothing anywhere."""
        verification = self._playbook.verification
        withheld = {one.look_up for one in self._playbook.requests.values() if one.look_up and one.acts}
        if verification:
            withheld.add(verification.call)
        twin = copy(self)
        office = Rehearsed(self._counter.back_office, withheld)
        twin._counter = replace(self._counter, back_office=office, slow=asyncio.Event())
        twin._memory, twin._identity = deepcopy(self._memory), copy(self._identity)
        twin._serving = self._serving and self._serving.rehearsed(twin._counter, twin._identity)
        return twin

    @property
    def slow(self) -> asyncio.Event:
        """Set while the back office takes its time over a question."""
        return self._counter.slow

    def acknowledge(self) -> Reply:
        """Say that somebody is still there; no more than that."""
        return Reply(self._playbook.sentences.one_moment[self._language][:1])

    def notes(self) -> tuple[str, ...]:
        """Return the playbook's words that take note of an answer."""
        noted = self._playbook.sentences.noted
        return noted[self._language] if noted else ()

    @property
    def acted(self) -> bool:
        """Whether the last answer did something a rehearsal would not have."""
        office = self._counter.back_office
        return not isinstance(office, Rehearsed) or office.acted

    def perform(self) -> None:
        """Be no rehearsal any more: the turn is over, and this one goes on with the call."""
        if isinstance(self._counter.back_office, Rehearsed):
            self._counter.back_office.perform()

    async def _serve(
        self, intents: Sequence[Intent], words: str = "", *, slots: Mapping[str, str] | None = None
    ) -> Reply:
        """Begin with what was asked for; the rest of it waits for its turn."""
        first, self._pending = intents[0], tuple(intents[1:_AT_ONCE])
        nth = self._memory.answered[first.name]
        serving = Serving(first.name, self._counter, self._identity, self._language, nth)
        serving.slots.update(slots or {})
        step = await serving.begin(words)
        return await self._after(serving, step, words, first.confidence)

    async def _answered(self, serving: Serving, words: str, intents: Sequence[Intent]) -> Reply:
        """Take a turn as the answer to the open question, unless it is plainly about something else."""
        others = [i for i in intents if i.name != serving.name and i.name in self._playbook.requests]
        sure = any(intent.confidence >= _SURELY_SOMETHING_ELSE for intent in others)
        step = None if sure and not serving.reads(words) else await serving.answer(words)
        if step is not None:
            return await self._after(serving, step, words, 1.0)
        if others:
            self._serving = None
            return await self._serve(others, words)
        return self._not_understood()

    async def _after(self, serving: Serving, step: Step, words: str, confidence: float) -> Reply:
        failed = sum(isinstance(event, LookedUp) and not event.ok for event in step.events)
        if step.result is Result.UNSERVED and self._too_many(failed):
            step = replace(step, result=Result.FAILED)
        understood = Understood(request=serving.name, confidence=confidence, slots=dict(serving.slots))
        events: list[AnyEvent] = [understood, *step.events, step.decided(serving.name)]
        self._serving = serving if step.result is Result.ASKED else None
        if step.result is Result.FAILED:
            self._pending = ()
        if step.result in (Result.ASKED, Result.FAILED):
            return self._reply(step.lines, events)
        if not self._pending:
            closes = step.result is Result.ANSWERED and serving.name == self._closes_after
            last = self._playbook.sentences.goodbye if closes else self._playbook.sentences.anything_else
            return self._reply([*step.lines, Line(last)], events, hang_up=closes)
        said = self._reply(step.lines, events)
        more = await self._serve(self._pending, words)
        self._memory.said = (*said.sentences, *more.sentences)
        return replace(more, sentences=self._memory.said, events=(*said.events, *more.events))

    def _too_many(self, failed: int) -> bool:
        """Return whether so many more failures of the back office lead to a person."""
        return self._memory.failures + failed >= self._playbook.thresholds.failures

    def _acknowledge(self, act: Act) -> Reply:
        if act is Act.NO and self._memory.answered:
            act = Act.GOODBYE
        if act is Act.GOODBYE:
            self._serving = None
        answered = acknowledged(self._playbook, act)
        said = self._memory.said
        if act is Act.REPEAT and said:
            introduction = self._playbook.sentences.say_again[self._language][0]
            again = (introduction, *(sentence for sentence in said if sentence != introduction))
            return self._spoken(again, answered.events)
        return self._answered_by(answered)

    def _not_understood(self) -> Reply:
        again = self._serving.again() if self._serving else ()
        return self._answered_by(missed(self._playbook, self._memory.misses, again))

    def _answered_by(self, answered: Answered) -> Reply:
        return self._reply(answered.lines, answered.events, hang_up=answered.hang_up)

    def _reply(
        self, lines: Sequence[Line], events: Sequence[AnyEvent] = (), *, hang_up: bool = False
    ) -> Reply:
        sentences, found = self._phrasing.put(lines, self._memory.said)
        self._more = any(line.say is self._playbook.sentences.anything_else for line in lines)
        return self._spoken(sentences, [*events, *found], hang_up=hang_up)

    def _spoken(
        self, sentences: tuple[str, ...], events: Sequence[AnyEvent], *, hang_up: bool = False
    ) -> Reply:
        for event in events:
            self._memory.take(event)
        if sentences:
            self._memory.said = sentences
        collects = self._serving.collects if self._serving else None
        return Reply(sentences, tuple(events), hang_up, self._expected(), collects)

    def _expected(self) -> Expected | None:
        if self._serving:
            return self._serving.expects
        return yes_or_no(self._language) if self._offered or self._more else None
