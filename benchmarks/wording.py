"""How well anger is read in words: phrases written apart from those the model was trained on.

    .venv/bin/python -m benchmarks.wording [--final]

`--final` reads the sets kept for the end: they were scored once, and nothing was changed after.

The peer is a plain list of swear words, which is what many call centres use. Calm phrases include
quiet reports of fraud, death and disaster; `false` is the share of those scored irritated or more.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.emotion.figures import auc
from voice.emotion.phrases import graded
from voice.emotion.wording import LANGUAGES, WordingModel, normalised, shipped
from voice.models.location import sentence_model
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import load_settings

FOLDER = Path(__file__).parent / "wording_phrases"
IRRITATED = 0.5
FIRES = 0.895
"""Words this angry hand over by themselves, with the default playbook."""
_SWEARING = re.compile(
    r"\b(hell|damn\w*|bloody|crap|shit|fuck\w*|piss|bugger|idiots?|stupid|merde|putain|bordel|con|connards?|foutre|"
    r"foutue?|chier|crétins?|imbéciles?|idiots?|abrutis?)\b"
)


def phrases(language: str, *, final: bool = False) -> dict[str, list[str]]:
    """Return the phrases by kind: `calm`, `terrible` (calm reports of terrible things), `angry`.

    The final set has `irritated` ones besides.
    """
    found: dict[str, list[str]] = {}
    kind = ""
    for line in (FOLDER / f"{'final.' * final}{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line[2:]
        elif line and not line.startswith(";"):
            found.setdefault(kind, []).append(line)
    return found


def figures(language: str, *, final: bool = False) -> dict[str, float]:
    """Return the language's figures, those of the list of swear words beside them."""
    kinds = phrases(language, final=final)
    alone = {kind: _scores(shipped(), texts, language) for kind, texts in kinds.items()}
    model = shipped().with_sentences(SentenceEncoder(sentence_model(load_settings())).embed)
    scores = {kind: _scores(model, texts, language) for kind, texts in kinds.items()}
    calm = np.concatenate((scores["calm"], scores["terrible"]))
    swearing = {kind: np.array([_swears(text) for text in texts]) for kind, texts in kinds.items()}
    trained = {normalised(text) for text, _ in graded(language)}
    return {
        "phrases": float(sum(map(len, kinds.values()))),
        "also_trained_on": float(
            sum(normalised(text) in trained for texts in kinds.values() for text in texts)
        ),
        "auc": _auc(calm, scores["angry"]),
        "auc_without_sentences": _auc(np.concatenate((alone["calm"], alone["terrible"])), alone["angry"]),
        "auc_swear_words": _auc(np.concatenate((swearing["calm"], swearing["terrible"])), swearing["angry"]),
        "false_terrible": float((scores["terrible"] >= IRRITATED).mean()),
        "handed_over_terrible": float((scores["terrible"] >= FIRES).mean()),
        "handed_over_calm": float((scores["calm"] >= FIRES).mean()),
        "handed_over_angry": float((scores["angry"] >= FIRES).mean()),
        "false_calm": float((scores["calm"] >= IRRITATED).mean()),
        "angry_found": float((scores["angry"] >= IRRITATED).mean()),
    }


def _scores(model: WordingModel, texts: list[str], language: str) -> NDArray[np.float64]:
    return np.array([model.read(text, language).score for text in texts])


def _swears(text: str) -> float:
    return float(bool(_SWEARING.search(text.lower())))


def _auc(calm: NDArray[np.float64], angry: NDArray[np.float64]) -> float:
    truth = np.arange(len(calm) + len(angry)) >= len(calm)
    return auc(np.concatenate((calm, angry)), truth)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--final", action="store_true")
    final = parser.parse_args().final
    found = {
        f"{language}_{name}": round(value, 4)
        for language in LANGUAGES
        for name, value in figures(language, final=final).items()
    }
    print(json.dumps(found))
