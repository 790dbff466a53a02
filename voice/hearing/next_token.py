"""What Whisper's decoder would write next, as probabilities. Blocks, in the engine's thread."""

from collections.abc import Sequence

import ctranslate2
import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float64]


def next_token(
    model: ctranslate2.models.Whisper, encoded: ctranslate2.StorageView, prompt: Sequence[int]
) -> Probabilities:
    """Return the probability of every token to come next, nothing suppressed.

    Args:
        model: the loaded weights.
        encoded: a clip behind their encoder.
        prompt: tokens written so far.
    """
    result = model.generate(
        encoded,
        [list(prompt)],
        beam_size=1,
        max_length=len(prompt),
        return_logits_vocab=True,
        suppress_blank=False,
        suppress_tokens=[],
    )[0]
    logits = np.array(result.logits[0], dtype=np.float64)
    last = logits.reshape(-1, logits.shape[-1])[-1]  # one row for each token given behind the start
    powers = np.exp(last - last.max())
    probabilities: Probabilities = powers / powers.sum()
    return probabilities
