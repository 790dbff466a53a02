"""What the words of a sentence mean, in English and French alike: gains, burdens, or nothing to be promised.

A thesaurus per language (`wordings/concepts.yaml`) maps beginnings of words to concepts, so that "gets under
way" and "démarre" are the same. A word it does not hold means only itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voice import yaml_file

_FILE = Path(__file__).with_name("wordings") / "concepts.yaml"
_WORD = {"en": re.compile(r"(?<![a-z\d])[a-z]+(?:'[a-z]+)*"), "fr": re.compile(r"(?<![a-z\d])[a-z]+'?")}
_LONGEST = 5
"""Words of the longest entry."""
_BEGINNING = 5
"""Letters two unlisted words must begin with alike."""
NEUTRAL = "neutral"


@dataclass(frozen=True)
class Meaning:
    """What one word, or a few that belong together, mean.

    Attributes:
        words: as they stand, lower case without accents.
        start: where they stand in the text.
        concepts: all they may mean; empty for words the thesaurus does not hold.
    """

    words: str
    start: int
    concepts: frozenset[str]

    @property
    def end(self) -> int:
        """Where they end."""
        return self.start + len(self.words)

    @property
    def neutral(self) -> bool:
        """Whether they can be words that promise nothing."""
        return NEUTRAL in self.concepts

    @property
    def beginning(self) -> str:
        """What two words the thesaurus does not hold are compared by."""
        return self.words.rstrip("s")[:_BEGINNING]


@dataclass(frozen=True)
class Thesaurus:
    """What words mean in one language.

    Attributes:
        whole: concepts of whole words, by the words.
        beginnings: concepts of words that begin so, the longest first.
        gains: concepts a customer is glad of.
        burdens: concepts a customer would rather not have.
        implied: what is said along with a concept: who is refunded is paid.
    """

    whole: Mapping[str, frozenset[str]]
    beginnings: Mapping[str, frozenset[str]]
    gains: frozenset[str]
    burdens: frozenset[str]
    implied: Mapping[str, frozenset[str]]


def meanings(plain: str, language: str) -> Iterator[Meaning]:
    """Yield what a text means, from left to right; of several entries the longest counts.

    Args:
        plain: lower case, without accents.
        language: `en` or `fr`.
    """
    known = thesaurus(language)
    words = list(_WORD[language].finditer(plain))
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            text = " ".join(word.group() for word in words[at : at + length])
            concepts = _looked_up(text, known)
            if concepts or length == 1:
                yield Meaning(text, words[at].start(), concepts)
                at += length
                break


def is_listed(word: str, language: str) -> bool:
    """Return whether the thesaurus holds a word, as more than plain talk."""
    concepts = _looked_up(word, thesaurus(language))
    return bool(concepts) and NEUTRAL not in concepts


def _looked_up(text: str, known: Thesaurus) -> frozenset[str]:
    if text in known.whole:
        return known.whole[text]
    shortest = max(text.rfind(" ") + 2, 3)
    for length in range(len(text), shortest - 1, -1):
        if found := known.beginnings.get(text[:length]):
            return found
    return frozenset()


@cache
def thesaurus(language: str) -> Thesaurus:
    """Return the thesaurus of `en` or `fr`."""
    source = yaml_file.load(_FILE)
    whole: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    for group in ("gains", "burdens", "neutral"):
        for name, words in source[group].items():
            for entry in words[language].split():
                text = " ".join(_WORD[language].findall(entry.rstrip("=").replace("_", " ")))
                concept = NEUTRAL if group == "neutral" else name
                (whole if entry.endswith("=") else beginnings).setdefault(text, set()).add(concept)
    return Thesaurus(
        {text: frozenset(names) for text, names in whole.items()},
        {text: frozenset(names) for text, names in beginnings.items()},
        frozenset(source["gains"]),
        frozenset(source["burdens"]),
        {name: frozenset(names.split()) for name, names in source["implied"].items()},
    )
