"""The recogniser's own encoder as an ear for anger: one early layer, pooled over the speech of a turn.

Early layers of Whisper's encoder still carry how something was said; the last has mostly forgotten it. Layer
2 costs two thirds of layer 3 and hears as well within the spread of the corpora. Neither padding to 30 s nor
pauses are computed.
"""

from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from voice import kept_file
from voice.emotion.speech import CallerSpeech
from voice.networks import session, weights_file

States = NDArray[np.float32]
Places = NDArray[np.int64]

LAYER = 2
_LOUDEST = 1.5
_LATER = 2
"""Frames of 10 ms from the middle of a frame of prosody to that of Whisper's with its number."""


class EncoderLayer:
    """Whisper's encoder up to an early layer; one for the process, safe to use from several threads.

    Args:
        weights: a folder with `model.bin`, as `voice.models.whisper_weights` gives it.

    Attributes:
        fingerprint: of the weights and of what is made of them; a model of anger fits the one it was
            trained with.

    Raises:
        UnreadableWeights: they are no Whisper model's.
        OSError: they cannot be read.
    """

    def __init__(self, weights: Path) -> None:
        model = weights / "model.bin"
        self._session = session.kept(model, "anger", partial(_graph, model))
        self.fingerprint = f"{crc32(kept_file.edges(model)):08x}-{LAYER}-{session.EDITION}"
        _, bands, _ = self._session.get_inputs()[0].shape
        self._mel = FeatureExtractor(feature_size=bands)

    def states(self, speech: CallerSpeech, places: Places) -> States:
        """Return what the layer shows of a stretch of speech of at most 30 s: (places, width).

        Args:
            speech: the stretch.
            places: which states are wanted, as `spoken` tells them; at least one.
        """
        mel = self._mel(speech.samples, padding=160)[None]
        mel = np.ascontiguousarray(mel - mel.max() + _LOUDEST, dtype=np.float32)
        (shown,) = self._session.run(None, {"mel": mel, "places": places})
        return np.asarray(shown[0], dtype=np.float32)


def spoken(active: NDArray[np.bool_]) -> Places:
    """Return which states (20 ms each) hold speech, from the frames of prosody (10 ms each) that do."""
    return np.unique((np.flatnonzero(active) + _LATER) // 2)


def _graph(model: Path) -> bytes:
    from voice.networks.early_layers import early_layers  # noqa: PLC0415  (onnx is only for making graphs)

    return early_layers(weights_file.read(model), LAYER)
