"""What a playbook writes about one request: what must be known, who must be asking, and what is answered."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from voice.dialogue.slots.postcodes import FORMATS
from voice.dialogue.slots.reading import Kind, Wanted
from voice.dialogue.texts import Examples, Part, Texts
from voice.hearing.patience import Collecting, Given

READY = "ready"
"""The outcome of a look-up after which a change may go ahead."""

_GIVEN: dict[Kind, Given] = {
    "amount": "digits",
    "order_number": "digits",
    "postcode": "digits",
    "birthday": "birthday",
    "date": "date",
    "name": "name",
    "place": "name",
    "street": "name",
}
"""How people give each: figures one by one, or words after some thought."""

_FIGURES = re.compile(r"\\d\{(\d)\}")
"""A postcode of figures alone, and how many."""

Level = Literal["nobody", "number", "fact"]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    return value


def _country(value: str) -> str:
    if value not in FORMATS:
        raise ValueError(f"name one of {', '.join(FORMATS)}")
    return value


class Slot(Part):
    """One thing that must be known."""

    kind: Kind
    about: Texts
    """As in "Is it the street, the postcode or the town?"."""
    ask: Texts
    optional: bool = False
    """Asked for only where the back office wants it; taken where the caller says it unasked."""
    pattern: Annotated[str, AfterValidator(_pattern)] = r"[A-Z]{0,3}\d{4,12}"
    """What an order number looks like: a regular expression over capitals and figures."""
    check_digit: bool = False
    """Whether an order number's last figure is Luhn's check digit."""
    country: Annotated[str, AfterValidator(_country)] = "FR"
    """Whose postcodes are meant."""

    later_than: str | None = None
    """The fact of the look-up that "a week later" counts from; none: the day of the call."""
    patience: Annotated[float | None, Field(gt=0, le=5)] = None
    """Seconds a caller may pause while giving it; none: as long as the worker's settings say."""

    def collecting(self) -> Collecting | None:
        """Return how the caller will give it: piece by piece, or at a stretch."""
        figures = _FIGURES.fullmatch(FORMATS[self.country]) if self.kind == "postcode" else None
        return Collecting(_GIVEN[self.kind], self.patience, int(figures[1]) if figures else None)

    def wanted(self, expected: tuple[str, ...] = (), since: date | None = None) -> Wanted:
        """Return what to read for.

        Args:
            expected: the values it may have, where they are known.
            since: the day "a week later" counts from; None: the day of the call.
        """
        return Wanted(self.kind, self.pattern, self.check_digit, self.country, expected, since)


class Answer(Part):
    """What is said for one outcome of a back-office call."""

    say: Texts
    verified: Texts | None = None
    """Said instead to a caller who has been verified: what is personal goes here."""
    clause: str | None = None
    """Carries what the sentence commits to; with it the sentence is journalled as a promise."""
    ask: str | None = None
    """The slot that is asked for again after it: "That is too late. Which day ...?"."""


class Change(Part):
    """What a request changes; nothing is changed before the caller has said yes."""

    call: str
    """The back-office call that makes it."""
    confirm: Texts
    """Reads everything back, as a question."""
    answers: dict[str, Answer] = Field(min_length=1)


class Request(Part):
    """One thing the bot does by itself."""

    about: Texts
    """As in "You were asking about ..."."""
    examples: Examples
    verify: Level = "fact"
    """Who may ask: `nobody` known, a caller with a customer's `number`, or one who knows a `fact`."""
    skill: str = ""
    """What an agent must know to help with it; agents list their skills."""
    look_up: str | None = None
    """The back-office call; none where the playbook itself knows the answer."""
    acts: bool = False
    """Whether that call does something (sends an invoice): then it is made when the bot answers the caller,
    neither in a rehearsal nor for an agent's help."""
    slots: dict[str, Slot] = Field(default={})
    change: Change | None = None
    answers: dict[str, Answer] = Field(min_length=1)
    """By the outcome the look-up names; with a change, the outcome `ready` goes on to it."""
    fails: Texts

    def every_answer(self) -> Iterator[tuple[tuple[str, ...], Answer]]:
        """Yield each answer with where it stands within the request."""
        yield from ((("answers", outcome), answer) for outcome, answer in self.answers.items())
        if self.change:
            for outcome, answer in self.change.answers.items():
                yield ("change", "answers", outcome), answer

    def texts(self) -> Iterator[tuple[tuple[str, ...], Texts]]:
        """Yield everything it may say with where it stands, `about` and the examples left out."""
        yield ("fails",), self.fails
        for name, slot in self.slots.items():
            yield ("slots", name, "about"), slot.about
            yield ("slots", name, "ask"), slot.ask
        if self.change:
            yield ("change", "confirm"), self.change.confirm
        for place, answer in self.every_answer():
            yield (*place, "say"), answer.say
            if answer.verified:
                yield (*place, "verified"), answer.verified


class Verification(Part):
    """How a caller shows that they are who their number says; knowing the number is never enough."""

    call: str
    """The back-office call that compares: its outcome is `verified` or `wrong`."""
    attempts: int = Field(default=3, ge=1, le=5)
    """After so many wrong answers a person takes over."""
    facts: dict[str, Slot] = Field(min_length=1)
    """Asked for in this order: the next one once the one before was wrong twice."""
    wrong: Texts
    failed: Texts

    def fact(self, failures: int) -> tuple[str, Slot]:
        """Return what is asked for after so many wrong answers."""
        facts: list[Any] = list(self.facts.items())
        name, slot = facts[min(failures // 2, len(facts) - 1)]
        return name, slot

    def texts(self) -> Iterator[tuple[tuple[str, ...], Texts]]:
        """Yield everything it may say with where it stands."""
        yield ("wrong",), self.wrong
        yield ("failed",), self.failed
        for name, slot in self.facts.items():
            yield ("facts", name, "about"), slot.about
            yield ("facts", name, "ask"), slot.ask
