"""Serving one request: what is asked of the back office, and which sentence its answer becomes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from voice.dialogue.back_office import BackOffice, Found, Inquiry, looked_up
from voice.dialogue.playbook import WEEKDAYS, Answer, Playbook, Texts, placeholders
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Facts


@dataclass(frozen=True)
class Line:
    """Something to say.

    Attributes:
        say: its wordings, facts not yet filled in.
        facts: what fills them.
        clause: carries what it commits to.
    """

    say: Texts
    facts: Facts = field(default_factory=dict)
    clause: str | None = None


@dataclass(frozen=True)
class Served:
    """What came of a request.

    Attributes:
        line: the answer.
        failed: there is none, and a person is needed.
        events: for the journal.
    """

    line: Line
    failed: bool = False
    events: tuple[AnyEvent, ...] = ()


@dataclass(frozen=True)
class Counter:
    """Where a call's requests are served.

    Attributes:
        playbook: says what to ask and how to answer.
        back_office: is asked, for as long as the playbook allows.
        caller: the calling number.
        clock: tells the time and times the back office.
    """

    playbook: Playbook
    back_office: BackOffice
    caller: str
    clock: Clock

    def now(self) -> datetime:
        """Return the time of day where the company is."""
        return self.clock.utc().astimezone(ZoneInfo(self.playbook.time_zone))


async def serve(name: str, counter: Counter) -> Served:
    """Serve the playbook's request `name`."""
    playbook, now = counter.playbook, counter.now()
    request = playbook.requests[name]
    events: tuple[AnyEvent, ...] = ()
    found: Found | None
    if request.look_up is None:
        found = opening(playbook, now)
    else:
        inquiry = Inquiry(look_up=request.look_up, caller=counter.caller, today=now.date())
        seconds = playbook.thresholds.back_office_s
        event, found, unknown = await looked_up(counter.back_office, inquiry, name, counter.clock, seconds)
        events = (event,)
        if unknown:
            return Served(Line(playbook.sentences.no_account), failed=True, events=events)
    answer = request.answers.get(found.outcome) if found else None
    if found is None or answer is None or not _complete(answer, found):
        return Served(Line(request.fails), failed=True, events=events)
    facts = {name: found.outcome, **found.facts}
    return Served(Line(answer.say, facts, answer.clause), events=events)


def _complete(answer: Answer, found: Found) -> bool:
    wanted = {
        name for wordings in answer.say.values() for wording in wordings for name in placeholders(wording)
    }
    return wanted <= found.facts.keys()


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
