"""The bot: one turn of the caller in, one reply out. It serves what the playbook lists, and stops there."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from copy import copy
from dataclasses import replace

from voice.dialogue.acts import PERSON, Act, act_of
from voice.dialogue.acts import yes_or_no as agrees
from voice.dialogue.back_office import BackOffice, Rehearsed
from voice.dialogue.errands import SURELY_SOMETHING_ELSE, Errands
from voice.dialogue.grasp import grasped
from voice.dialogue.lines import (
    Answered,
    acknowledged,
    after_a_break,
    handed_over,
    missed,
    topic_among,
)
from voice.dialogue.memory import EarlierCall, Memory
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.reply import Reply
from voice.dialogue.requests import Counter, Line
from voice.dialogue.returning import returned, still_to_close
from voice.dialogue.speaker import Speaker
from voice.dialogue.standing import standing
from voice.dialogue.understanding import Intent, Understanding
from voice.dialogue.verification import Identity
from voice.hearing.expected import yes_or_no
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Decided, Entry, Facts
from voice.journal.link import PastCall
from voice.takeover.triggers import SILENT_CALLER

__all__ = ["Bot", "Reply"]


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
        spoken = playbook.language_or_default(language or playbook.language)
        self._speaker = Speaker(playbook, spoken, self._counter.now)
        self._errands = Errands(self._counter, self._speaker)
        self._words = ""
        """The turn that was last read and is yet to be served: it may say what would be asked for."""
        self._silences = 0
        self._offered: str | None = None
        """The request that a yes would have the bot serve."""

    @property
    def language(self) -> Language:
        """The call's."""
        return self._speaker.language

    @property
    def facts(self) -> Facts:
        """What the back office has found on this call."""
        return self._memory.facts

    def greeting(self) -> Reply:
        """Open the call as the playbook does; who rang before is asked whether it is about the same."""
        greeting = self._reply([Line(self._playbook.greetings)])
        if (last := self._errands.standing) is None:
            return greeting
        self._offered = last.request
        question = self._reply([last.question])
        told = tuple(sentence for sentence in greeting.sentences if not sentence.rstrip().endswith("?"))
        return self._spoken((*told, *question.sentences), question.events)

    def know(self, earlier: Sequence[PastCall]) -> None:
        """Take in the caller's calls before this one."""
        calls = [EarlierCall.of(call) for call in earlier]
        self._errands.standing = standing(self._playbook, calls, self._counter.now(), self.language)

    async def reply(self, words: str, t: float, others: Sequence[str] = ()) -> Reply:
        """Answer a turn.

        Args:
            words: as heard.
            t: second of the call.
            others: what else it may have been, likeliest first; read where the words are not understood.
        """
        settled, reading = await self._settled(words), ""
        for other in others:
            if settled:
                break
            settled, reading = await self._read_instead(other), other
        reply = settled if isinstance(settled, Reply) else await self.serve(settled)
        return reply.read_from(reading) if settled and reading else reply

    async def answer(self, words: str, t: float, others: Sequence[str] = ()) -> AsyncGenerator[Reply, None]:
        """Answer a turn as `reply` does, in one part."""
        yield await self.reply(words, t, others)

    async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
        """Return how surely a turn that may not be over can be answered at once, 0..1; nothing changes."""
        acts = act_of(words, self.language) is not None
        if self._errands.open:
            return float(acts or any(map(self._errands.open.reads, (words, *others))))
        for said in (words, *others):
            intents = await asyncio.to_thread(self._understanding.read, said, self.language)
            if intents or acts:
                return grasped(said, intents, self._playbook, self.language, self._counter.now().date())
        return 0.0

    async def settle(self, words: str, t: float) -> Reply | tuple[Intent, ...]:
        """Answer a turn that leaves no choice; else return what it asks for, as the examples tell.

        What is settled here no language model is asked about: a person is wanted, the turn is about the
        conversation itself, answers the bot's own question, or is about something for people only.
        """
        settled = await self._settled(words)
        return self._not_understood() if self._errands.open and not settled else settled

    async def _settled(self, words: str) -> Reply | tuple[Intent, ...]:
        """Settle a turn as it was heard; nothing where it is not understood."""
        self._silences = 0
        offered, self._offered = self._offered, None
        if self._understanding.asking.said(words, self.language):
            return self.hand_over(PERSON)
        act = act_of(words, self.language)
        if act is Act.YES and offered:
            return await self._serve((Intent(offered, 1.0),), slots=self._memory.slots)
        if act in (Act.WAIT, Act.REPEAT, Act.GOODBYE) or (act is not None and self._errands.open is None):
            return self._acknowledge(act)
        return await self._read(words, SURELY_SOMETHING_ELSE if self._errands.open else 0.0)

    async def _read_instead(self, other: str) -> Reply | tuple[Intent, ...]:
        """Settle a turn by what else it may have been: neither yes nor no, and hardly ever a person's."""
        if act_of(other, self.language) is not None or agrees(other, self.language) is not None:
            return ()
        return await self._read(other, SURELY_SOMETHING_ELSE)

    async def _read(self, words: str, least: float) -> Reply | tuple[Intent, ...]:
        """Settle words by what they ask for; what is for people counts from the confidence `least`."""
        intents = await asyncio.to_thread(self._understanding.read, words, self.language)
        if topic := topic_among(self._playbook, intents, least):
            return self.hand_over(topic.name, topic.confidence)
        if self._errands.open:
            answered = await self._errands.answer(words, intents)
            return self._expecting(answered) if answered else ()
        self._words = words
        return tuple(intent for intent in intents if intent.name in self._playbook.requests)

    async def serve(self, intents: Sequence[Intent]) -> Reply:
        """Serve what was asked for; nothing is not understood."""
        return await self._serve(intents, self._words) if intents else self._not_understood()

    def say(self, sentence: str) -> Reply:
        """Say a sentence of a language model's, as far as what was found on this call carries it."""
        return self._expecting(self._speaker.pass_on(sentence))

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
        self._errands.standing = None
        self._errands.closes_after = still_to_close(history, self._playbook, self.language)
        request = self._memory.request
        for words in self._memory.unanswered:
            if intents := self._understanding.read(words, self.language):
                request = intents[0].name
                break
        lines = after_a_break(self._playbook, request, self._memory.answered, self.language)
        decided = Decided(action="apologise", why="the call was cut off from the bot", request=request)
        taught = request in self._playbook.taught
        self._offered = request if taught and request not in self._memory.answered else None
        return self._reply(lines, [decided])

    def speak(self, language: str) -> None:
        """Go on in another language; one the playbook has not leaves things as they are."""
        self._speaker.speak(self._playbook.language_or_default(language))
        if self._errands.open:
            self._errands.open.speak(self.language)

    async def take_back(self, history: Sequence[Entry]) -> Reply:
        """Go on with a call an agent has given back: say what they promised, and do what they want done."""
        self._speaker.memory = Memory()
        self._errands.drop()
        self._errands.identity = Identity()
        self.remember(history)
        left = returned(history, self._playbook, self.language)
        self._errands.closes_after = left.request if left.close else None
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
        self._errands.identity.take_all(entries)

    def rehearse(self) -> "Bot":
        """Return a copy that can answer a turn which may not be over: it changes nothing anywhere."""
        verification = self._playbook.verification
        withheld = {one.look_up for one in self._playbook.requests.values() if one.look_up and one.acts}
        if verification:
            withheld.add(verification.call)
        twin = copy(self)
        office = Rehearsed(self._counter.back_office, withheld)
        twin._counter = replace(self._counter, back_office=office, slow=asyncio.Event())
        twin._speaker = self._speaker.rehearsed()
        twin._errands = self._errands.rehearsed(twin._counter, twin._speaker)
        return twin

    @property
    def slow(self) -> asyncio.Event:
        """Set while the back office takes its time over a question."""
        return self._counter.slow

    def acknowledge(self) -> Reply:
        """Say that somebody is still there; no more than that."""
        return Reply(self._playbook.sentences.one_moment[self.language][:1])

    def notes(self) -> tuple[str, ...]:
        """Return the playbook's words that take note of an answer."""
        noted = self._playbook.sentences.noted
        return noted[self.language] if noted else ()

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
        return self._expecting(await self._errands.begin(intents, words, slots=slots))

    def _acknowledge(self, act: Act) -> Reply:
        if act is Act.NO and self._memory.answered:
            act = Act.GOODBYE
        if act is Act.GOODBYE:
            self._errands.drop()
        answered = acknowledged(self._playbook, act)
        if act is Act.REPEAT and self._memory.said:
            return self._expecting(self._speaker.again(answered.events))
        return self._answered_by(answered)

    def _not_understood(self) -> Reply:
        again = self._errands.open.again() if self._errands.open else ()
        return self._answered_by(missed(self._playbook, self._memory.misses, again))

    def _answered_by(self, answered: Answered) -> Reply:
        return self._reply(answered.lines, answered.events, hang_up=answered.hang_up)

    def _reply(
        self, lines: Sequence[Line], events: Sequence[AnyEvent] = (), *, hang_up: bool = False
    ) -> Reply:
        return self._expecting(self._speaker.put(lines, events, hang_up=hang_up))

    def _spoken(self, sentences: tuple[str, ...], events: Sequence[AnyEvent]) -> Reply:
        return self._expecting(self._speaker.say(sentences, events))

    def _expecting(self, reply: Reply) -> Reply:
        """Return a reply with what the caller is likely to say to it."""
        if serving := self._errands.open:
            return replace(reply, expects=serving.expects, collects=serving.collects)
        asked = self._offered or self._speaker.asks_for_more
        return replace(reply, expects=yes_or_no(self.language) if asked else None)

    @property
    def _memory(self) -> Memory:
        return self._speaker.memory
