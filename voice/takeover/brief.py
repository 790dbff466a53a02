"""What the agent is told before taking the call: pure, and nothing that the journal does not say."""

from collections.abc import Iterator, Sequence

from voice.dialogue.acts import PERSON, Act
from voice.dialogue.memory import EarlierCall
from voice.dialogue.verification import Identity
from voice.journal.events import (
    Brief,
    CallStarted,
    Decided,
    Entry,
    Felt,
    Heard,
    LookedUp,
    Promised,
    Said,
    Statement,
    Trigger,
    TriggerKind,
    Understood,
)
from voice.journal.link import PastCall

SPOKEN_WORDS = 22
"""About eight seconds at an unhurried 165 words a minute."""

_NO_MATTER = {None, PERSON, *Act}
"""What a turn may be understood as without being about anything."""
_LAST_WORDS = 3
_ANGRY = 0.5

_REASONS = {
    TriggerKind.ASKED: "asked for a person",
    TriggerKind.KEY: "pressed zero",
    TriggerKind.ANGER: "is angry",
    TriggerKind.NOT_UNDERSTOOD: "was not understood",
    TriggerKind.REPEATED: "asked the same thing again",
    TriggerKind.HUMAN_ONLY: "has a matter for people only",
    TriggerKind.BOT_FAILED: "could not be served by the bot",
    TriggerKind.SEVERAL_MATTERS: "has several matters at once",
    TriggerKind.AMOUNT: "asks about a large amount",
    TriggerKind.RECENT_CALL: "rang about this before",
    TriggerKind.LONG_CALL: "has been talking to the bot for long",
    TriggerKind.DEAD_AIR: "heard nothing for too long",
    TriggerKind.WORKER_LOST: "was cut off from the bot",
    TriggerKind.SILENT_CALLER: "says nothing",
    TriggerKind.NOT_VERIFIED: "could not be verified",
}

_SUGGESTIONS = {
    TriggerKind.ASKED: "Ask what they would like a person for.",
    TriggerKind.KEY: "Ask what they would like a person for.",
    TriggerKind.ANGER: "Let them finish, name what went wrong, then say what you will do.",
    TriggerKind.NOT_UNDERSTOOD: "Ask for the matter in their own words; the bot did not get it.",
    TriggerKind.REPEATED: "The bot's answer did not settle it: ask what is missing.",
    TriggerKind.HUMAN_ONLY: "The playbook leaves this to you: follow the clause.",
    TriggerKind.BOT_FAILED: "Look it up yourself; the bot could not.",
    TriggerKind.SEVERAL_MATTERS: "Take one matter after the other, and say so.",
    TriggerKind.AMOUNT: "Check the amount before you say anything about it.",
    TriggerKind.RECENT_CALL: "Say that you know they rang, and what has happened since.",
    TriggerKind.LONG_CALL: "Sum up what they want in one sentence and let them correct you.",
    TriggerKind.DEAD_AIR: "Apologise for the silence and ask what they need.",
    TriggerKind.WORKER_LOST: "Apologise for the interruption and go on from the last words.",
    TriggerKind.SILENT_CALLER: "Check whether they can hear you.",
    TriggerKind.NOT_VERIFIED: "Verify them yourself before you say anything personal.",
}


def write_brief(
    entries: Sequence[Entry], triggers: Sequence[Trigger], earlier: Sequence[PastCall] = ()
) -> Brief:
    """Return the brief of a call as far as its journal goes.

    Args:
        entries: the call's journal, in order.
        triggers: why it goes to a person, the first reason first.
        earlier: the calls before this one from the same number.
    """
    who, name_source = _caller(entries)
    want = _want(entries)
    kinds = tuple(dict.fromkeys(trigger.kind for trigger in triggers))
    anger = max((entry.event.anger for entry in entries if isinstance(entry.event, Felt)), default=None)
    headline = f"{who} calls about {_thing(want)}" if want else f"{who}, reason for the call not known"
    if anger is not None and anger >= _ANGRY:
        headline += ", angry"
    return Brief(
        headline=headline,
        reason="The caller "
        + ", ".join(_REASONS[kind] for kind in kinds)
        + "".join(f". {trigger.evidence[:1].upper()}{trigger.evidence[1:]}" for trigger in triggers)
        + "."
        if kinds
        else "",
        tried=tuple(_tried(entries)),
        promised=tuple(
            Statement(text=f"{entry.event.text} [{entry.event.clause}]", sources=(entry.seq,))
            for entry in entries
            if isinstance(entry.event, Promised)
        ),
        facts=(*name_source, *_past(earlier), *_facts(entries), *_feelings(entries)),
        last_words=" / ".join(_last_words(entries)),
        suggestion=_SUGGESTIONS[kinds[0]] if kinds else "",
        verified=_verified(entries),
        anger=anger,
    )


def spoken(brief: Brief) -> str:
    """Return the brief as it is whispered to the agent: at most `SPOKEN_WORDS` words, the headline first."""
    promises = (statement.text.partition(" [")[0] for statement in brief.promised)
    parts = (brief.headline, brief.reason.partition(".")[0], *(f"Told: {promise}" for promise in promises))
    said: list[str] = []
    for part in parts:
        words = part.rstrip(". ").split()
        if words and len(said) + len(words) <= SPOKEN_WORDS:
            said += (*words[:-1], f"{words[-1]}.")
    return " ".join(said or brief.headline.split()[:SPOKEN_WORDS])


def _caller(entries: Sequence[Entry]) -> tuple[str, tuple[Statement, ...]]:
    for entry in reversed(entries):
        if isinstance(entry.event, LookedUp) and (name := entry.event.facts.get("name")):
            return name, ()
    for entry in entries:
        if isinstance(entry.event, CallStarted):
            return "The caller", (Statement(text=f"calling from {entry.event.caller}", sources=(entry.seq,)),)
    return "The caller", ()


def _verified(entries: Sequence[Entry]) -> bool:
    identity = Identity()
    identity.take_all(entries)
    return identity.verified


def _want(entries: Sequence[Entry]) -> str | None:
    for entry in reversed(entries):
        if isinstance(entry.event, Understood) and entry.event.request not in _NO_MATTER:
            return entry.event.request
    return None


def _thing(request: str) -> str:
    return request.replace("_", " ")


def _tried(entries: Sequence[Entry]) -> Iterator[Statement]:
    for place, entry in enumerate(entries):
        event = entry.event
        if isinstance(event, Decided) and event.action == "answer" and event.request:
            said = [later for later in _turn(entries[place + 1 :]) if isinstance(later.event, Said)]
            text = " ".join(later.event.text for later in said if isinstance(later.event, Said))
            yield Statement(
                text=f"answered {_thing(event.request)}" + (f': "{text}"' if text else ""),
                sources=(entry.seq, *(later.seq for later in said)),
            )
        elif isinstance(event, LookedUp) and not event.ok:
            yield Statement(
                text=f"could not look up {_thing(event.request)}: {event.error}", sources=(entry.seq,)
            )
        elif isinstance(event, Understood) and event.request is None:
            yield Statement(text="did not understand", sources=(entry.seq,))


def _turn(entries: Sequence[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if isinstance(entry.event, Heard) and entry.event.who == "caller":
            return
        yield entry


def _facts(entries: Sequence[Entry]) -> Iterator[Statement]:
    newest: dict[str, Statement] = {}
    for entry in entries:
        if isinstance(entry.event, LookedUp):
            for name, value in entry.event.facts.items():
                newest[name] = Statement(text=f"{_thing(name)}: {value}", sources=(entry.seq,))
        elif isinstance(entry.event, Understood):
            for name, value in entry.event.slots.items():
                newest[name] = Statement(text=f"{_thing(name)} as given: {value}", sources=(entry.seq,))
    yield from newest.values()


def _past(earlier: Sequence[PastCall]) -> Iterator[Statement]:
    for past in earlier:
        call = EarlierCall.of(past)
        about = " and ".join(map(_thing, call.requests)) or "something the bot did not understand"
        ends = ["spoke to a colleague"] if call.person else []
        ends += [f"not answered: {_thing(name)}" for name in call.unsettled]
        ends += [f"told: {text}" for text in call.promised]
        yield Statement(text="; ".join((f"rang {call.spoken_ago} ago about {about}", *ends)))


def _feelings(entries: Sequence[Entry]) -> Iterator[Statement]:
    for entry in entries:
        if isinstance(entry.event, Felt) and entry.event.anger >= _ANGRY:
            why = ", ".join(entry.event.why)
            yield Statement(
                text=f"anger {entry.event.anger:.2f} at {entry.event.end:.0f} s"
                + (f": {why}" if why else ""),
                sources=(entry.seq,),
            )


def _last_words(entries: Sequence[Entry]) -> list[str]:
    heard = [
        e.event.text
        for e in entries
        if isinstance(e.event, Heard) and e.event.who == "caller" and e.event.final
    ]
    return heard[-_LAST_WORDS:]
