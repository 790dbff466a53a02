"""Text made fit for a voice: what is markup to the eye must not be read out, nor steer the synthesis."""

import re
import unicodedata

_TAGS = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_LINKS = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_PHONEMES = re.compile(r"\[\[.*?\]\]")
_MARKS = re.compile(r"[*_`#~|\\^{}\[\]<>]+")
_BULLETS = re.compile(r"^\s*(?:[-•+]|\d+[.)])\s+", re.MULTILINE)
_WORDS = re.compile(r"\w")


def speakable(text: str) -> str:
    """Return `text` without tags, Markdown, phoneme blocks and control characters, on one line.

    Amounts, dates and abbreviations are left as they are: whoever writes the sentence knows what they mean.
    """
    text = _BULLETS.sub("", text)
    text = _LINKS.sub(r"\1", text)
    text = _PHONEMES.sub(" ", _TAGS.sub(" ", text))
    text = _MARKS.sub(" ", text)
    text = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
    return text if _WORDS.search(text) else ""
