"""The line's classifier on published sets of a bank's callers: `python -m benchmarks.published_intents`.

Its views, kernel and ridge are those that ship; nothing is tuned on these sets. They are read from
HOOKFLASH_CORPORA and left out where that names none.

NLU++ banking (Casanueva et al. 2022) has several intents a sentence: micro-averaged F1, with one threshold
for all intents, which exact leave-one-out scores of the training folds choose. Its low-data setups train on
one fold of 20, or two, and test on all the others, as far as they are there. BANKING77 (Casanueva et al.
2020) has one: accuracy on its test set, from 10 examples an intent (mean of five draws) and from all.
"""

import asyncio
import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from voice.dialogue.classifier import Views, kernel, solve
from voice.dialogue.learnt import Encoders
from voice.dialogue.ngrams import NGrams, Vocabulary
from voice.sentence_views import open_encoders
from voice.settings import load_settings

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
SHARED = 2
SHOTS = 10
DRAWS = 5


class Texts:
    """Sentences, encoded once.

    Args:
        texts: the sentences.
        encoders: both of them.
    """

    def __init__(self, texts: Sequence[str], encoders: Encoders) -> None:
        if encoders.english is None or encoders.multilingual is None:
            raise SystemExit("Both sentence encoders are needed: run `hookflash models`.")
        self._texts = texts
        self._meanings = encoders.english(texts)
        self._meant = encoders.multilingual(texts)

    def views(self, rows: Sequence[int], grams: NGrams) -> Views:
        """Return what the classifier sees of some of them."""
        words = grams.embed([self._texts[row] for row in rows])
        return Views(words, words, self._meanings[rows], self._meant[rows])

    def scores(self, train: Sequence[int], test: Sequence[int], truth: Truth) -> tuple[Floats, Floats]:
        """Return the scores of those tested, (test, labels), and of those learnt from when left out.

        Args:
            train: rows to learn from.
            test: rows to score.
            truth: (sentences, labels).
        """
        grams = NGrams(Vocabulary.of([self._texts[row] for row in train], SHARED))
        known = self.views(train, grams)
        dual, left_out = solve(kernel(known, known), np.where(truth[train], 1.0, -1.0))
        return kernel(self.views(test, grams), known) @ dual, left_out


def f1(found: Truth, truth: Truth) -> float:
    """Return the micro-averaged F1."""
    return float(2 * (found & truth).sum() / max(found.sum() + truth.sum(), 1))


def threshold(scores: Floats, truth: Truth) -> float:
    """Return the score from which an intent counts as found, so that F1 is best."""
    limits: list[float] = np.linspace(-1, 1, 81).tolist()
    return max(limits, key=lambda limit: f1(scores >= limit, truth))


def nlupp(folder: Path, encoders: Encoders, *, quick: bool) -> Iterator[tuple[str, float | int]]:
    """Yield the figures on NLU++ banking."""
    count = len(list(folder.glob("fold*.json")))
    folds = [json.loads((folder / f"fold{number}.json").read_text()) for number in range(count)]
    examples = [(number, example) for number, fold in enumerate(folds) for example in fold]
    names = sorted({intent for _, example in examples for intent in example.get("intents", ())})
    truth = np.array([[name in example.get("intents", ()) for name in names] for _, example in examples])
    of_fold = np.array([number for number, _ in examples])
    texts = Texts([example["text"] for _, example in examples], encoders)
    yield from (("nlupp_sentences", len(examples)), ("nlupp_intents", len(names)), ("nlupp_folds", count))
    for setup, taken in (("20_fold", 1), ("10_fold", 2)):
        figures = []
        for first in range(0, 2 if quick else count, taken):
            learnt = (of_fold >= first) & (of_fold < first + taken)
            train, test = learnt.nonzero()[0].tolist(), (~learnt).nonzero()[0].tolist()
            scores, left_out = texts.scores(train, test, truth)
            figures.append(f1(scores >= threshold(left_out, truth[train]), truth[test]))
        yield f"nlupp_{setup}_f1", round(100 * float(np.mean(figures)), 1)


def banking77(folder: Path, encoders: Encoders, *, quick: bool) -> Iterator[tuple[str, float | int]]:
    """Yield the figures on BANKING77."""
    halves = [_rows(folder / f"{half}.csv") for half in ("train", "test")]
    if quick:
        halves = [half[::20] for half in halves]
    rows = halves[0] + halves[1]
    names = sorted({row["category"] for row in rows})
    label = np.array([names.index(row["category"]) for row in rows])
    truth = label[:, None] == np.arange(len(names))
    texts = Texts([row["text"] for row in rows], encoders)
    train, test = list(range(len(halves[0]))), list(range(len(halves[0]), len(rows)))

    def right(learnt: Sequence[int]) -> float:
        scores, _ = texts.scores(learnt, test, truth)
        return 100 * float((scores.argmax(axis=1) == label[test]).mean())

    yield "banking77_tested", len(test)
    draws = [_few(label[train], np.random.default_rng(seed)) for seed in range(1 if quick else DRAWS)]
    yield "banking77_10_shot", round(float(np.mean([right(draw) for draw in draws])), 1)
    yield "banking77_full", round(right(train), 1)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _few(labels: NDArray[np.int64], random: np.random.Generator) -> list[int]:
    """Return the rows of some examples a label."""
    shuffled = random.permutation(len(labels))
    return [int(row) for name in np.unique(labels) for row in shuffled[labels[shuffled] == name][:SHOTS]]


SETS: dict[str, Callable[..., Iterator[tuple[str, float | int]]]] = {
    "text/nlupp/banking": nlupp,
    "text/banking77": banking77,
}


def figures(*, quick: bool) -> report.Figures:
    """Return the figures on every set that is there."""
    corpora = os.environ.get("HOOKFLASH_CORPORA")
    encoders: Encoders | None = None
    found: dict[str, float | int | str] = {}
    for name, of in SETS.items():
        folder = Path(corpora or "", name)
        if not corpora or not folder.is_dir():
            found[name] = "skipped: not in HOOKFLASH_CORPORA"
            continue
        encoders = encoders or open_encoders(load_settings())[0]
        found |= of(folder, encoders, quick=quick)
    return found


async def measure(quick: bool) -> report.Figures:
    """Measure in a thread."""
    return await asyncio.to_thread(figures, quick=quick)


if __name__ == "__main__":
    report.main("published_intents", "intents of published sets, in their papers' measures", measure)
