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
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

_NAME = re.compile(r"<(\w+)>")
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_WORDINGS = Path(__file__).with_name("wordings")


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
    mentions: tuple[re.Pattern[str], ...]


def wants_human(text: str, language: str) -> str | None:
    """Return the words with which the caller asks for a person, or None.

    Args:
        text: one turn of the caller, as heard.
        language: `en` or `fr`, with or without a region; others are judged as English.
    """
    known = _known(language)
    wordings = _wordings(known)
    for clause in wordings.clause.split(_plain(text, known)):
        words = said = " ".join(clause.split())
        for pattern, meant in wordings.misheard:
            words = pattern.sub(meant, words)
        if any(pattern.search(words) for pattern in wordings.surely):
            return said
        if not words or any(pattern.search(words) for pattern in wordings.mentions):
            continue
        if any(pattern.search(words) for pattern in wordings.asks) or _says_nothing_else(words, wordings):
            return said
    return None


def _says_nothing_else(words: str, wordings: _Wordings) -> bool:
    """Return whether a clause names a person, or turns a machine down, and tells nothing of either."""
    named = wordings.machine.sub(_MACHINE, wordings.person.sub(_PERSON, words))
    tokens = set(_unaccented(wordings.beside.sub(r"\1", named)).split())
    if not tokens <= wordings.small | {_PERSON, _MACHINE}:
        return False
    return _PERSON in tokens or (_MACHINE in tokens and bool(tokens & wordings.refuses))


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
    source = YAML(typ="safe").load(_WORDINGS / f"asking.{language}.yaml")
    words: dict[str, str] = source["words"]
    return _Wordings(
        clause=re.compile(source["clause_ends"].strip()),
        misheard=tuple(
            (re.compile(rf"\b(?:{heard})(?!\w)"), meant) for meant, heard in source["misheard"].items()
        ),
        person=re.compile(_spelt_out(rf"(?<!\w)(?:{source['names'].strip()})(?!\w)", words)),
        machine=re.compile(_spelt_out(r"(?<!\w)<machine>(?!\w)", words)),
        beside=re.compile(_spelt_out(source["beside"].strip(), words)),
        small=frozenset(_unaccented(source["small"]).split()),
        refuses=frozenset(_unaccented(source["refuses"]).split()),
        surely=_compiled(source["surely"], words),
        asks=_compiled(source["asks"], words),
        mentions=_compiled(source["mentions"], words),
    )


def _compiled(lines: str, words: dict[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_spelt_out(line.strip(), words)) for line in lines.splitlines() if line.strip())


def _spelt_out(pattern: str, words: dict[str, str]) -> str:
    """Replace every `<name>` by its alternatives, which may name others."""
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda match: f"(?:{_one_of(words[match.group(1)])})", pattern)
    return pattern


def _one_of(lines: str) -> str:
    alternatives = (alternative.strip() for alternative in re.split(r"\s+\|\s+|\n", lines))
    return "|".join(alternative for alternative in alternatives if alternative)
