"""G.711 mu-law, the telephone's sound: one byte a sample, 8,000 samples a second.

Decoder output values are those of ITU-T G.711 (11/88), table 2a, times four (14 bits shifted to 16). Encoding
takes the decision thresholds of Sun's public reference coder, which the standard library's `audioop` shares,
so that recordings compare bit for bit whoever encoded them.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE: Final = 8_000
"""Samples, and so bytes, in a second."""
SILENCE_BYTE: Final = 0xFF
"""The code of zero."""
FLOOR_DBOV: Final = -127.0
"""The level given for silence, as in RFC 6464."""

_BIAS = 0x84  # added so that every segment starts at a power of two, in 16 bits
_CLIP = 0x1FFF  # the loudest magnitude, bias included, in 14 bits


def _decoding_table() -> NDArray[np.int16]:
    code = ~np.arange(256) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encoding_table() -> NDArray[np.uint8]:
    """Return the code of every 16-bit sample, indexed by the sample's bits read as unsigned."""
    linear = np.arange(1 << 16).astype(np.uint16).view(np.int16).astype(np.int32) >> 2
    negative = linear < 0
    magnitude = np.minimum(np.abs(linear) + (_BIAS >> 2), _CLIP)
    exponent = np.log2(magnitude).astype(np.int32) - 5
    mantissa = (magnitude >> (exponent + 1)) & 15
    code = (exponent << 4) | mantissa | np.where(negative, 0x80, 0)
    return np.asarray(~code & 0xFF, np.uint8)


_DECODED = _decoding_table()
_ENCODED = _encoding_table()
_POWER = (_DECODED.astype(np.float64) / 32_768.0) ** 2


def decode(mulaw: bytes) -> NDArray[np.int16]:
    """Return the samples, 16-bit linear, one for each byte."""
    return _DECODED[np.frombuffer(mulaw, np.uint8)]


def encode(samples: NDArray[np.int16]) -> bytes:
    """Return one byte for each 16-bit sample; the loudest code stands for all from 31,612 up.

    Raises:
        TypeError: the samples are not 16-bit integers; scale and round them first.
    """
    if samples.dtype != np.int16:
        raise TypeError(f"Mu-law is encoded from int16 samples, not {samples.dtype}: scale and round first.")
    return _ENCODED[np.ascontiguousarray(samples).view(np.uint16)].tobytes()


def silence(seconds: float) -> bytes:
    """Return that much silence, to the nearest sample."""
    return bytes([SILENCE_BYTE]) * round(seconds * SAMPLE_RATE)


def level_dbov(mulaw: bytes) -> float:
    """Return the mean level in dB relative to overload (ITU-T G.100.1: a full square wave is 0 dBov).

    A full-scale mu-law sine is about -3 dBov. Silence, and no audio at all, is -127.
    """
    if not mulaw:
        return FLOOR_DBOV
    power = float(_POWER[np.frombuffer(mulaw, np.uint8)].mean())
    return max(10 * math.log10(power), FLOOR_DBOV) if power > 0 else FLOOR_DBOV
