"""Smart Turn v3.2, the network that comes with pipecat: does the voice sound as if its speaker were done?

One network for the process, in a thread of its own; about 110 ms of CPU a question, so it is asked where
speech pauses and never frame by frame. Alone it missed 2 of 20 true ends on the telephone and took "Thank
you, goodbye." for unfinished: it may prolong a pause a little, nothing more.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from voice.networks.session import session

SAMPLE_RATE = 16_000
SECONDS = 8
"""Of audio that the network hears, the newest."""
QUESTIONS = 4
"""That may wait; one more is not asked."""


class SmartTurn:
    """Asks the network. Close it."""

    def __init__(self) -> None:
        network = files("pipecat.audio.turn.smart_turn.data") / "smart-turn-v3.2-cpu.onnx"
        self._network = session(network.read_bytes())
        self._mel = FeatureExtractor(chunk_length=SECONDS)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="smart-turn")
        self._waiting = 0

    async def finished(self, samples: NDArray[np.float32]) -> float | None:
        """Return the probability, 0..1, that a turn (16 kHz) is over; None where too many are asked."""
        if self._waiting >= QUESTIONS:
            return None
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, self.probability, samples)
        finally:
            self._waiting -= 1

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Return the same at once."""
        heard = samples[-SECONDS * SAMPLE_RATE :]
        padded = np.zeros(SECONDS * SAMPLE_RATE, np.float32)
        padded[len(padded) - len(heard) :] = heard
        padded = (padded - padded.mean()) / np.sqrt(padded.var() + 1e-7)
        mel = self._mel(padded, padding=0)[:, : SECONDS * 100]
        (output,) = self._network.run(None, {"input_features": mel[np.newaxis].astype(np.float32)})
        return float(output[0].item())

    def close(self) -> None:
        """End the thread; a question under way is answered first."""
        self._executor.shutdown(cancel_futures=True)
