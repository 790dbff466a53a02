"""What a request needs to be served: the back office and the clock, and the sentence an answer becomes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from voice.dialogue.back_office import BackOffice, Found, Inquiry, looked_up
from voice.dialogue.hours import WEEKDAYS
from voice.dialogue.playbook import Answer, Playbook, Texts, placeholders
from voice.dialogue.verification import VERIFICATION, compared
from voice.journal.clock import Clock
from voice.journal.events import Facts, LookedUp

SLOW = 0.5
"""Seconds a question to the back office may take before the caller is told that somebody is still there."""
_GUESSES = 2
"""Readings of one answer that are compared: what was said once may be heard in two ways."""


@dataclass(frozen=True)
class Line:
    """Something to say.

    Attributes:
        say: its wordings, facts not yet filled in.
        facts: what fills them.
        clause: carries what it commits to.
        said_before: what it holds has passed the guardrails on an earlier call.
    """

    say: Texts
    facts: Facts = field(default_factory=dict)
    clause: str | None = None
    said_before: bool = False


@dataclass(frozen=True)
class Counter:
    """Where a call's requests are served.

    Attributes:
        playbook: says what to ask and how to answer.
        back_office: is asked, for as long as the playbook allows.
        caller: the calling number.
        clock: tells the time and times the back office.
        call: the call's name in the journal, the same for every worker that has it.
        slow: set while the back office takes its time over a question.
    """

    playbook: Playbook
    back_office: BackOffice
    caller: str
    clock: Clock
    call: str = ""
    slow: asyncio.Event = field(default_factory=asyncio.Event, compare=False)

    def now(self) -> datetime:
        """Return the time of day where the company is."""
        return self.clock.utc().astimezone(ZoneInfo(self.playbook.time_zone))

    async def ask(
        self, request: str, call: str, slots: Mapping[str, str], key: str = ""
    ) -> tuple[LookedUp, Found | None, bool]:
        """Ask the back office; return the event, what was found, and whether the caller is unknown."""
        inquiry = Inquiry(
            look_up=call, caller=self.caller, today=self.now().date(), slots=dict(slots), key=key
        )
        seconds = self.playbook.thresholds.back_office_s
        timer = asyncio.get_running_loop().call_later(SLOW, self.slow.set)
        try:
            return await looked_up(self.back_office, inquiry, request, self.clock, seconds)
        finally:
            timer.cancel()
            self.slow.clear()

    async def compare(self, call: str, fact: str, said: Sequence[str]) -> tuple[LookedUp, bool]:
        """Compare a fact with the back office's; return the event, and whether the caller is unknown.

        Args:
            call: the back office's.
            fact: its name.
            said: what it may be, best first.
        """
        right, ms = False, 0.0
        for value in said[:_GUESSES]:
            event, found, unknown = await self.ask(VERIFICATION, call, {fact: value})
            ms += event.ms
            if found is None:
                return event, unknown
            right = right or found.outcome == "verified"
        return compared(fact, right, ms), False

    def change_key(self, call: str, slots: Mapping[str, str], nth: int) -> str:
        """Return the key of a change: the same for every attempt at it, whichever worker makes it.

        Args:
            call: the back office's.
            slots: what it is made with.
            nth: how often the request has been answered before on this call: what is wanted once more is
                done once more.
        """
        told = (self.call, self.caller, call, nth, sorted(slots.items()))
        return sha256(repr(told).encode()).hexdigest()[:32]


def answer_line(answer: Answer, facts: Facts, *, verified: bool) -> Line | None:
    """Return an answer with its facts, or None where one it wants is not there."""
    say = answer.verified if verified and answer.verified else answer.say
    wanted = {name for wordings in say.values() for wording in wordings for name in placeholders(wording)}
    return Line(say, facts, answer.clause) if wanted <= facts.keys() else None


def opening(playbook: Playbook, now: datetime) -> Found:
    """Return until when people answer today, or when they do again."""
    for ahead in range(8):
        day = now.date() + timedelta(days=ahead)
        hours = playbook.opening_hours[WEEKDAYS[day.weekday()]]
        if hours is None or (ahead == 0 and now.time() >= hours[1]):
            continue
        opens, closes = hours
        if ahead == 0 and now.time() >= opens:
            return Found("open", {"closes": closes.isoformat("minutes")})
        return Found("closed", {"opens_day": day.isoformat(), "opens": opens.isoformat("minutes")})
    return Found("never", {})
