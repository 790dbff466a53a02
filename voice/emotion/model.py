"""The anger model's file: views of the voice, how they are joined, and what the joined score means."""

import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from voice.emotion.logistic import Logistic, probability
from voice.emotion.views import View

Array = NDArray[np.float64]

PROSODY = "prosody"
LAYERS = "layers"
SHARES = {PROSODY: 0.35, LAYERS: 0.65}
"""How much each view counts where both are there."""
_VERSION = 2
"""Of what is measured: raised whenever the same sound gives other numbers."""
_REGRESSIONS = ("alone", "beside")
_PARTS = ("mean", "scale", "weights")


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a joined score to the chance that the turn is angry: logistic(slope * score + offset)."""

    slope: float
    offset: float

    def chance(self, score: float) -> float:
        """Return the probability, where one turn in two is angry."""
        return float(probability(np.array(self.slope * score + self.offset)))

    def score(self, chance: float) -> float:
        """Return the joined score that reads as this chance, 0 and 1 as very small and very large ones."""
        chance = min(max(chance, 1e-4), 1 - 1e-4)
        return (math.log(chance / (1 - chance)) - self.offset) / self.slope


@dataclass(frozen=True, slots=True)
class AngerModel:
    """What `hookflash train anger` writes.

    Attributes:
        views: by name, `prosody` and, where the recogniser's encoder is at hand, `layers`.
        calibrations: by the names of the views that were there, joined by "+".
        encoder: fingerprint of the encoder the `layers` view was trained with; "" without that view.
    """

    views: dict[str, View]
    calibrations: dict[str, Calibration]
    encoder: str = ""

    def joined(self, scores: dict[str, float]) -> tuple[float, Calibration]:
        """Return the weighted mean of the views' scores and how to read it."""
        whole = sum(SHARES[name] for name in scores)
        joined = sum(SHARES[name] * score for name, score in scores.items()) / whole
        return joined, self.calibrations["+".join(sorted(scores))]

    def calibration(self, encoder: str | None) -> Calibration:
        """Return how scores read beside an encoder with this fingerprint, or with none."""
        return self.calibrations["+".join(sorted(self.views)) if encoder == self.encoder else PROSODY]

    def save(self, path: Path) -> None:
        """Write the model file."""
        stored: dict[str, NDArray[Any]] = {"version": np.array(_VERSION), "encoder": np.array(self.encoder)}
        for name, view in self.views.items():
            for kind in _REGRESSIONS:
                regression: Logistic = getattr(view, kind)
                for part in _PARTS:
                    stored[f"{name}/{kind}/{part}"] = getattr(regression, part).astype(np.float32)
                stored[f"{name}/{kind}/bias"] = np.array(regression.bias)
            stored[f"{name}/centre"] = np.array(view.centre)
            stored[f"{name}/spread"] = np.array(view.spread)
        for names, calibration in self.calibrations.items():
            stored[f"calibration/{names}"] = np.array([calibration.slope, calibration.offset])
        with path.open("wb") as file:
            np.savez_compressed(file, **stored)  # type: ignore[arg-type]  # its named flag hides the arrays


def load(file: Path | IO[bytes]) -> AngerModel:
    """Read a model file.

    Raises:
        ValueError: it is none, or one for other measurements; the sentence names it.
    """
    try:
        with np.load(file, allow_pickle=False) as stored:
            values = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise _refusal(file) from error
    encoder, version = str(values.pop("encoder", "")), int(values.pop("version", 1))
    if version != _VERSION:
        raise ValueError(f"{file} was made by another version: train it anew with `hookflash train anger`.")
    try:
        return _read({name: value.astype(np.float64) for name, value in values.items()}, encoder)
    except (KeyError, ValueError) as error:
        raise _refusal(file) from error


@cache
def shipped() -> AngerModel:
    """Return the model that comes with the package."""
    with resources.files("voice.emotion.weights").joinpath("anger.npz").open("rb") as file:
        return load(file)


def _refusal(file: Path | IO[bytes]) -> ValueError:
    return ValueError(f"{file} is not an anger model: train one with `hookflash train anger`.")


def _read(stored: dict[str, Array], encoder: str) -> AngerModel:
    views, calibrations = {}, {}
    for name in dict.fromkeys(key.split("/")[0] for key in stored):
        if name != "calibration":
            views[name] = View(
                alone=_regression(stored, f"{name}/alone"),
                beside=_regression(stored, f"{name}/beside"),
                centre=_pair(stored[f"{name}/centre"]),
                spread=_pair(stored[f"{name}/spread"]),
            )
    for key, values in stored.items():
        if key.startswith("calibration/"):
            calibrations[key.partition("/")[2]] = Calibration(*_pair(values))
    return AngerModel(views, calibrations, encoder)


def _regression(stored: dict[str, Array], name: str) -> Logistic:
    mean, scale, weights = (stored[f"{name}/{part}"] for part in _PARTS)
    return Logistic(mean, scale, weights, float(stored[f"{name}/bias"]))


def _pair(values: Array) -> tuple[float, float]:
    first, second = values.tolist()
    return first, second
