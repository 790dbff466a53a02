"""A French sentence in English words, one after the other: rough, but enough for an English sentence encoder.

Translating queries word by word with a list is the oldest way to search across languages (Hull and
Grefenstette 1996). Word order, gender and tense are lost; what the sentence is about is not.
"""

import re
from functools import cache
from pathlib import Path

from voice import yaml_file
from voice.dialogue.ngrams import plain

_LEXICON = Path(__file__).with_name("wordings") / "gloss.fr.yaml"
_STEM = 5
"""Letters two forms of a word must share to be taken for one: "remboursera" for "remboursement"."""


def gloss(sentence: str) -> str:
    """Return `sentence` with every French word the lexicon knows in English, and the others as they are."""
    words = plain(sentence).split()
    lexicon, longest, stems = _lexicon()
    said: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            english = lexicon.get(" ".join(words[at : at + size]))
            if english is not None:
                said.append(english)
                at += size
                break
        else:
            said.append(stems.get(words[at][:_STEM], words[at]) if len(words[at]) > _STEM else words[at])
            at += 1
    return " ".join(word for word in said if word)


@cache
def _lexicon() -> tuple[dict[str, str], int, dict[str, str]]:
    """Return English by French words, the most words an entry has, and English by a word's first letters."""
    source: dict[str, str] = yaml_file.load(_LEXICON)
    known = {
        french.strip(): english for english, line in source.items() for french in re.split(r",", str(line))
    }
    stems = {french[:_STEM]: english for french, english in reversed(known.items()) if len(french) > _STEM}
    return known, max(len(french.split()) for french in known), stems
