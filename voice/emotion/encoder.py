"""The recogniser's own encoder as an ear for anger: one early layer, pooled over the speech of a turn.

Early layers of Whisper's encoder still carry how something was said; the last has mostly forgotten it. Layer
2 costs two thirds of layer 3 and hears as well within the spread of the corpora. No padding to 30 s.
"""

import json
from pathlib import Path
from zlib import crc32

import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from voice.emotion.speech import CallerSpeech
from voice.emotion.whisper_cut import cut_after

States = NDArray[np.float32]

LAYER = 2
_LOUDEST = 1.5


class EncoderLayer:
    """Whisper's encoder up to an early layer; one for the process, safe to use from several threads.

    Args:
        weights: a folder with `model.bin`, as `voice.models.whisper_weights` gives it.
        layer: how many layers are run.

    Attributes:
        fingerprint: of the weights that were read; a model of anger fits the weights it was trained with.

    Raises:
        UnreadableWeights: they cannot be cut.
        OSError: they cannot be read.
    """

    def __init__(self, weights: Path, layer: int = LAYER) -> None:
        model = cut_after(weights / "model.bin", layer)
        self.fingerprint = f"{crc32(model):08x}"
        beside = {file.name: file.read_bytes() for file in weights.glob("vocabulary.*")}
        config = (weights / "config.json").read_bytes()
        preprocessor = weights / "preprocessor_config.json"
        bands = json.loads(preprocessor.read_text())["feature_size"] if preprocessor.is_file() else 80
        self._mel = FeatureExtractor(feature_size=bands)
        self._model = ctranslate2.models.Whisper(
            "whisper-cut",
            device="cpu",
            compute_type="int8",
            intra_threads=1,
            files={"model.bin": model, "config.json": config, **beside},
        )

    def states(self, speech: CallerSpeech) -> States:
        """Return what the layer shows of a stretch of speech of at most 30 s: (20 ms each, width)."""
        mel = self._mel(speech.samples, padding=160)
        mel = mel[:, : mel.shape[1] // 2 * 2]
        mel = np.ascontiguousarray(mel - mel.max() + _LOUDEST, dtype=np.float32)
        shown = self._model.encode(ctranslate2.StorageView.from_array(mel[None]))
        return np.asarray(np.array(shown)[0], dtype=np.float32)


def spoken(active: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Return which of `count` states (20 ms each) hold speech, from frames of 10 ms centred 20 ms later."""
    shifted = np.zeros(2 * count, dtype=bool)
    part = active[: 2 * count - 2]
    shifted[2 : 2 + len(part)] = part
    return shifted[0::2] | shifted[1::2]
