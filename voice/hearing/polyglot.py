"""A model for each language that has its own, and one for all others. Blocks, in the engine's thread."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.hearing.expected import Expected
from voice.hearing.transcript import Transcript
from voice.hearing.whisper import Whisper
from voice.language_tag import code


class Polyglot:
    """The loaded models of a process.

    Args:
        weights: the folder for every language that is not among `own`.
        own: folders by language; the same folder is loaded once.
        threads: threads one decoding may use.

    Raises:
        HearingError: weights cannot be loaded.
    """

    def __init__(self, weights: Path, own: Mapping[str, Path], threads: int) -> None:
        folders = dict.fromkeys((weights, *own.values()))
        models = {folder: Whisper(folder, threads) for folder in folders}
        self._common = models[weights]
        self._own = {code(language): models[folder] for language, folder in own.items()}

    def transcribe(
        self,
        samples: NDArray[np.float32],
        languages: Sequence[str],
        expected: Expected | None,
        *,
        others: bool = False,
    ) -> Transcript:
        """Return what is said, as `Whisper.transcribe` does.

        A clip that turns out to be in a language of another model is heard once more, by that one.
        """
        model = self._model(languages[0])
        heard = model.transcribe(samples, languages, expected, others=others)
        better = self._model(heard.language)
        if better is model:
            return heard
        return better.transcribe(samples, (heard.language,), expected, others=others)

    def _model(self, language: str) -> Whisper:
        return self._own.get(code(language), self._common)
