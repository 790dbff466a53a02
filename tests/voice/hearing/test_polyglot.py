from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.hearing import polyglot
from voice.hearing.expected import Expected
from voice.hearing.polyglot import Polyglot
from voice.hearing.transcript import Transcript

CLIP = np.zeros(16_000, np.float32)
COMMON, FRENCH = Path("common"), Path("french")


class Model:
    """Hears French whenever it may; notes what it was asked."""

    loaded: list[Path]

    def __init__(self, weights: Path, threads: int) -> None:
        self.loaded.append(weights)
        self.weights = weights

    def transcribe(
        self,
        samples: NDArray[np.float32],
        languages: Sequence[str],
        expected: Expected | None,
        *,
        others: bool,
    ) -> Transcript:
        language = "fr" if "fr" in languages else languages[0]
        return Transcript(text=f"{self.weights} heard {','.join(languages)}", language=language)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    Model.loaded = []
    monkeypatch.setattr(polyglot, "Whisper", Model)


def test_each_folder_is_loaded_once() -> None:
    Polyglot(COMMON, {"fr": FRENCH, "de": COMMON, "es": FRENCH}, 1)
    assert Model.loaded == [COMMON, FRENCH]


def test_a_language_is_heard_by_its_own_model() -> None:
    models = Polyglot(COMMON, {"fr": FRENCH}, 1)
    assert models.transcribe(CLIP, ["en"], None).text == "common heard en"
    assert models.transcribe(CLIP, ["fr-CA"], None).text == "french heard fr-CA"


def test_a_clip_in_another_models_language_is_heard_again_by_that_one() -> None:
    models = Polyglot(COMMON, {"fr": FRENCH}, 1)
    assert models.transcribe(CLIP, ["en", "fr"], None).text == "french heard fr"
