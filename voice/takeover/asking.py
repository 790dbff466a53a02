"""Asking for a person, in words. Runs ahead of any model: a list of wordings per language, nothing to load.

An utterance is cut into clauses and each is judged alone, because "an agent told me to wait, so put me
through to somebody" asks only in its second half. A clause that reports ("she put me through to a
colleague"), declines ("no need to talk to anybody") or sets a scene ("when I talked to an agent") does not
ask, whatever else it says. Any other asks if it is put as one of the wordings, or if it names a person and
says nothing besides that does not belong to asking for one ("straight to an agent then, please"): whoever
mentions a person has something else to tell of them. The wordings stand in `wordings/asking.*.yaml`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from voice import yaml_file
from voice.kept_expressions import compiled

_NAME = re.compile(r"<(\w+)>")
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_WORDINGS = Path(__file__).with_name("wordings")


_REMEMBERED = 256
"""Turns that were read last: several ask about the same one."""
_STOPS = ("", ".", "!", "?", ";", ":")
_PERSON, _MACHINE = "PERSON", "MACHINE"


@dataclass(frozen=True)
class _Wordings:
    clause: re.Pattern[str]
    misheard: tuple[tuple[re.Pattern[str], str], ...]
    person: re.Pattern[str]
    machine: re.Pattern[str]
    beside: re.Pattern[str]
    """What it is about, behind the person or the machine."""
    small: frozenset[str]
    """Words that belong to asking for a person."""
    refuses: frozenset[str]
    """Those of them that turn a machine down."""
    surely: tuple[re.Pattern[str], ...]
    asks: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]
    """A clause that asks for nobody, whoever reads it."""
    waives: tuple[re.Pattern[str], ...]
    """A turn that gets by without a person."""
    mentions: tuple[re.Pattern[str], ...]
    contact: re.Pattern[str]
    of_them: re.Pattern[str]
    """Begins a clause that tells something of whom the last one named."""


@lru_cache(_REMEMBERED)
def wants_human(text: str, language: str) -> str | None:
    """Return the words with which the caller asks for a person, or None.

    Args:
        text: one turn of the caller, as heard.
        language: `en` or `fr`, with or without a region; others are judged as English.
    """
    wordings = _wordings(known := _known(language))
    if _waived(text, known, wordings):
        return None
    told = False
    clauses = _clauses(text, known)
    for clause, following in zip(clauses, (*clauses[1:], None), strict=False):
        words = clause.words
        never = _any(wordings.never, words)
        if not never and _any(wordings.surely, words):
            return clause.said
        mentions = never or _any(wordings.mentions, words)
        goes_on = (told and clause.joined) or bool(following and wordings.of_them.match(following.words))
        belongs_to_it = goes_on and _names_only(words, wordings)
        if not (mentions or belongs_to_it) and (
            _any(wordings.asks, words) or _says_nothing_else(words, wordings)
        ):
            return clause.said
        told = mentions
    return None


def may_want_human(text: str, language: str) -> bool:
    """Return whether a turn may ask for a person at all: not if it gets by without, or only tells of one.

    A sign for what is learnt about asking, beside `wants_human`.
    """
    wordings = _wordings(known := _known(language))
    if _waived(text, known, wordings):
        return False
    clauses = [clause.words for clause in _clauses(text, known)]
    left = [words for words in clauses if not _any(wordings.never, words)]
    return len(left) == len(clauses) or any(_about_people(words, wordings) for words in left)


def is_about_people(text: str, language: str) -> bool:
    """Return whether a turn names a person or a machine, or a way to be put in touch."""
    wordings = _wordings(known := _known(language))
    return any(_about_people(clause.words, wordings) for clause in _clauses(text, known))


def abstracted(text: str, language: str) -> list[str]:
    """Return a turn's clauses with every person and every machine in them named by what it is."""
    wordings = _wordings(known := _known(language))
    clauses = (clause.words for clause in _clauses(text, known))
    return [" ".join(_named(words, wordings).split()) for words in clauses]


class _Clause(NamedTuple):
    said: str
    words: str
    """With what was misheard put right."""
    joined: bool
    """To the clause before, by no more than a comma or a word."""


@lru_cache(_REMEMBERED)
def _clauses(text: str, language: str) -> tuple[_Clause, ...]:
    return tuple(_cut(text, language, _wordings(language)))


def _cut(text: str, language: str, wordings: _Wordings) -> Iterator[_Clause]:
    parts = wordings.clause.split(_plain(text, language))
    for end, clause in zip(("", *parts[1::2]), parts[::2], strict=True):
        words = said = " ".join(clause.split())
        for pattern, meant in wordings.misheard:
            words = pattern.sub(meant, words)
        if words:
            yield _Clause(said, words, joined=end not in _STOPS)


def _any(patterns: tuple[re.Pattern[str], ...], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)


def _waived(text: str, language: str, wordings: _Wordings) -> bool:
    return _any(wordings.waives, " ".join(_plain(text, language).split()))


def _about_people(words: str, wordings: _Wordings) -> bool:
    return any(pattern.search(words) for pattern in (wordings.person, wordings.machine, wordings.contact))


def _says_nothing_else(words: str, wordings: _Wordings) -> bool:
    """Return whether a clause names a person, or turns a machine down, and tells nothing of either."""
    tokens = set(_unaccented(wordings.beside.sub(r"\1", _named(words, wordings))).split())
    if not tokens <= wordings.small | {_PERSON, _MACHINE}:
        return False
    return _PERSON in tokens or (_MACHINE in tokens and bool(tokens & wordings.refuses))


def _named(words: str, wordings: _Wordings) -> str:
    return wordings.machine.sub(_MACHINE, wordings.person.sub(_PERSON, words))


def _names_only(words: str, wordings: _Wordings) -> bool:
    """Return whether a clause names a person and no more; it may belong to its neighbour."""
    return bool(wordings.person.search(words)) and len(wordings.person.sub(" ", words).split()) <= 1


def _unaccented(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def _known(language: str) -> str:
    return "fr" if language.lower().startswith("fr") else "en"


def _plain(text: str, language: str) -> str:
    plain = text.lower().replace(_APOSTROPHE, "'").replace("-", " ").replace('"', " ")
    return plain.replace("'", "' ") if language == "fr" else plain


@cache
def _wordings(language: str) -> _Wordings:
    source = yaml_file.load(_WORDINGS / f"asking.{language}.yaml")
    words: dict[str, str] = source["words"]
    return _Wordings(
        clause=compiled(f"({source['clause_ends'].strip()})"),
        misheard=tuple(
            (compiled(rf"\b(?:{heard})(?!\w)"), meant) for meant, heard in source["misheard"].items()
        ),
        person=compiled(_spelt_out(rf"(?<!\w)(?:{source['names'].strip()})(?!\w)", words)),
        machine=compiled(_spelt_out(r"(?<!\w)<machine>(?!\w)", words)),
        beside=compiled(_spelt_out(source["beside"].strip(), words)),
        small=frozenset(_unaccented(source["small"]).split()),
        refuses=frozenset(_unaccented(source["refuses"]).split()),
        surely=_each(source["surely"], words),
        asks=_each(source["asks"], words),
        never=_each(source["never"], words),
        waives=_each(source["waives"], words),
        of_them=compiled(source["of_them"].strip()),
        contact=compiled(_spelt_out(source["contact"].strip(), words)),
        mentions=_each(source["mentions"], words),
    )


def _each(lines: str, words: dict[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(_spelt_out(line.strip(), words)) for line in lines.splitlines() if line.strip())


def _spelt_out(pattern: str, words: dict[str, str]) -> str:
    """Replace every `<name>` by its alternatives, which may name others."""
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda match: f"(?:{_one_of(words[match.group(1)])})", pattern)
    return pattern


def _one_of(lines: str) -> str:
    alternatives = (alternative.strip() for alternative in re.split(r"\s+\|\s+|\n", lines))
    return "|".join(alternative for alternative in alternatives if alternative)
