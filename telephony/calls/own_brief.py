"""A brief as far as the journal alone tells, for agents rung while no worker has written one. Pure."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from voice.journal.events import (
    NO_MATTER,
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
    Statement,
    Triggered,
    TriggerKind,
    Understood,
)

LAST_WORDS = 3
"""Turns of the caller's that the agent is shown, the last ones."""
_LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "caller": "The caller",
        "wants": "{who} calls about {thing}",
        "unknown": "{who}, reason for the call not known",
        TriggerKind.KEY: "The caller pressed zero.",
        TriggerKind.DEAD_AIR: "The caller heard nothing for too long.",
        TriggerKind.WORKER_LOST: "The caller was cut off from the bot.",
        TriggerKind.CALLBACK: "The caller was rung back as they had asked.",
        "handed_on": "Handed on by {agent}",
        "given_back": "Given back to the bot by {agent}",
        "colon": ": ",
        "answered": "answered {thing}",
        "promised_by": "{text} [promised by {agent}]",
        "calling_from": "calling from {value}",
    },
    "fr": {
        "caller": "L'appelant",
        "wants": "{who} appelle au sujet de : {thing}",
        "unknown": "{who}, motif de l'appel inconnu",
        TriggerKind.KEY: "L'appelant a appuyé sur zéro.",
        TriggerKind.DEAD_AIR: "L'appelant n'entendait plus rien.",
        TriggerKind.WORKER_LOST: "L'appelant a été coupé du robot.",
        TriggerKind.CALLBACK: "L'appelant a été rappelé comme demandé.",
        "handed_on": "Transmis par {agent}",
        "given_back": "Rendu au robot par {agent}",
        "colon": " : ",
        "answered": "a répondu sur {thing}",
        "promised_by": "{text} [promis par {agent}]",
        "calling_from": "appelle du {value}",
    },
}
_NO_FACT = frozenset({"verified_by"})
"""Says which fact was compared with the caller's; the worker alone knows what that is worth."""


def own_brief(entries: Sequence[Entry], language: str, *, before: Brief | None = None) -> Brief:
    """Return the brief; every statement names the entries it repeats.

    Args:
        entries: the call's journal, in order.
        language: the agent's; English where there are no wordings.
        before: the call's brief until now, which knows more: it is kept, and what is newer is added to it.
    """
    draft = _Draft(entries, language)
    reason, reason_from = draft.reason()
    words, words_from = draft.last_words()
    newer = {"reason": reason_from, "last_words": words_from}
    if before is not None:
        if not reason:
            newer["reason"] = before.sources.get("reason", ())
        known = {source for one in before.tried for source in one.sources}
        more = (one for one in draft.tried() if not known.intersection(one.sources))
        return msgspec.structs.replace(
            before,
            reason=reason or before.reason,
            tried=(*before.tried, *more),
            promised=tuple(draft.promised()),
            last_words=words,
            sources={**before.sources, **newer},
        )
    who, headline, headline_from = draft.headline()
    return Brief(
        who=who,
        headline=headline,
        reason=reason,
        tried=tuple(draft.tried()),
        promised=tuple(draft.promised()),
        facts=tuple(draft.facts()),
        last_words=words,
        anger=draft.anger(),
        sources={"headline": headline_from, **newer},
    )


class _Draft:
    def __init__(self, entries: Sequence[Entry], language: str) -> None:
        self._entries = entries
        self._words = _LANGUAGES.get(language.partition("-")[0].lower(), _LANGUAGES["en"])

    def headline(self) -> tuple[str, str, tuple[int, ...]]:
        who, who_from = self._words["caller"], tuple[int, ...]()
        thing, thing_from = "", tuple[int, ...]()
        for entry in self._entries:
            match entry.event:
                case LookedUp(ok=True, facts={"name": name}):
                    who, who_from = name, (entry.seq,)
                case Understood(request=str(request)) if request not in NO_MATTER:
                    thing, thing_from = _plain(request), (entry.seq,)
                case _:
                    pass
        line = self._say("wants" if thing else "unknown", who=who, thing=thing)
        return who, line, (*who_from, *thing_from)

    def reason(self) -> tuple[str, tuple[int, ...]]:
        """Return why a person is needed now: what came last counts, a colleague's word or a trigger's."""
        for entry in reversed(self._entries):
            match entry.event:
                case HandedOn():
                    return f"{self._moved(entry.event)}.", (entry.seq,)
                case Triggered(trigger=trigger):
                    return self._words.get(trigger.kind, trigger.evidence), (entry.seq,)
                case _:
                    pass
        return "", ()

    def tried(self) -> Iterator[Statement]:
        for entry in self._entries:
            match entry.event:
                case Decided(action="answer", request=str(request)):
                    yield Statement(text=self._say("answered", thing=_plain(request)), sources=(entry.seq,))
                case HandedOn() | GivenBack():
                    yield Statement(text=self._moved(entry.event), sources=(entry.seq,))
                case _:
                    pass

    def promised(self) -> Iterator[Statement]:
        for entry in self._entries:
            match entry.event:
                case Promised(text=text, agent="", clause=clause):
                    yield Statement(text=f"{text} [{clause}]", sources=(entry.seq,))
                case Promised(text=text, agent=agent):
                    yield Statement(
                        text=self._say("promised_by", text=text, agent=agent), sources=(entry.seq,)
                    )
                case _:
                    pass

    def facts(self) -> Iterator[Statement]:
        newest: dict[str, Statement] = {}
        for entry in self._entries:
            match entry.event:
                case CallStarted(caller=number) if number:
                    text = self._say("calling_from", value=number)
                    newest["caller"] = Statement(text=text, sources=(entry.seq,), value=number)
                case Understood(slots=found) | LookedUp(ok=True, facts=found):
                    for name, value in found.items():
                        if name in _NO_FACT:
                            continue
                        text = f"{_plain(name)}: {value}"
                        newest[name] = Statement(text=text, sources=(entry.seq,), value=value)
                case _:
                    pass
        yield from newest.values()

    def last_words(self) -> tuple[str, tuple[int, ...]]:
        said = [
            (entry.event.text, entry.seq)
            for entry in self._entries
            if isinstance(entry.event, Heard) and entry.event.who == "caller" and entry.event.final
        ][-LAST_WORDS:]
        return " / ".join(text for text, _ in said), tuple(seq for _, seq in said)

    def anger(self) -> float | None:
        felt = (entry.event.anger for entry in self._entries if isinstance(entry.event, Felt))
        return max(felt, default=None)

    def _moved(self, event: HandedOn | GivenBack) -> str:
        told = event.note if isinstance(event, HandedOn) else event.instruction
        name = "handed_on" if isinstance(event, HandedOn) else "given_back"
        return self._say(name, agent=event.agent) + (told and self._words["colon"] + told.rstrip("."))

    def _say(self, name: str, **parts: str) -> str:
        return self._words[name].format(**parts)


def _plain(name: str) -> str:
    return name.replace("_", " ")
