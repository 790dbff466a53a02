"""What the bot knows of a call: pure, built from its events.

A worker that takes a call over is as wise as the one that was lost, because both read the same events.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice.dialogue.playbook import Language
from voice.journal.events import (
    AnyEvent,
    CallState,
    Decided,
    Entry,
    Facts,
    Heard,
    LookedUp,
    Said,
    StateChanged,
    Understood,
    WentOn,
)
from voice.journal.link import PastCall

_NOON = 12
_WHEN: dict[Language, dict[str, str]] = {
    "en": {"morning": "this morning", "today": "earlier today", "yesterday": "yesterday"},
    "fr": {"morning": "ce matin", "today": "plus tôt aujourd'hui", "yesterday": "hier"},
}

_Standing = tuple[str | None, Facts, Counter[str], int]


@dataclass(frozen=True)
class EarlierCall:
    """One of the caller's calls before this one.

    Attributes:
        ago: between its start and this call's.
        requests: what was asked for, the last one last.
        unsettled: those of them that were not answered.
        promised: what the caller was promised.
        person: whether a person took over.
    """

    ago: timedelta
    requests: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    promised: tuple[str, ...] = ()
    person: bool = False

    @classmethod
    def of(cls, past: PastCall) -> "EarlierCall":
        """Read a call as the switchboard tells it."""
        return cls(timedelta(seconds=past.ago), past.requests, past.open, past.promised, past.person)

    @property
    def subject(self) -> str | None:
        """What the call was about: what was left open, else what came last."""
        return next(reversed(self.unsettled or self.requests), None)

    def when(self, now: datetime, language: Language) -> str | None:
        """Return when the call was, as it is said on the telephone; None where that is long ago."""
        began = now - self.ago
        days = (now.date() - began.date()).days
        said = _WHEN[language]
        if days == 0:
            return said["morning"] if began.hour < _NOON <= now.hour else said["today"]
        return said.get({1: "yesterday"}.get(days, ""))

    @property
    def rounded(self) -> tuple[int, str]:
        """How long ago it was, as people say it: 2 hours, not 1 hour 55."""
        hours = self.ago / timedelta(hours=1)
        if hours < 1:
            return round(self.ago / timedelta(minutes=1)), "minute"
        return (round(hours), "hour") if hours < 48 else (self.ago.days, "day")

    @property
    def spoken_ago(self) -> str:
        """How long ago it was, in English: "2 hours"."""
        number, unit = self.rounded
        return f"{number} {unit}{'' if number == 1 else 's'}"


class Memory:
    """One call so far.

    Attributes:
        request: what the caller last asked for, where that was understood.
        slots: what was known of it, by name.
        answered: how often each request has been answered.
        facts: everything the back office has found on this call.
        said: the bot's sentences since the caller last spoke, or of its last turn.
        unanswered: the caller's last words, as long as nothing was decided about them, and behind them what
            else they may have been.
        misses: turns in a row that were not understood.
        failures: back-office calls that failed since the bot has the call.
    """

    def __init__(self) -> None:
        self.request: str | None = None
        self.slots: Facts = {}
        self.answered: Counter[str] = Counter()
        self.facts: Facts = {}
        self.said: tuple[str, ...] = ()
        self.unanswered: tuple[str, ...] = ()
        self.misses = 0
        self.failures = 0
        self._turn_over = True
        self._now: _Standing = (None, {}, Counter(), 0)
        """Request, slots, answered and misses as they stood before the caller's last turn."""
        self._before: _Standing = self._now
        """And before the last but one."""

    def take(self, event: AnyEvent) -> None:
        """Take in one event of the call."""
        match event:
            case Heard(who="caller", final=True):
                self.unanswered = (event.text, *event.others)
                self._turn_over = True
                self._before = self._now
                self._now = (self.request, self.slots, Counter(self.answered), self.misses)
            case WentOn():
                self.unanswered = (event.text,)
                self.request, self.slots, answered, self.misses = self._now = self._before
                self.answered = Counter(answered)
            case Understood(request=None):
                self.misses += 1
            case Understood():
                self.misses = 0
                self.request, self.slots = event.request, event.slots
            case LookedUp(ok=True):
                self.facts = {**self.facts, **event.facts}
            case LookedUp():
                self.failures += 1
            case StateChanged(after=CallState.WITH_BOT):
                self.failures = 0
            case Decided():
                self.unanswered = ()
                if event.action == "answer" and event.request:
                    self.answered[event.request] += 1
            case Said(by="bot"):
                self.said = (event.text,) if self._turn_over else (*self.said, event.text)
                self._turn_over = False

    def take_all(self, history: Iterable[Entry]) -> None:
        """Take in a call's past, in order."""
        for entry in history:
            self.take(entry.event)
