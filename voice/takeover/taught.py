"""Asking for a person in words no list foresaw: a small classifier taught by the phrases beside it.

It stands behind the wordings of `asking` and only decides where it is nearly certain. Nothing but words is in
it: the sentences it learns from are `phrases/asking.tsv`, one a line, and whoever adds one changes it.
"""

import csv
from functools import cache
from pathlib import Path

from voice.dialogue.classifier import Classifier
from voice.dialogue.understanding import sentence

SURE = 0.9
"""Chance from which an utterance asks; 2 of 149 mentions it had not been taught reached it."""
_PHRASES = Path(__file__).with_name("phrases") / "asking.tsv"
_ASKS = "asks"


def chance(text: str, language: str) -> float:
    """Return how likely an utterance asks for a person, 0..1.

    Args:
        text: one turn of the caller, as heard.
        language: `en` or `fr`.
    """
    return float(_classifier(language).confidences([sentence(text, language)])[0, 0])


@cache
def _classifier(language: str) -> Classifier:
    with _PHRASES.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["lang"] == language
        ]
    labels = [_ASKS if row["asks"] == "1" else None for row in rows]
    return Classifier([sentence(row["text"], language) for row in rows], labels, None)
