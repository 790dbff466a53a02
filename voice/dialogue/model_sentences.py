"""What a language model streams, cut into sentences that can be spoken; rubbish is told from speech."""

import re
from functools import cache
from pathlib import Path

from voice import yaml_file
from voice.dialogue.playbook import Language

LONGEST = 240
"""Characters a spoken sentence may have."""
_END = re.compile(r"(?<=[.!?…])[\"')\]]*(?:\s+|$)|\n+")
_MARKS = re.compile(r"[*_#`]+|^\s*(?:[-•]|\d+[.)])\s+")
_UNSPEAKABLE = re.compile(r"[{}<>\[\]|\\^~=]|https?:|www\.|\S{30,}|(.)\1{4,}|[^\W\d_A-Za-zÀ-ÿŒœ]")
_COMMON_WORDS = Path(__file__).with_name("wordings") / "common.yaml"
_ENOUGH = 4
"""Words from which a sentence must hold a common one of its language."""


@cache
def _common(language: Language) -> frozenset[str]:
    words: dict[str, str] = yaml_file.load(_COMMON_WORDS)
    return frozenset(words[language].split())


class UnspeakableError(ValueError):
    """What came is not speech."""


class SentenceCutter:
    """Collects streamed text and gives it back sentence by sentence.

    Args:
        language: the sentences must be in.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._text = ""

    def feed(self, text: str) -> list[str]:
        """Take some text; return the sentences it completes.

        Raises:
            UnspeakableError: it is not speech.
        """
        self._text += text
        *whole, self._text = _END.split(self._text.lstrip())
        if not whole and len(self._text) > LONGEST:
            raise UnspeakableError("a sentence without an end")
        return [sentence for part in whole if (sentence := self._spoken(part))]

    def rest(self) -> list[str]:
        """Return what stands behind the last full stop.

        Raises:
            UnspeakableError: it is not speech.
        """
        text, self._text = self._text, ""
        return [sentence] if (sentence := self._spoken(text)) else []

    def _spoken(self, text: str) -> str:
        sentence = " ".join(_MARKS.sub("", text).split())
        words = re.findall(r"\w+", sentence.lower())
        if not words:
            return ""
        if len(sentence) > LONGEST or _UNSPEAKABLE.search(sentence):
            raise UnspeakableError("nothing that can be spoken")
        if len(words) >= _ENOUGH and not _common(self._language).intersection(words):
            raise UnspeakableError("not in the call's language")
        return sentence
