"""What a sentence commits the company to: refunds, waivers, deliveries, calls back, anything promised.

A list of wordings per language, no model: a commitment that was missed or seen where there is none can be
found in `wordings/commitments.*.yaml` and mended there.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

from voice import yaml_file
from voice.dialogue.number_words import in_digits
from voice.dialogue.undertakings import undertaking

_WORDINGS = Path(__file__).with_name("wordings")
_CLAUSE_ENDS = {
    "en": re.compile(r"[;:!]|\.(?= |$)|, (?!\d)|\b(?:but|however|although|though|so|then|and|or)\b"),
    "fr": re.compile(
        r"[;:!]|\.(?= |$)|, (?!\d)|\b(?:mais|cependant|toutefois|donc|puis|alors|et|ou bien|car)\b"
    ),
}
_SENTENCE = re.compile(
    r"\b(?:we|i|you|it|they|he|she|that|this|nous|je|vous|il|elle|on|ils|elles|cela|"
    r"is|are|was|were|will|has|have|can|est|sont|sera|seront|etait|peut|peuvent|ont|va|vont)(?!\w)"
)
"""Without one, what stands behind a comma belongs to what stands before it."""
_NOMINAL = re.compile(
    r"\w{2,}ing\b(?! (?:you|now))|"
    r"(?:le |la |l')?(?!votre|notre|autre|quatre)\w{3,}(?:er|ir|oir|re)\b(?=.*\b(?:c'est|cout\w+|est)\b)"
)
"""Begins with an action, as a thing."""
_GOES_ON = frozenset((",", "and", "or", "et", "ou bien"))
"""What goes on with a list."""
_RELATIVE = re.compile(r"\b(?:that|which|who|qui) (?:was|were|(?:has|have|had) been|(?:a|ont|avait) ete) \w+")
"""Tells which one is meant, not what has happened to it."""
_FIGURES = re.compile(r"[02-9]|1(?!~)|\d\d")
"""Any figure but a lone "one", which is none."""
_ACTIVE = re.compile(
    r"\b(?:we|i|they|will|shall|to|can|on|nous|je|va|vont|allons|vais)(?: vous| le| la| les| just| now)* $|"
    r"(?:'ll|j'|l'|vous) ?$"
)
"""Stands right before what somebody does."""
_CONDITIONS = re.compile(
    r"\b(?:if|unless|when|once|provided|as long as|while|si|quand|lorsque|tant que|des que)\b"
)
"""What is denied before one is not denied behind it."""
PROMISE = "promise"
"""A promise in so many words, of whatever the sentence says besides."""
ACTION = "action"
"""The company "will" do something no other kind names."""


@dataclass(frozen=True)
class Commitment:
    """Something granted.

    Attributes:
        kind: one of the wordings' kinds, `PROMISE` or `ACTION`.
        words: that grant it.
        possible: it only may be ("could", "perhaps").
        done: it is told as having happened.
        active: somebody does it or will.
    """

    kind: str
    words: str
    possible: bool = False
    done: bool = False
    active: bool = False

    @property
    def verb(self) -> str:
        """The last of the words: of an action, what is done."""
        return self.words.split()[-1]


@dataclass(frozen=True)
class Wordings:
    """One language's patterns; see the comments in the file."""

    kinds: dict[str, re.Pattern[str]]
    topics: dict[str, re.Pattern[str]]
    objects: dict[str, re.Pattern[str]]
    states: dict[str, re.Pattern[str]]
    promises: re.Pattern[str]
    denied: re.Pattern[str]
    denied_next: re.Pattern[str]
    not_denied: re.Pattern[str]
    asks: re.Pattern[str]
    mentions: tuple[re.Pattern[str], ...]
    grants: re.Pattern[str]
    unsure: re.Pattern[str]
    possible: re.Pattern[str]
    condition: re.Pattern[str]
    full: re.Pattern[str]
    done: re.Pattern[str]
    by_people: re.Pattern[str]
    least: re.Pattern[str]


@cache
def wordings(language: str) -> Wordings:
    """Return the patterns of `en` or `fr`."""
    source = yaml_file.load(_WORDINGS / f"commitments.{language}.yaml")

    def lines(text: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def one(text: str) -> re.Pattern[str]:
        return re.compile("|".join(lines(text)))

    def named(group: str) -> dict[str, re.Pattern[str]]:
        return {name: one(text) for name, text in source[group].items()}

    kinds = {
        name: re.compile(rf"(?<!\w)(?:{'|'.join(lines(text))})(?!\w)")
        for name, text in source["kinds"].items()
    }
    return Wordings(
        kinds=kinds,
        topics=named("topics"),
        objects=named("objects"),
        states=named("states"),
        promises=re.compile(rf"(?<!\w)(?:{'|'.join(lines(source['promises']))})"),
        mentions=tuple(map(re.compile, lines(source["mentions"]))),
        **{
            name: one(source[name])
            for name in (
                "denied",
                "denied_next",
                "not_denied",
                "asks",
                "grants",
                "unsure",
                "possible",
                "condition",
                "full",
                "done",
                "by_people",
                "least",
            )
        },
    )


def commitments(text: str, language: str) -> tuple[Commitment, ...]:
    """Return what a sentence grants; what it denies, asks after or only mentions is not granted.

    Args:
        text: one sentence.
        language: `en` or `fr`.
    """
    known = wordings(language)
    found: list[Commitment] = []
    hedged = False
    for part in claimed(text, language):
        granted = _named(part, known) or _action(part, language)
        if is_fragment(part):
            granted = [replace(commitment, possible=hedged or commitment.possible) for commitment in granted]
        else:
            hedged = bool(known.possible.search(part))
        found += granted
    return tuple(dict.fromkeys(found))


def is_nominal(part: str) -> bool:
    """Return whether a part speaks of an action as a thing: "moving it costs nothing"."""
    return bool(_NOMINAL.match(part))


def is_fragment(part: str) -> bool:
    """Return whether a part of a sentence is none by itself, and as sure or unsure as what stands before."""
    return not _SENTENCE.search(part)


def claimed(text: str, language: str) -> tuple[str, ...]:
    """Return what a sentence claims, part by part: no question, nothing unsure or merely mentioned."""
    known = wordings(language)
    plain = known.not_denied.sub(";", in_digits(text, language))
    is_question = plain.rstrip().endswith("?")
    parts: list[str] = []
    mentioned, joint = False, ""
    pieces = re.split(f"({_CLAUSE_ENDS[language].pattern})", plain)
    for part, behind in zip_longest(pieces[::2], pieces[1::2], fillvalue=""):
        words, before, joint = " ".join(part.split()), joint, behind.strip()
        if mentioned and is_fragment(words) and before in _GOES_ON:
            continue
        claiming = _claiming(words, known, is_question=is_question)
        mentioned = len(claiming) < len(words)
        parts.append(claiming)
    return tuple(part for part in parts if part)


def stated(text: str, language: str) -> tuple[Commitment, ...]:
    """Return what a clause of the company states: as `commitments`, but nothing in it is a mere mention."""
    plain = wordings(language).not_denied.sub(";", in_digits(text, language))
    found: list[Commitment] = []
    for clause in re.split(r"[;:!]|\.(?= |$)", plain):
        found += _named(clause, wordings(language))
    return tuple(dict.fromkeys(found))


def _claiming(clause: str, known: Wordings, *, is_question: bool) -> str:
    """Return what of a clause claims something."""
    offered = known.asks.search(clause)
    if is_question and not offered:
        return ""
    unsure = None if offered else known.unsure.search(clause)
    if unsure:
        clause = clause[: unsure.start()]
    for pattern in () if offered else known.mentions:
        mention = pattern.search(clause)
        if mention and not known.grants.search(clause[mention.end() :]):
            clause = clause[: mention.start()]
    return clause


def _named(clause: str, known: Wordings) -> list[Commitment]:
    possible = bool(known.possible.search(clause))
    done = bool(known.done.search(known.condition.sub("", _RELATIVE.sub("", clause))))
    matches = [
        (kind, match)
        for kind, pattern in known.kinds.items()
        for match in pattern.finditer(clause)
        if not _denied(clause, match, known, itself=kind == "waive")
    ]
    nominal = is_nominal(clause)
    found = [
        Commitment(
            kind,
            match[0],
            possible or (nominal and not match.start()),
            done,
            bool(_ACTIVE.search(clause[: match.start()])),
        )
        for kind, match in matches
        if not any(_inside(match, other) for name, other in matches if name != kind)
    ]
    if any(commitment.kind != "receive" for commitment in found):
        found = [commitment for commitment in found if commitment.kind != "receive"]
    for match in known.promises.finditer(clause):
        if not _denied(clause, match, known):
            found.append(Commitment(PROMISE, match[0], possible))
    return found


def _inside(match: re.Match[str], other: re.Match[str]) -> bool:
    """Return whether a match is part of a longer one: "cancel" in "cancel the fee"."""
    within = other.start() <= match.start() and match.end() <= other.end()
    return within and match.end() - match.start() < other.end() - other.start()


def is_denied(clause: str, start: int, end: int, language: str) -> bool:
    """Return whether what stands from `start` to `end` of a clause is denied there."""
    return _is_denied(clause, start, end, wordings(language))


def _denied(clause: str, match: re.Match[str], known: Wordings, *, itself: bool = False) -> bool:
    """Return whether a match is denied: by an odd number of denials before it, or by one around it.

    Args:
        clause: what it stands in.
        match: words that would grant something.
        known: the language's.
        itself: the words are a denial by themselves ("no fee"), and one behind them says nothing.
    """
    return _is_denied(clause, match.start(), match.end(), known, itself=itself)


def _is_denied(clause: str, start: int, end: int, known: Wordings, *, itself: bool = False) -> bool:
    before, behind = _CONDITIONS.split(clause[:start])[-1], " ".join(clause[end:].split()[:3])
    near = " ".join(before.split()[-4:])
    denials = len(known.denied.findall(before))
    if known.denied_next.search(near):
        denials = denials or 1
    return denials % 2 == 1 or (
        not itself and bool(known.denied.search(behind) or known.denied_next.match(behind))
    )


def _action(clause: str, language: str) -> list[Commitment]:
    known = wordings(language)
    undertaken = undertaking(clause, language, known.denied, figures=bool(_FIGURES.search(clause)))
    if undertaken is None:
        return []
    possible, done = bool(known.possible.search(clause)), bool(known.done.search(clause))
    return [Commitment(ACTION, undertaken.words, possible, done)]


def topics(text: str, language: str) -> frozenset[str]:
    """Return what a sentence, a clause or a fact's name is about."""
    plain = in_digits(text.replace("_", " "), language)
    known = wordings(language)
    return frozenset(name for name, pattern in known.topics.items() if pattern.search(plain))
