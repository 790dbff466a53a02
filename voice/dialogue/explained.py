"""Whether every word of a sentence that could promise something is said by a fact or a clause too.

The lists of `commitments` and `undertakings` know how promises are usually put. This is the other way round:
what is put in any other way, and is no plain talk, must be found in what carries the sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import or_

from voice.dialogue.clauses_stated import Clause
from voice.dialogue.commitments import claimed, is_denied, is_fragment, is_nominal, wordings
from voice.dialogue.concepts import NEUTRAL, Meaning, meanings, thesaurus
from voice.dialogue.facts_found import Fact
from voice.dialogue.number_words import bare

_STRANGERS = 2
"""Words the thesaurus does not hold that make a part of a sentence more than plain talk."""
_NAME = re.compile(r"(?<=[\w,] )[A-ZÀ-Ý][\w-]+")
_THAT = re.compile(r"(?:it's|that's|that|it|c'est|cela|ca)(?!\w)")
"""Begins a part that tells more of what was said before it."""
_EVEN = re.compile(
    r"\beven (?:after|if|when|though|without|late)|\bmeme (?:si|apres|quand|sans|en)(?!\w)|\bregardless\b"
)
"""Puts a condition aside."""
_WE = re.compile(r"(?:\w+ ){0,3}?(?:i|we|je|nous|on)(?!\w)")
"""Begins a part in which somebody of the company speaks of what they do."""
_NOT_OWED = frozenset(("owe", "pay", "fee", "interest"))
"""What nobody has where something is waived."""
_HEDGED_OR_NOT = frozenset(("free",))
"""What may happen free of charge is free of charge if it happens."""
_OF_DEBT = frozenset(("owe", "pay"))


@dataclass(frozen=True)
class Said:
    """What a text or several say.

    Attributes:
        itself: concepts in so many words.
        so: these and what they imply.
        not_so: concepts that are denied.
        beginnings: of the words that are not denied.
    """

    itself: frozenset[str] = frozenset()
    so: frozenset[str] = frozenset()
    not_so: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()

    def __or__(self, other: "Said") -> "Said":
        return Said(
            self.itself | other.itself,
            self.so | other.so,
            self.not_so | other.not_so,
            self.beginnings | other.beginnings,
        )

    def without(self, concepts: frozenset[str]) -> "Said":
        """Return what is left if some concepts, and single words, are not said."""
        return replace(self, itself=self.itself - concepts, so=self.so - concepts, beginnings=frozenset())


def holding(sentence: str, language: str, facts: Iterable[Fact], clauses: Iterable[Clause]) -> list[Clause]:
    """Return the clauses whose conditions are met by what was found, or told along with the rest."""
    found = _all_say(facts)
    whole = _says(bare(sentence), language)
    conditional = bool(wordings(language).condition.search(bare(sentence)))
    beyond = _EVEN.search(bare(sentence))
    return [
        clause
        for clause in clauses
        if _holds(clause, language, whole, found, conditional=conditional)
        and (not beyond or _EVEN.search(clause.plain))
    ]


def unexplained(sentence: str, language: str, facts: Iterable[Fact], clauses: Iterable[Clause]) -> str:
    """Return the words that nothing explains, empty where there are none that matter.

    Args:
        sentence: as it would be said.
        language: `en` or `fr`.
        facts: what was found on this call; together they may explain a part of the sentence.
        clauses: what the company stands by and holds here; each part is explained by one of them at most.
    """
    parts = claimed(sentence, language)
    names = frozenset(bare(name) for name in _NAME.findall(sentence))
    found = _all_say(facts)
    sure = True
    for number, part in enumerate(parts, start=1):
        if number < len(parts) and wordings(language).condition.match(part):
            continue  # what the rest depends on is told, not claimed
        follows = is_fragment(part) or _THAT.match(part)
        sure = not (wordings(language).possible.search(part) or is_nominal(part)) and (sure or not follows)
        explaining = [found, *(found | _clause_says(clause, language, sure=sure) for clause in clauses)]
        left = min((_left(part, language, said, names) for said in explaining), key=len)
        if left:
            return " ".join(left)
    return ""


def _left(part: str, language: str, said: Said, names: frozenset[str]) -> list[str]:
    left: list[str] = []
    strangers: list[str] = []
    freed = False
    for meaning in _loaded(part, language, names):
        place, so_far = (meaning.start, meaning.end), part[: meaning.end]
        denied = is_denied(part, *place, language)
        gain = bool(meaning.concepts & thesaurus(language).gains)
        if not meaning.concepts:
            if not denied and len(meaning.words) > 1 and meaning.beginning not in said.beginnings:
                strangers.append(meaning.words)
        elif denied and (gain or freed):
            # "We cannot waive the fee" denies nothing but the waiving.
            freed = freed or bool(_WE.match(part) and is_denied(so_far, *place, language))
        elif not _explained(meaning, said, denied=denied and is_denied(so_far, *place, language)):
            left.append(meaning.words)
    return left + (strangers if len(strangers) >= _STRANGERS else [])


def _loaded(part: str, language: str, names: frozenset[str]) -> Iterator[Meaning]:
    """Yield what is more than plain talk and no name."""
    after_name = False
    for meaning in meanings(part, language):
        is_name = meaning.words in names and (after_name or not meaning.concepts)
        if not (meaning.neutral or is_name):
            yield meaning
        after_name = is_name


def _explained(meaning: Meaning, said: Said, *, denied: bool) -> bool:
    if denied:
        return bool(meaning.concepts & said.not_so)
    return bool(meaning.concepts & said.so) or meaning.beginning in said.beginnings


def _holds(clause: Clause, language: str, sentence: Said, found: Said, *, conditional: bool) -> bool:
    """Return whether each condition of a clause is met by what was found, or told along with the rest."""
    for proviso in clause.provisos:
        wanted = _says(proviso, language)
        told = bool((wanted.itself - {NEUTRAL}) & (sentence.itself | found.itself))
        if not (told or (conditional and wanted.beginnings & sentence.beginnings)):
            return False
    return True


def _all_say(facts: Iterable[Fact]) -> Said:
    return reduce(or_, map(_fact_says, facts), Said())


@lru_cache(maxsize=512)
def _fact_says(fact: Fact) -> Said:
    """Return what a fact says: its name is English, its value may be in either language."""
    named, told = bare(fact.name.replace("_", " ")), bare(fact.value.replace("_", " "))
    says = Said(fact.kinds, fact.kinds)
    if "debt" in fact.topics:
        says |= Said(so=_OF_DEBT)
    if fact.state == "done" or "extend" in fact.kinds:
        says |= Said(so=frozenset(("resolve",)))
    if "waive" in fact.kinds:
        says |= Said(so=frozenset(("resolve",)), not_so=_NOT_OWED)
    if fact.state == "no":
        says = Said(not_so=_says(named, "en").so)
        named = ""
    for language in ("en", "fr"):
        says |= _says(f"{named} {told}", language)
    if fact.state == "waiting":  # nothing has come of it yet
        says = replace(says, so=says.itself | {"stop"})
    return says


@lru_cache(maxsize=512)
def _clause_says(clause: Clause, language: str, *, sure: bool) -> Said:
    """Return what a clause says; of what only may be, nothing is said as sure."""
    says = _says(clause.plain, language)
    return says.without(thesaurus(language).gains - _HEDGED_OR_NOT) if clause.hedged and sure else says


@lru_cache(maxsize=1024)
def _says(text: str, language: str) -> Said:
    implied = thesaurus(language).implied
    itself: set[str] = set()
    so: set[str] = set()
    not_so: set[str] = set()
    beginnings: set[str] = set()
    for meaning in meanings(text, language):
        denied = is_denied(text, meaning.start, meaning.end, language)
        if not denied:
            beginnings.add(meaning.beginning)
            itself |= meaning.concepts
        for concept in meaning.concepts:
            (not_so if denied else so).update((concept, *implied.get(concept, ())))
    if so & {"waive", "free"}:
        not_so |= _NOT_OWED
    if "unblock" in itself:
        not_so.add("block")
    return Said(frozenset(itself), frozenset(so), frozenset(not_so), frozenset(beginnings))
