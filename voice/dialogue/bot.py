"""The bot: one turn of the caller in, one reply out. It serves what the playbook lists, and stops there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from voice.dialogue.acts import PERSON, Act, act_of
from voice.dialogue.back_office import BackOffice
from voice.dialogue.guardrails import judge
from voice.dialogue.memory import Memory
from voice.dialogue.playbook import Playbook, Texts
from voice.dialogue.requests import Counter, Line, serve
from voice.dialogue.saying import fill, in_sentences
from voice.dialogue.understanding import Intent, Understanding
from voice.hearing.expected import Expected, yes_or_no
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Decided, Entry, Promised, Understood
from voice.takeover.asking import wants_human
from voice.takeover.triggers import SILENT_CALLER

_AT_ONCE = 2
"""Requests answered in one breath; more would be a lecture."""


@dataclass(frozen=True)
class Reply:
    """What the bot says and has done.

    Attributes:
        sentences: in the order they are spoken.
        events: for the journal, in order.
        hang_up: the call is over once they have been played.
        expects: what the caller is likely to say to that; None where it may be anything.
    """

    sentences: tuple[str, ...] = ()
    events: tuple[AnyEvent, ...] = ()
    hang_up: bool = False
    expects: Expected | None = None


class Bot:
    """One call's bot.

    Args:
        playbook: everything it may say and do.
        back_office: the company's systems.
        understanding: the playbook's, shared by all calls.
        clock: tells the day and times the back office.
        caller: the calling number; an account is found by it.
        language: of the call; None is the playbook's own.
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
    ) -> None:
        self._playbook = playbook
        self._understanding = understanding
        self._counter = Counter(playbook, back_office, caller, clock)
        self._language = playbook.language_or_default(language or playbook.language)
        self._memory = Memory()
        self._silences = 0
        self._offered: str | None = None
        """The request that a yes would have the bot serve."""

    def greeting(self) -> Reply:
        """Open the call as the playbook does."""
        return self._reply([Line(self._playbook.greetings)])

    async def reply(self, words: str, t: float) -> Reply:
        """Answer a turn.

        Args:
            words: as heard.
            t: second of the call.
        """
        self._silences = 0
        offered, self._offered = self._offered, None
        if wants_human(words, self._language):
            return self._hand_over(PERSON, 1.0, "the caller asks for a person")
        act = act_of(words, self._language)
        if act is Act.YES and offered:
            return await self._serve((Intent(offered, 1.0),))
        if act is not None:
            return self._acknowledge(act)
        intents = await asyncio.to_thread(self._understanding.read, words, self._language)
        topics = [intent for intent in intents if intent.name in self._playbook.human_only]
        if topics:
            topic = max(topics, key=lambda topic: topic.confidence)
            say = self._playbook.human_only[topic.name].say
            why = f"{topic.name} is for people only"
            return self._hand_over(topic.name, topic.confidence, why, say)
        return await self._serve(intents) if intents else self._not_understood()

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
        sentences = self._playbook.sentences
        request = self._memory.request
        if self._memory.unanswered:
            intents = self._understanding.read(self._memory.unanswered, self._language)
            request = next((intent.name for intent in intents), request)
        part = self._playbook.taught.get(request or "")
        decided = Decided(action="apologise", why="the call was cut off from the bot", request=request)
        if part is None:
            return self._reply([Line(sentences.cut_off)], [decided])
        about = {"about": part.about[self._language][0]}
        if request in self._memory.answered:
            return self._reply(
                [Line(sentences.cut_off_about, about), Line(sentences.anything_else)],
                [decided],
                expects=yes_or_no(self._language),
            )
        self._offered = request
        return self._reply(
            [Line(sentences.cut_off_about, about), Line(sentences.go_on)],
            [decided],
            expects=yes_or_no(self._language),
        )

    def speak(self, language: str) -> None:
        """Go on in another language; one the playbook has not leaves things as they are."""
        self._language = self._playbook.language_or_default(language)

    def remember(self, entries: Sequence[Entry]) -> None:
        """Take in what has happened on the call without saying anything."""
        self._memory.take_all(entries)

    async def _serve(self, intents: Sequence[Intent]) -> Reply:
        lines: list[Line] = []
        events: list[AnyEvent] = []
        for name, confidence in ((intent.name, intent.confidence) for intent in intents[:_AT_ONCE]):
            served = await serve(name, self._counter)
            lines.append(served.line)
            events += (Understood(request=name, confidence=confidence), *served.events)
            if served.failed:
                events.append(Decided(action="hand_over", why=f"{name} could not be served", request=name))
                return self._reply(lines, events)
            why = f"asked for {name}, confidence {confidence:.2f}"
            events.append(Decided(action="answer", why=why, request=name))
        return self._reply(
            [*lines, Line(self._playbook.sentences.anything_else)],
            events,
            expects=yes_or_no(self._language),
        )

    def _acknowledge(self, act: Act) -> Reply:
        sentences = self._playbook.sentences
        if act is Act.NO and self._memory.answered:
            act = Act.GOODBYE
        understood = Understood(request=act.value, confidence=1.0)
        if act is Act.GOODBYE:
            decided = Decided(action="close", why="the caller is done")
            return self._reply([Line(sentences.goodbye)], [understood, decided], hang_up=True)
        if act is Act.WAIT:
            return self._reply([], [understood, Decided(action="wait", why="the caller wants a moment")])
        if act is Act.REPEAT:
            return self._repeat(understood)
        decided = Decided(action="ask", why=f"the caller said {act.value}, and nothing else")
        texts = {
            Act.THANKS: [Line(sentences.closing), Line(sentences.anything_else)],
            Act.GREETING: [Line(sentences.hello)],
        }.get(act, [Line(sentences.what_else)])
        return self._reply(texts, [understood, decided])

    def _repeat(self, understood: Understood) -> Reply:
        said = self._memory.said
        decided = Decided(action="repeat", why="the caller asked to hear it again")
        if not said:
            return self._reply([Line(self._playbook.sentences.nothing_to_repeat)], [understood, decided])
        introduction = self._playbook.sentences.say_again[self._language][0]
        sentences = (introduction, *(sentence for sentence in said if sentence != introduction))
        return self._spoken(sentences, [understood, decided])

    def _not_understood(self) -> Reply:
        understood = Understood(request=None, confidence=0.0)
        if self._memory.misses + 1 >= self._playbook.thresholds.not_understood:
            return self._reply([], [understood, Decided(action="hand_over", why="not understood again")])
        decided = Decided(action="apologise", why="not understood")
        return self._reply([Line(self._playbook.sentences.not_understood)], [understood, decided])

    def _hand_over(self, request: str, confidence: float, why: str, say: Texts | None = None) -> Reply:
        understood = Understood(request=request, confidence=confidence)
        decided = Decided(action="hand_over", why=why, request=request)
        return self._reply([Line(say)] if say else [], [understood, decided])

    def _reply(
        self,
        lines: Sequence[Line],
        events: Sequence[AnyEvent] = (),
        *,
        hang_up: bool = False,
        expects: Expected | None = None,
    ) -> Reply:
        """Put the lines into words: what nothing carries is left to a colleague, commitments are noted."""
        sentences: list[str] = []
        noted = list(events)
        for line in lines:
            wording = self._wording(line)
            for sentence in in_sentences(wording):
                verdict = judge(sentence, self._language, line.facts, self._clauses())
                if verdict.allowed:
                    sentences.append(sentence)
                else:
                    noted.append(Decided(action="apologise", why=f"not said: {verdict.why}"))
                    sentences.append(self._playbook.sentences.colleague_confirms[self._language][0])
            if line.clause:
                noted.append(Promised(text=wording, clause=line.clause))
        return self._spoken(tuple(sentences), noted, hang_up=hang_up, expects=expects)

    def _spoken(
        self,
        sentences: tuple[str, ...],
        events: Sequence[AnyEvent],
        *,
        hang_up: bool = False,
        expects: Expected | None = None,
    ) -> Reply:
        for event in events:
            self._memory.take(event)
        if sentences:
            self._memory.said = sentences
        return Reply(sentences, tuple(events), hang_up, expects)

    def _wording(self, line: Line) -> str:
        """Return the first wording of which nothing was said just now."""
        today = self._counter.now().date()
        wordings = [fill(wording, line.facts, self._language, today) for wording in line.say[self._language]]
        just_said = set(self._memory.said)
        fresh = (wording for wording in wordings if just_said.isdisjoint(in_sentences(wording)))
        introduction = self._playbook.sentences.say_again[self._language][0]
        return next(fresh, f"{introduction} {wordings[0]}")

    def _clauses(self) -> list[str]:
        return [clause.text[self._language][0] for clause in self._playbook.clauses.values()]
