"""Which short answer a clip is by its sound, ahead of any text: digits, yes and no, and everything else.

The encoder's frames of what was spoken are averaged in a few stretches from its beginning to its end; one
regression for each language tells the words apart (multinomial logistic, trained on synthetic voices). It
costs nothing beside the encoding, and errs in other clips than the decoder does. The weights belong to one
encoder: their fingerprint is what that makes of a sentence of ours, and any other goes without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("weights") / "short_answers.npz"
OTHER = ""
"""What everything is that is no answer."""
SAME = 0.99
"""Cosine of fingerprints from which two encoders are the same; int8 rounds differently on other machines."""
STRETCHES = 6
_FRAME = 320
"""Samples of 16 kHz in one frame of the encoder's, 20 ms."""
_BELOW_LOUDEST = 22.0
"""Decibels that what belongs to the word may lie below its loudest."""
_BEFORE, _BEHIND = 2, 4
"""Frames around it that count as its own: soft onsets, and consonants that die away."""
_FLOOR = 1e-10
_CERTAIN = 1e-6
_IN_ROWS = "rows_"
_NONE: Mapping[str, Words] = {}


def spoken(samples: Floats) -> tuple[int, int]:
    """Return the first frame of what was spoken in a clip of 16 kHz, and the one behind the last."""
    return span(levels(samples))


def span(loudness: NDArray[np.float64]) -> tuple[int, int]:
    """Return the same, of the level of each frame."""
    count = len(loudness)
    if not count:
        return 0, 0
    loud, quiet = np.percentile(loudness, (95, 10))
    heard = np.flatnonzero(loudness > max(loud - _BELOW_LOUDEST, quiet + 0.3 * (loud - quiet)))
    first, last = (int(heard[0]), int(heard[-1]) + 1) if len(heard) else (0, count)
    return max(0, first - _BEFORE), min(count, last + _BEHIND)


def levels(samples: Floats) -> NDArray[np.float64]:
    """Return the level of each 20 ms of a clip of 16 kHz, dB to full scale."""
    count = len(samples) // _FRAME
    power = (samples[: count * _FRAME].reshape(count, _FRAME).astype(np.float64) ** 2).mean(axis=1)
    return np.asarray(10 * np.log10(power + _FLOOR))


def features(frames: Floats, first: int, last: int) -> Floats:
    """Return the means of an encoder's frames (frames, width) in stretches of a word, and how long it is."""
    edges = np.linspace(first, min(last, len(frames)), STRETCHES + 1)
    means = [
        frames[int(low) : max(int(low) + 1, int(np.ceil(high)))].mean(axis=0) for low, high in pairwise(edges)
    ]
    return np.concatenate([*means, [(last - first) / 10]]).astype(np.float32)


def like(one: Floats, other: Floats) -> bool:
    """Return whether two fingerprints are of the same encoder."""
    if one.shape != other.shape:
        return False
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other)) >= SAME


@dataclass(frozen=True)
class Words:
    """The words of one language that can be told apart.

    Attributes:
        spellings: of each class; `OTHER` is one of them.
        values: what each is taken for: `yes` for "yeah" and "yes please"; `OTHER` for the rest.
        weights: (features, classes), to be multiplied by `scales`.
        scales: (classes,).
        bias: (classes,).
    """

    spellings: tuple[str, ...]
    values: tuple[str, ...]
    weights: NDArray[np.int8]
    scales: Floats
    bias: Floats

    def probabilities(self, measured: Floats) -> NDArray[np.float64]:
        """Return that of each class, (..., classes), of features (..., features)."""
        logits = (measured @ self.weights.astype(np.float32) * self.scales + self.bias).astype(np.float64)
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
        return shares

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Words:
        """Return the words that these arrays were of."""
        spellings, values = (tuple(map(str, arrays[name])) for name in ("spellings", "values"))
        return cls(spellings, values, arrays["weights"], arrays["scales"], arrays["bias"])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return them as arrays."""
        texts = {"spellings": np.array(self.spellings), "values": np.array(self.values)}
        return texts | {"weights": self.weights, "scales": self.scales, "bias": self.bias}

    def classes(self, value: str) -> list[int]:
        """Return the classes that are taken for a value."""
        return [place for place, each in enumerate(self.values) if each == value]


@dataclass(frozen=True)
class BySound:
    """What a clip sounds like.

    Attributes:
        odds: of each expected answer against all that is none of them.
        spellings: how each is most likely said.
    """

    odds: NDArray[np.float64]
    spellings: tuple[str, ...]


class ShortAnswers:
    """The words of all languages.

    Args:
        fingerprint: what the encoder they belong to makes of the common sentence.
        words: by language code.
        rows: the digits as they are in rows, by language code.
    """

    def __init__(
        self, fingerprint: Floats, words: Mapping[str, Words], rows: Mapping[str, Words] = _NONE
    ) -> None:
        self.fingerprint = fingerprint
        self._words = dict(words)
        self._rows = dict(rows)

    def words(self, language: str) -> Words | None:
        """Return those of a language, by its code; None where there are none."""
        return self._words.get(language)

    def with_rows(self, rows: Mapping[str, Words]) -> ShortAnswers:
        """Return these with the digits as they are in rows."""
        return ShortAnswers(self.fingerprint, self._words, rows)

    def digits_in_rows(self, language: str) -> Words | None:
        """Return the digits of a language as they are in rows; None where they were not learnt."""
        return self._rows.get(language)

    def sounds(self, frames: Floats, samples: Floats, language: str, values: Sequence[str]) -> BySound | None:
        """Return which of some values a clip sounds like.

        Args:
            frames: of the encoder, (frames, width).
            samples: the clip they were made of, 16 kHz.
            language: its code.
            values: those expected.

        Returns:
            None where one of them cannot be told by its sound.
        """
        words = self.words(language)
        if words is None:
            return None
        classes = [words.classes(value) for value in values]
        if not all(classes):
            return None
        shares = words.probabilities(features(frames, *spoken(samples)))
        likely = np.array([shares[each].sum() for each in classes])
        return BySound(
            odds=likely / max(_CERTAIN, 1.0 - float(likely.sum())),
            spellings=tuple(words.spellings[max(each, key=shares.__getitem__)] for each in classes),
        )

    def save(self, path: Path) -> None:
        """Write the weights, the same ones always as the same bytes."""
        arrays: dict[str, NDArray[Any]] = {"fingerprint": self.fingerprint}
        for kind, all_words in (("", self._words), (_IN_ROWS, self._rows)):
            for language, words in sorted(all_words.items()):
                arrays |= {f"{kind}{language}.{name}": array for name, array in words.arrays().items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)  # type: ignore[arg-type]  # numpy's stubs take the names for its own


def load(path: Path = WEIGHTS) -> ShortAnswers | None:
    """Read weights; None where there are none."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        fingerprint = file["fingerprint"]
        names = sorted({name.partition(".")[0] for name in file.files if "." in name})
        words = {
            name: Words.of({each.name: file[f"{name}.{each.name}"] for each in fields(Words)})
            for name in names
        }
    in_rows = {name.removeprefix(_IN_ROWS): each for name, each in words.items() if name.startswith(_IN_ROWS)}
    return ShortAnswers(
        fingerprint, {name: each for name, each in words.items() if not name.startswith(_IN_ROWS)}, in_rows
    )
