"""Serving one request over as many turns as it takes: who asks, what must be known, yes or no, and done.

The order is fixed: whoever asks is verified first, then comes what must be known, one question at a time.
A change is looked into before anything is asked for, read back as a question, and made only after a yes.
"""

from collections.abc import Sequence
from copy import copy

from voice.dialogue.acts import Act, act_of, yes_or_no
from voice.dialogue.back_office import Found
from voice.dialogue.questions import WHY, Question, expected
from voice.dialogue.request import READY, Answer, Slot
from voice.dialogue.requests import Counter, Line, answer_line, opening
from voice.dialogue.slots.reading import Value, Wanted, read, unfinished
from voice.dialogue.step import Result, Step
from voice.dialogue.texts import Language
from voice.dialogue.told import Told
from voice.dialogue.verification import NOT_VERIFIED, Identity
from voice.hearing.expected import Expected
from voice.hearing.patience import Collecting
from voice.journal.events import AnyEvent, Facts


class Serving:
    """One request being served.

    Args:
        name: the playbook's request.
        counter: where it is served.
        identity: the caller's, as far as the call has shown it.
        language: the call's.
        nth: how often it has been answered before on this call.

    Attributes:
        name: the request's.
    """

    def __init__(
        self, name: str, counter: Counter, identity: Identity, language: Language, nth: int = 0
    ) -> None:
        self.name = name
        self._nth = nth
        self._request = counter.playbook.requests[name]
        self._counter = counter
        self._identity = identity
        self._language = language
        self._known = Told(self._request, counter, language)
        self._found: Found | None = None
        self._question: Question | None = None
        self._slot = ""
        self._doubtful = ""
        self._first_figures = ""
        self._events: list[AnyEvent] = []

    @property
    def slots(self) -> dict[str, str]:
        """What is known so far, by name."""
        return self._known.values

    @property
    def expects(self) -> Expected | None:
        """What the caller is likely to say to the open question; None where it may be anything."""
        return expected(self._question, self._code(), self._language) if self._question else None

    @property
    def collects(self) -> Collecting | None:
        """What the caller gives piece by piece in answer to the open question; None for nothing such."""
        slot = self._open_slot()
        return slot.collecting() if slot else None

    def speak(self, language: Language) -> None:
        """Go on in another language."""
        self._language = self._known.language = language

    def rehearsed(self, counter: Counter, identity: Identity) -> "Serving":
        """Return a copy that goes on from here, at a counter and for an identity of its own."""
        twin = copy(self)
        twin._counter, twin._identity = counter, identity
        twin._known, twin._events = self._known.rehearsed(), list(self._events)
        return twin

    async def begin(self, words: str) -> Step:
        """Serve it as far as the words it was asked in allow.

        Args:
            words: the caller's turn; what it says unasked is taken.
        """
        self._known.take_unasked(words, anew=True)
        return await self._go_on()

    async def answer(self, words: str) -> Step | None:
        """Take in the caller's answer; None where it is none, and asks for something else perhaps.

        Figures of a code that come in two breaths are put together.
        """
        wanted = self._code()
        whole = f"{self._first_figures} {words}"
        if wanted and self._first_figures and read(whole, self._language, wanted, self._counter.now().date()):
            words, self._first_figures = whole, ""
        elif wanted and not self._first_figures and unfinished(words, self._language, wanted):
            self._first_figures = words
            return self._step([], Result.ASKED, "the rest of the figures is awaited")
        else:
            self._first_figures = ""
        answers = {
            Question.FACT: self._compare,
            Question.SURE: self._made_sure,
            Question.CONFIRM: self._confirmed,
            Question.PART: self._pointed_at,
        }
        return await answers.get(self._question or Question.SLOT, self._told)(words)

    def _code(self) -> Wanted | None:
        """Return what the open question wants, where it is one value."""
        if self._question is Question.SLOT:
            return self._known.wanted(self._slot)
        slot = self._open_slot()
        return slot.wanted() if slot else None

    def _open_slot(self) -> Slot | None:
        """Return what the open question asks for, where it is one value."""
        verification = self._counter.playbook.verification
        if self._question is Question.FACT and verification:
            return verification.fact(self._identity.failures)[1]
        return self._request.slots[self._slot] if self._question is Question.SLOT else None

    def reads(self, words: str) -> bool:
        """Return whether the words hold a value that is waited for; any words at all hold a street."""
        if self._question is Question.FACT and (wanted := self._code()):
            told = bool(read(words, self._language, wanted, self._counter.now().date()))
            return told or unfinished(words, self._language, wanted)
        return self._known.holds(
            words, self._slot if self._question in (Question.SLOT, Question.SURE) else ""
        )

    def again(self) -> tuple[Line, ...]:
        """Return what asks the open question once more."""
        asked = self._asked(self._question or Question.SLOT, self._slot)
        return (Line(self._counter.playbook.sentences.not_caught), *asked.lines)

    async def _go_on(self) -> Step:
        request = self._request
        if request.verify == "fact" and not self._identity.verified:
            return self._asked(Question.FACT)
        if request.change is None and (name := self._known.missing()):
            return self._asked(Question.SLOT, name)
        found = self._found or await self._look_up()
        if isinstance(found, Step):
            return found
        if found.outcome in request.slots and found.outcome not in self.slots:
            self._known.expected[found.outcome] = found.expected
            return self._asked(Question.SLOT, found.outcome)
        if self._found is None:
            self._known.look_at(found.facts)
        self._found = found
        if request.change is None or found.outcome != READY:
            return self._answered(request.answers.get(found.outcome), found)
        name = self._known.missing()
        return self._asked(Question.SLOT, name) if name else self._asked(Question.CONFIRM)

    async def _look_up(self) -> Found | Step:
        request = self._request
        if request.look_up is None:
            return opening(self._counter.playbook, self._counter.now())
        key = self._counter.change_key(request.look_up, self.slots, self._nth) if request.acts else ""
        event, found, unknown = await self._counter.ask(self.name, request.look_up, self.slots, key)
        self._events.append(event)
        return found or self._unserved(event.error, unknown=unknown)

    async def _compare(self, words: str) -> Step | None:
        verification = self._counter.playbook.verification
        if verification is None:
            return None
        name, slot = verification.fact(self._identity.failures)
        said = read(words, self._language, slot.wanted(), self._counter.now().date())
        if not said and act_of(words, self._language) is not Act.NO:
            return None
        event, unknown = await self._counter.compare(verification.call, name, [value.text for value in said])
        self._events.append(event)
        if not event.ok:
            return self._unserved(event.error, unknown=unknown)
        self._identity.take(event)
        if self._identity.verified:
            return await self._go_on()
        if self._identity.failures >= verification.attempts:
            return self._failed([Line(verification.failed)], NOT_VERIFIED)
        return self._asked(Question.FACT, why="the fact was wrong", before=[Line(verification.wrong)])

    async def _told(self, words: str) -> Step | None:
        if act_of(words, self._language) is Act.NO:
            return self._dropped()
        if not self._known.take(self._slot, values := self._known.read(self._slot, words)):
            return self._asked_whether(values[0]) if values else None
        self._known.take_unasked(words)
        return await self._go_on()

    def _asked_whether(self, value: Value) -> Step:
        self._doubtful = value.text
        return self._asked(Question.SURE, self._slot)

    async def _made_sure(self, words: str) -> Step | None:
        verdict = yes_or_no(words, self._language)
        if verdict is Act.YES:
            self.slots[self._slot] = self._doubtful
            return await self._go_on()
        if self._known.take(self._slot, values := self._known.read(self._slot, words)):
            return await self._go_on()
        if values and values[0].text != self._doubtful:
            return self._asked_whether(values[0])
        return self._asked(Question.SLOT, self._slot) if verdict is Act.NO else None

    async def _confirmed(self, words: str) -> Step | None:
        verdict = yes_or_no(words, self._language)
        if self._known.corrected(words):
            return self._asked(Question.CONFIRM, why="corrected by the caller")
        if verdict is Act.YES:
            return await self._change()
        if part := self._known.named_in(words):
            return self._asked(Question.SLOT, part)
        if verdict is not Act.NO:
            return None
        before = [Line(self._counter.playbook.sentences.nothing_changed)]
        names = list(self.slots)
        if len(names) == 1:
            return self._asked(Question.SLOT, names[0], before=before)
        return self._asked(Question.PART, before=before) if names else self._dropped()

    async def _pointed_at(self, words: str) -> Step | None:
        if act_of(words, self._language) is Act.NO:
            return self._dropped()
        part = self._known.named_in(words)
        return self._asked(Question.SLOT, part) if part else None

    async def _change(self) -> Step:
        change = self._request.change
        if change is None:
            return self._dropped()
        key = self._counter.change_key(change.call, self.slots, self._nth)
        event, found, _ = await self._counter.ask(self.name, change.call, self.slots, key)
        self._events.append(event)
        if found is None:
            return self._unserved("the change could not be made")
        return self._answered(change.answers.get(found.outcome), found)

    def _answered(self, answer: Answer | None, found: Found) -> Step:
        facts = self._facts(found)
        line = answer_line(answer, facts, verified=self._identity.verified) if answer else None
        if answer is None or line is None:
            return self._failed([Line(self._request.fails)], f"no sentence for the outcome {found.outcome}")
        if answer.ask:
            self.slots.pop(answer.ask, None)
            return self._asked(
                Question.SLOT, answer.ask, before=[line], why=f"the outcome was {found.outcome}"
            )
        return self._step([line], Result.ANSWERED, f"the outcome was {found.outcome}")

    def _asked(
        self, question: Question, slot: str = "", *, before: Sequence[Line] = (), why: str = ""
    ) -> Step:
        self._question, self._slot = question, slot
        sentences, verification = self._counter.playbook.sentences, self._counter.playbook.verification
        facts = self._facts(self._found)
        line = Line(self._request.fails)
        match question:
            case Question.FACT if verification:
                line = Line(verification.fact(self._identity.failures)[1].ask)
            case Question.SLOT:
                line = Line(self._request.slots[slot].ask, facts)
            case Question.SURE:
                line = Line(sentences.did_you_say, {"value": self._doubtful})
            case Question.CONFIRM if self._request.change:
                line = Line(self._request.change.confirm, facts)
            case Question.PART:
                line = Line(sentences.which_part, {"parts": self._known.parts()})
        return self._step([*before, line], Result.ASKED, why or WHY[question].format(slot=slot))

    def _facts(self, found: Found | None) -> Facts:
        """Return what a sentence may rest on: what was found, how it stands, and what the caller said."""
        outcome = {self.name: found.outcome} if found else {}
        return {**outcome, **(found.facts if found else {}), **self.slots}

    def _dropped(self) -> Step:
        said = [Line(self._counter.playbook.sentences.nothing_changed)]
        return self._step(said, Result.DROPPED, "the caller does not want it any more")

    def _unserved(self, why: str, *, unknown: bool = False) -> Step:
        if unknown:
            return self._failed([Line(self._counter.playbook.sentences.no_account)], why)
        return self._step([Line(self._request.fails)], Result.UNSERVED, why)

    def _failed(self, lines: Sequence[Line], why: str) -> Step:
        return self._step(lines, Result.FAILED, why)

    def _step(self, lines: Sequence[Line], result: Result, why: str) -> Step:
        events, self._events = tuple(self._events), []
        return Step(tuple(lines), result, why, events)
