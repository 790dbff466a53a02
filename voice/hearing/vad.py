"""Voice activity, window by window: the Silero network that comes with pipecat, called synchronously.

It knows two rates and hears other speech at each. Of 240 single digits on the telephone it passed over three
at 16 kHz and one at the line's own 8 kHz, where however it missed a "hello" that it had heard at 16. Asked at
both, it heard them all; speech is broken into fewer bursts, and ends 20 ms later.
"""

from functools import cache
from importlib.resources import files

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from voice.networks.session import session

SAMPLE_RATE = 16_000
WINDOW = 512
"""Samples a window, 32 ms."""

_STATE = (2, 1, 128)
_CONTEXT = 8
"""Share of a window (one in so many) that the network wants to see again with the next."""
_QUIET = 0.1
_QUIET_WINDOWS = 5
_SILENT = 3e-4
"""A window that stays below this, two of mu-law's smallest steps, holds nothing: once it has been quiet for a
while the network is not asked, which on a line without noise is most of the time."""
_REFRESH_WINDOWS = 62
"""About two seconds. Long silence or music leaves the recurrent state deaf to the speech that follows, so it
is cleared now and then, but only when several windows in a row were clearly no speech."""


class SileroVad:
    """One speaker's voice activity on a telephone whose 8 kHz were doubled (`DoublingResampler`)."""

    def __init__(self) -> None:
        self._doubled = _Listener(SAMPLE_RATE)
        self._line = _Listener(SAMPLE_RATE // 2)

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Return the probability (0..1) of speech in the next 512 samples (16 kHz, -1..1); about 0.3 ms.

        Raises:
            ValueError: it is not 512 samples.
        """
        if samples.shape != (WINDOW,):
            raise ValueError(f"A window is {WINDOW} samples, not {samples.shape}.")
        quiet = min(self._doubled.quiet, self._line.quiet)
        if quiet >= _QUIET_WINDOWS and float(np.abs(samples).max()) < _SILENT:
            self._doubled.forget()
            self._line.forget()
            return 0.0
        # Every other sample of the doubled signal is the line's own.
        return max(self._doubled.probability(samples), self._line.probability(samples[1::2]))


class _Listener:
    """The network at one rate. It is shared by the process, the recurrent state is not."""

    def __init__(self, rate: int) -> None:
        self._network = _network()
        self._rate = np.array(rate, dtype=np.int64)
        self._kept = WINDOW * rate // SAMPLE_RATE // _CONTEXT
        self._state = np.zeros(_STATE, dtype=np.float32)
        self._context = np.zeros(self._kept, dtype=np.float32)
        self._since_refresh = 0
        self.quiet = 0

    def probability(self, samples: NDArray[np.float32]) -> float:
        window = np.concatenate([self._context, samples])[np.newaxis]
        output, self._state = self._network.run(
            None, {"input": window, "state": self._state, "sr": self._rate}
        )
        self._context = samples[-self._kept :]
        probability = float(output.item())
        self._since_refresh += 1
        self.quiet = self.quiet + 1 if probability < _QUIET else 0
        if self._since_refresh >= _REFRESH_WINDOWS and self.quiet >= _QUIET_WINDOWS:
            self.forget()
        return probability

    def forget(self) -> None:
        """Begin as if nothing had been heard."""
        self._state = np.zeros(_STATE, dtype=np.float32)
        self._context = np.zeros(self._kept, dtype=np.float32)
        self._since_refresh = 0


@cache
def _network() -> onnxruntime.InferenceSession:
    return session((files("pipecat.audio.vad.data") / "silero_vad.onnx").read_bytes())
