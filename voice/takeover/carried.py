"""Whether the transcript carries what a brief says. Pure; the same for sentences of ours and of a model's.

A statement is carried when every figure in it, every word it quotes and every word that means anything
stands in the entries it points to, or is one of the brief's own fixed words. A model's statement is held
besides to its sources' yes and no: "has not arrived" does not carry "has arrived".
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from voice.dialogue.verification import Identity
from voice.emotion.plain_words import plain_words
from voice.journal.events import AnyEvent, Brief, Entry, Felt, HandedOn, Heard, Statement, Trigger
from voice.journal.link import PastCall
from voice.takeover.brief_wording import Wording, wording
from voice.takeover.earlier import known_of

_WORD = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(r"\d+")
_QUOTED = re.compile(r'["«“](.+?)["»”]')
_PARTS = re.compile(r"(?<=[.?!])\s+|\s/\s")
_FIELD = re.compile(r"{\w*}")
_STEM = 5
"""Letters that must be the same: "refunded" is carried by "refund"."""
_SHORTEST = 4
"""Words of fewer letters mean too little to be looked for."""
_CONTRACTED_NO = re.compile(r"n t\b")
_NO = frozenset(
    ("not", "no", "never", "none", "nothing", "without", "cannot",
     "pas", "jamais", "aucun", "aucune", "rien", "sans", "ni")
)  # fmt: skip


def checked(
    brief: Brief,
    entries: Sequence[Entry],
    triggers: Sequence[Trigger],
    earlier: Sequence[PastCall] = (),
    *,
    language: str = "en",
    about: Mapping[str, str] | None = None,
) -> Brief:
    """Return the brief without the statements that the transcript does not carry.

    Earlier calls are held to what their own journals say, a suggestion to the advice there is for the reasons
    and to what the caller wants, and who counts as verified to the entries that show it.

    Args:
        brief: as written.
        entries: the call's journal.
        triggers: why the call goes to a person; what they tell counts as told.
        earlier: the caller's calls before this one.
        language: the brief's.
        about: what requests are about, by name.
    """
    check = Check(entries, language, about or {})
    sources = brief.sources
    reasons = " ".join(_strings(msgspec.to_builtins(list(triggers))))
    advice = " ".join(check.advice(triggers, sources.get("suggestion", ())))
    return msgspec.structs.replace(
        brief,
        headline=brief.headline if check.carries(brief.headline, sources.get("headline", ())) else "",
        reason=brief.reason if check.carries(brief.reason, sources.get("reason", ()), reasons) else "",
        last_words=(
            brief.last_words if check.carries(brief.last_words, sources.get("last_words", ())) else ""
        ),
        tried=check.kept(brief.tried),
        promised=check.kept(brief.promised),
        facts=check.kept(brief.facts),
        feelings=check.kept(brief.feelings),
        earlier=check.of_earlier(brief.earlier, earlier),
        suggestion=(
            brief.suggestion if check.carries(brief.suggestion, sources.get("suggestion", ()), advice) else ""
        ),
        verified=brief.verified and check.verifies(sources.get("verified", ())),
    )


class Check:
    """Holds statements against a call's entries.

    Args:
        entries: the journal.
        language: of the statements.
        about: what requests are about, by name: what an entry that names a request also says.
    """

    def __init__(self, entries: Sequence[Entry], language: str, about: Mapping[str, str]) -> None:
        self._entries = {entry.seq: entry for entry in entries}
        words = wording(language)
        self._words = words
        self._about = {name: f"{said} {words.to_agent(said)}" for name, said in about.items()}
        self._fixed = _fixed(language)

    def kept(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        """Return those that are carried."""
        return tuple(one for one in statements if one.sources and self.carries(one.text, one.sources))

    def of_earlier(
        self, statements: Iterable[Statement], earlier: Iterable[PastCall]
    ) -> tuple[Statement, ...]:
        """Return those that point to entries of an earlier call which carry them."""
        calls = {past.call: past for past in earlier}
        return tuple(
            one
            for one in statements
            if (past := calls.get(one.call)) is not None
            and one.sources
            and set(one.sources) <= set(past.sources)
            and self._says(one.text, self._spelt(" ".join(known_of(past, self._words))))
        )

    def advice(self, triggers: Iterable[Trigger], sources: Collection[int]) -> Iterator[str]:
        """Yield the advice there is for these reasons, and for what the entries say has happened."""
        suggestions = self._words.suggestions
        yield from (suggestions[trigger.kind] for trigger in triggers)
        yield _FIELD.sub(" ", suggestions["known"])
        if any(isinstance(self._event(source), HandedOn) for source in sources):
            yield suggestions["handed_on"]

    def verifies(self, sources: Iterable[int]) -> bool:
        """Return whether one of the entries shows who the caller is."""
        identity = Identity()
        for source in sources:
            if (event := self._event(source)) is not None:
                identity.take(event)
        return identity.verified

    def carries(self, text: str, sources: Collection[int], besides: str = "") -> bool:
        """Return whether the entries `sources`, and what is known `besides`, carry the text."""
        if not all(source in self._entries for source in sources):
            return False
        return self._says(
            text, " ".join((besides, *(self._told(self._entries[source]) for source in sources)))
        )

    def _says(self, text: str, told: str) -> bool:
        stems, figures = set(_stems(told)), set(_FIGURE.findall(told))
        plain = _plain(told)
        quotes = (_plain(part) for quote in _QUOTED.findall(text) for part in _PARTS.split(quote))
        return (
            all(stem in stems or stem in self._fixed for stem in _stems(text))
            and all(figure in figures for figure in _FIGURE.findall(text))
            and all(quote in plain for quote in quotes)
        )

    def faithful(self, text: str, sources: Collection[int]) -> bool:
        """Return whether a sentence of a model's is carried, with its sources' yes or no."""
        if not sources or not self.carries(text, sources):
            return False
        told = " ".join(self._told(self._entries[source]) for source in sources)
        return _denies(text) == _denies(told)

    def _event(self, source: int) -> AnyEvent | None:
        entry = self._entries.get(source)
        return None if entry is None else entry.event

    def _told(self, entry: Entry) -> str:
        event = entry.event
        if isinstance(event, Heard):
            event = msgspec.structs.replace(event, others=())  # nobody is known to have said these
        told = " ".join(_strings(msgspec.to_builtins(event)))
        if isinstance(event, Felt):
            told = " ".join((told, *plain_words(event.signs, self._words.language)))
        return self._spelt(told)

    def _spelt(self, told: str) -> str:
        """Return what is told with what the names in it stand for."""
        named = [about for name, about in self._about.items() if name in told]
        spelt = [self._words.name(name) for name in re.findall(r"\w+", told)]
        return " ".join((told, told.replace("_", " "), *spelt, *named))


def _strings(value: Any) -> Iterator[str]:
    """Yield everything an event says, names of its facts included; scores and seconds as a brief has them."""
    match value:
        case dict():
            for key, part in value.items():
                yield str(key)
                yield from _strings(part)
        case list() | tuple():
            for part in value:
                yield from _strings(part)
        case str():
            yield value
        case float():
            yield f"{value:.2f} {value:.0f}"
        case bool() | None:
            pass
        case _:
            yield str(value)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(one for one in letters if not unicodedata.combining(one))))


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(_plain(text)):
        if len(word) >= _SHORTEST:
            yield word[:_STEM]


def _denies(text: str) -> bool:
    plain = _plain(text)
    return _CONTRACTED_NO.search(plain) is not None or not _NO.isdisjoint(plain.split())


@cache
def _fixed(language: str) -> frozenset[str]:
    """Return the stems of the brief's own words."""
    words: Wording = wording(language)
    own = (*words.reasons.values(), *words.texts.values(), *words.names.values())
    return frozenset(_stems(_FIELD.sub(" ", " ".join(own))))
