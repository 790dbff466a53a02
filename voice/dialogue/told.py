"""What a caller has told of one request so far: values by name, and what the words of a turn add to them."""

from collections.abc import Sequence
from copy import copy
from datetime import date, timedelta

from voice.dialogue.ngrams import plain
from voice.dialogue.request import Request, Slot
from voice.dialogue.requests import Counter
from voice.dialogue.slots.reading import FREE, Value, Wanted, read
from voice.dialogue.texts import Language
from voice.journal.events import Facts

_TOWN = 2
"""Words of an answer that any request would take more words to ask for."""
_LABEL = 4
"""Letters from which a word of a value's label names it."""


class Told:
    """The values of one request.

    Args:
        request: says which there are.
        counter: tells the day.
        language: of the call.

    Attributes:
        values: what is known so far, by name.
        facts: what was looked up for it.
        expected: which there are to choose from, by name, where the back office has told.
        language: of the call.
    """

    def __init__(self, request: Request, counter: Counter, language: Language) -> None:
        self.values: dict[str, str] = {}
        self.facts: Facts = {}
        self.expected: dict[str, tuple[str, ...]] = {}
        self.language = language
        self._waits: dict[str, str] = {}
        """Words that say a value once the facts are known, by its name."""
        self._slots = request.slots
        self._counter = counter

    def rehearsed(self) -> "Told":
        """Return a copy that goes on from here by itself."""
        twin = copy(self)
        twin.values, twin.expected = dict(self.values), dict(self.expected)
        twin._waits = dict(self._waits)
        return twin

    def wanted(self, name: str) -> Wanted:
        """Return how a value is read."""
        return self._slots[name].wanted(self.expected.get(name, ()), self._since(name))

    def look_at(self, facts: Facts) -> None:
        """Take in what was looked up, and what was told before and can be understood only with it."""
        self.facts, waits, self._waits = facts, self._waits, {}
        for name, words in waits.items():
            self.take(name, self.read(name, words))

    def read(self, name: str, words: str) -> tuple[Value, ...]:
        """Return what words may say of a value, best first."""
        return read(words, self.language, self.wanted(name), self._counter.now().date())

    def take(self, name: str, values: Sequence[Value]) -> bool:
        """Note the best value, where it is sure; return whether it was."""
        if not values or not values[0].sure:
            return False
        self.values[name] = values[0].text
        return True

    def take_unasked(self, words: str, *, anew: bool = False) -> None:
        """Take what a turn says of values nobody has asked for; free words could be any of them.

        Args:
            words: the turn's.
            anew: take what is known already too.
        """
        for name, slot in self._slots.items():
            if slot.kind in FREE or not (anew or name not in self.values):
                continue
            if slot.later_than and not self.facts and self._counts_on(name, words):
                self._waits[name] = words
            else:
                self.take(name, self.read(name, words))

    def _since(self, name: str) -> date | None:
        told = self.facts.get(self._slots[name].later_than or "")
        return date.fromisoformat(told) if told else None

    def _counts_on(self, name: str, words: str) -> bool:
        """Return whether words say a day that counts from one that is yet to be looked up."""
        slot, today = self._slots[name], self._counter.now().date()
        some_day = today + timedelta(days=1)
        alone, later = (read(words, self.language, slot.wanted(since=day), today) for day in (None, some_day))
        return alone != later

    def corrected(self, words: str) -> bool:
        """Take values that are told another way than before; return whether there were any."""
        corrected = False
        for name, slot in self._slots.items():
            values = self.read(name, words) if slot.kind not in FREE else ()
            if values and values[0].text != self.values.get(name) and self.take(name, values):
                corrected = True
        return corrected

    def holds(self, words: str, asked: str) -> bool:
        """Return whether words hold a value: the one asked for, or any where none is."""
        if asked and self._slots[asked].kind in FREE:
            return len(words.split()) <= _TOWN
        named = {asked} if asked else self._slots.keys()
        return any(self.read(name, words) for name in named if self._slots[name].kind not in FREE)

    def missing(self) -> str | None:
        """Return the first value that must be known and is not."""
        slots = self._slots.items()
        return next((name for name, slot in slots if not slot.optional and name not in self.values), None)

    def named_in(self, words: str) -> str | None:
        """Return which of several values the caller names."""
        said = set(plain(words).split())
        if len(self._slots) < 2:
            return None
        return next((name for name, slot in self._slots.items() if self._label(slot) & said), None)

    def parts(self) -> str:
        """Return the values' labels, to choose from."""
        labels = [slot.about[self.language][0] for slot in self._slots.values()]
        joint = {"en": " or ", "fr": " ou "}[self.language]
        return ", ".join(labels[:-1]) + joint + labels[-1]

    def _label(self, slot: Slot) -> set[str]:
        labels = slot.about[self.language]
        return {word for label in labels for word in plain(label).split() if len(word) >= _LABEL}
