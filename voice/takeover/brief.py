"""What the agent is told before taking the call: pure, and nothing that the journal does not say."""

from collections.abc import Iterator, Mapping, Sequence

from voice.dialogue.verification import VERIFICATION, Identity
from voice.journal.events import (
    NO_MATTER,
    AnyEvent,
    Brief,
    CallStarted,
    Decided,
    Entry,
    Felt,
    GivenBack,
    HandedOn,
    Heard,
    LookedUp,
    Promised,
    Said,
    Statement,
    Trigger,
    Triggered,
    TriggerKind,
    Understood,
)
from voice.journal.link import PastCall
from voice.takeover.brief_wording import Wording, wording
from voice.takeover.earlier import told_of

"""What a turn may be understood as without being about anything."""
_LAST_WORDS = 3
_ANGRY = 0.5
_OF_COLLEAGUE = 2
"""Sentences of a colleague who had the call that the next one is shown, the last ones."""


def write_brief(
    entries: Sequence[Entry],
    triggers: Sequence[Trigger],
    earlier: Sequence[PastCall] = (),
    *,
    language: str = "en",
    about: Mapping[str, str] | None = None,
) -> Brief:
    """Return the brief of a call as far as its journal goes.

    Args:
        entries: the call's journal, in order.
        triggers: why it goes to a person, the first reason first; none where a colleague hands it on.
        earlier: the calls before this one from the same number.
        language: the agent's.
        about: what the bot tells callers a request is about, by the request's name.
    """
    return _Writer(entries, wording(language), about or {}).brief(triggers, earlier)


class _Writer:
    def __init__(self, entries: Sequence[Entry], words: Wording, about: Mapping[str, str]) -> None:
        self._entries = entries
        self._words = words
        self._about = about

    def brief(self, triggers: Sequence[Trigger], earlier: Sequence[PastCall]) -> Brief:
        words = self._words
        who, facts_of_name, name_from = self._caller()
        want, want_from = self._want()
        anger, angry_from = self._anger()
        verified, verified_from = self._verified()
        headline = (
            words.say("wants", who=who, thing=self._thing(want))
            if want
            else words.say("wants_nothing", who=who)
        )
        if anger is not None and anger >= _ANGRY:
            headline += f", {words.texts['angry']}"
        else:
            angry_from = ()
        reason, reason_from = self._reason(triggers)
        suggestion, on_want = self._suggestion(triggers, want)
        last, last_from = self._last_words()
        return Brief(
            who=who,
            headline=headline,
            reason=reason,
            tried=tuple(self._tried()),
            promised=tuple(self._promised()),
            facts=(*facts_of_name, *self._facts()),
            last_words=last,
            suggestion=suggestion,
            verified=verified,
            anger=anger,
            feelings=tuple(self._feelings()),
            earlier=tuple(told_of(past, words, self._thing) for past in earlier),
            sources={
                "headline": (*name_from, *want_from, *angry_from),
                "reason": reason_from,
                "last_words": last_from,
                "verified": verified_from,
                "suggestion": (*reason_from, *(want_from if on_want else ())) if suggestion else (),
            },
        )

    def _caller(self) -> tuple[str, tuple[Statement, ...], tuple[int, ...]]:
        for entry in reversed(self._entries):
            if isinstance(entry.event, LookedUp) and (name := entry.event.facts.get("name")):
                return name, (), (entry.seq,)
        who = self._words.texts["the_caller"]
        for entry in self._entries:
            if isinstance(entry.event, CallStarted) and entry.event.caller:
                number = entry.event.caller
                text = self._words.say("calling_from", value=number)
                return who, (Statement(text=text, sources=(entry.seq,), value=number),), ()
        return who, (), ()

    def _want(self) -> tuple[str | None, tuple[int, ...]]:
        for entry in reversed(self._entries):
            if isinstance(entry.event, Understood) and entry.event.request not in (None, *NO_MATTER):
                return entry.event.request, (entry.seq,)
        return None, ()

    def _thing(self, request: str | None) -> str:
        said = self._about.get(request or "")
        return self._words.to_agent(said) if said else (request or "").replace("_", " ")

    def _anger(self) -> tuple[float | None, tuple[int, ...]]:
        felt = [entry for entry in self._entries if isinstance(entry.event, Felt)]
        if not felt:
            return None, ()
        angriest = max(felt, key=lambda entry: entry.event.anger if isinstance(entry.event, Felt) else 0.0)
        assert isinstance(angriest.event, Felt)
        return angriest.event.anger, (angriest.seq,)

    def _verified(self) -> tuple[bool, tuple[int, ...]]:
        identity = Identity()
        identity.take_all(self._entries)
        if not identity.verified:
            return False, ()
        told = [
            e.seq for e in self._entries if isinstance(e.event, LookedUp) and e.event.request == VERIFICATION
        ]
        told += [e.seq for e in self._entries if isinstance(e.event, GivenBack) and e.event.verified]
        return True, tuple(told[-1:])

    def _reason(self, triggers: Sequence[Trigger]) -> tuple[str, tuple[int, ...]]:
        handed, handed_from = self._handed_on()
        if not triggers:
            return handed, handed_from
        kinds = dict.fromkeys(trigger.kind for trigger in triggers)
        because = ", ".join(self._words.reasons[kind] for kind in kinds)
        told = [self._evidence(trigger) for trigger in triggers]
        evidence = "".join(f". {one.text[:1].upper()}{one.text[1:]}" for one in told if one.text)
        sources = [
            e.seq for e in self._entries if isinstance(e.event, Triggered) and e.event.trigger in triggers
        ]
        reason = f"{self._words.say('reason', reasons=because)}{evidence.rstrip('.')}."
        sources += [seq for one in told for seq in one.sources]
        return f"{handed} {reason}".lstrip(), (*handed_from, *sources)

    def _handed_on(self) -> tuple[str, tuple[int, ...]]:
        for entry in reversed(self._entries):
            if isinstance(entry.event, GivenBack):
                break
            if isinstance(entry.event, HandedOn):
                return _sentence(self._handed(entry.event)), (entry.seq,)
        return "", ()

    def _handed(self, event: HandedOn) -> str:
        if not event.note:
            return self._words.say("handed_on", agent=event.agent)
        return self._words.say("handed_on_note", agent=event.agent, note=event.note)

    def _suggestion(self, triggers: Sequence[Trigger], want: str | None) -> tuple[str, bool]:
        """Return what to begin with, and whether it rests on what the caller wants."""
        suggestions = self._words.suggestions
        if self._handed_on()[0]:
            return suggestions["handed_on"], False
        if not triggers:
            return "", False
        kind = triggers[0].kind.value
        if want and kind in ("asked", "key"):
            return suggestions["known"].format(thing=self._thing(want)), True
        return suggestions[kind], False

    def _tried(self) -> Iterator[Statement]:
        words = self._words
        for place, entry in enumerate(self._entries):
            match entry.event:
                case Decided(action="answer", request=str(request)):
                    said = dict(_said_in_turn(self._entries[place + 1 :]))
                    quoted = f': "{" ".join(said.values())}"' if said else ""
                    text = words.say("answered", thing=self._thing(request)) + quoted
                    yield Statement(text=text, sources=(entry.seq, *said))
                case LookedUp(request=request, facts={"verified_by": fact}) if request == VERIFICATION:
                    name = "verified" if fact != "no" else "wrong_fact"
                    value = words.name(fact if fact != "no" else "answer")
                    yield Statement(text=words.say(name, value=value), sources=(entry.seq,))
                case LookedUp(ok=False, request=request, error=error):
                    text = words.say("not_found", thing=self._thing(request), error=error)
                    yield Statement(text=text, sources=(entry.seq,))
                case Understood(request=None):
                    yield Statement(text=words.texts["not_understood"], sources=(entry.seq,))
                case GivenBack(agent=agent, instruction=note):
                    text = words.say("given_back", agent=agent, note=note).rstrip(": ")
                    yield Statement(text=text, sources=(entry.seq,))
                case HandedOn():
                    yield from self._colleague(place, entry.seq, entry.event)
                    yield Statement(text=self._handed(entry.event), sources=(entry.seq,))
                case _:
                    pass

    def _colleague(self, place: int, seq: int, handed: HandedOn) -> Iterator[Statement]:
        """Yield what the colleague said last before handing the call on."""
        said = [
            entry
            for entry in self._entries[:place]
            if isinstance(entry.event, Heard) and entry.event.who == "agent" and entry.event.final
        ]
        for entry in said[-_OF_COLLEAGUE:]:
            assert isinstance(entry.event, Heard)
            text = self._words.say("agent_said", agent=handed.agent, text=entry.event.text)
            yield Statement(text=text, sources=(entry.seq, seq))

    def _promised(self) -> Iterator[Statement]:
        for entry in self._entries:
            if isinstance(entry.event, Promised):
                text = f"{entry.event.text} [{entry.event.clause}]"
                if entry.event.agent:
                    text = self._words.say("promised_by", text=entry.event.text, agent=entry.event.agent)
                yield Statement(text=text, sources=(entry.seq,))

    def _facts(self) -> Iterator[Statement]:
        words = self._words
        newest: dict[str, Statement] = {}
        for entry in self._entries:
            if isinstance(entry.event, LookedUp) and entry.event.request != VERIFICATION:
                for name, value in entry.event.facts.items():
                    newest[name] = Statement(
                        text=f"{words.name(name)}: {value}", sources=(entry.seq,), value=value
                    )
            elif isinstance(entry.event, Understood):
                for name, value in entry.event.slots.items():
                    text = words.say("as_given", name=words.name(name), value=value)
                    newest[name] = Statement(text=text, sources=(entry.seq,), value=value)
        yield from newest.values()

    def _feelings(self) -> Iterator[Statement]:
        for entry in self._entries:
            if isinstance(entry.event, Felt) and entry.event.anger >= _ANGRY:
                yield self._felt(entry, entry.event)

    def _felt(self, entry: Entry, felt: Felt) -> Statement:
        turn = next((turn for turn in _turns(self._entries) if _overlap(turn.event, felt)), None)
        said = turn.event.text if turn is not None and isinstance(turn.event, Heard) else ""
        sources = (entry.seq, *((turn.seq,) if turn is not None else ()))
        return Statement(text=self._words.felt(felt, said), sources=sources)

    def _evidence(self, trigger: Trigger) -> Statement:
        """Return what a reason rests on; for anger, the turn whose score it bears."""
        if trigger.kind is TriggerKind.ANGER:
            felt = [(e, e.event) for e in self._entries if isinstance(e.event, Felt)]
            fired = [found for found in felt if found[1].anger == trigger.score]
            if fired:
                return self._felt(*min(fired, key=lambda found: abs(found[0].t - trigger.t)))
        return Statement(text=self._words.evidence(trigger))

    def _last_words(self) -> tuple[str, tuple[int, ...]]:
        heard = list(_turns(self._entries))[:_LAST_WORDS][::-1]
        said = [entry.event.text for entry in heard if isinstance(entry.event, Heard)]
        return " / ".join(said), tuple(entry.seq for entry in heard)


def _turns(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the caller's turns, the last one first."""
    for entry in reversed(entries):
        if isinstance(entry.event, Heard) and entry.event.who == "caller" and entry.event.final:
            yield entry


def _overlap(event: AnyEvent, felt: Felt) -> bool:
    return isinstance(event, Heard) and event.start < felt.end and event.end > felt.start


def _said_in_turn(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """Yield what the bot says until the caller speaks again, with its place in the journal."""
    for entry in entries:
        if isinstance(entry.event, Heard) and entry.event.who == "caller":
            return
        if isinstance(entry.event, Said):
            yield entry.seq, entry.event.text


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
