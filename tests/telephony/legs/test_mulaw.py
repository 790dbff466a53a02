"""The mu-law codec against the published tables, the standard library's coder, and arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.legs import mulaw

# ITU-T G.711 table 2a: first codes of the positive segments, the last two codes; 14-bit values.
PUBLISHED = {
    0x80: 8031, 0x8F: 4191, 0x9F: 2079, 0xAF: 1023, 0xBF: 495,
    0xCF: 231, 0xDF: 99, 0xEF: 33, 0xFE: 2, 0xFF: 0,
}  # fmt: skip


@pytest.mark.parametrize(("code", "value"), PUBLISHED.items())
def test_codes_mean_what_the_standard_says(code: int, value: int) -> None:
    positive, negative = mulaw.decode(bytes([code, code & 0x7F]))
    assert (int(positive), int(negative)) == (value * 4, -value * 4)


def test_every_code_but_negative_zero_survives_decoding_and_encoding() -> None:
    codes = bytes(range(256))
    assert mulaw.encode(mulaw.decode(codes)) == codes.replace(b"\x7f", b"\xff")


def test_agrees_with_the_standard_library_on_every_sample() -> None:
    audioop = pytest.importorskip("audioop", reason="Python 3.13 has no audioop")
    samples = np.arange(-32_768, 32_768).astype(np.int16)
    assert mulaw.encode(samples) == audioop.lin2ulaw(samples.tobytes(), 2)
    codes = bytes(range(256))
    assert mulaw.decode(codes).tobytes() == audioop.ulaw2lin(codes, 2)


@given(st.lists(st.integers(-32_768, 32_767), max_size=400))
def test_round_trip_stays_within_half_a_quantisation_step(values: list[int]) -> None:
    samples = np.array(values, np.int16)
    back = mulaw.decode(mulaw.encode(samples)).astype(np.int32)
    loud = np.clip(samples.astype(np.int32), -32_124, 32_124)
    seen = np.abs(loud) + 3  # the coder sees 14 of the 16 bits, and negative ones rounded away from zero
    step = 2.0 ** (np.floor(np.log2(seen + 132)) - 4)
    assert np.all(np.abs(back - loud) <= step / 2 + 4)


@given(st.binary(max_size=400))
def test_encoding_reads_arrays_that_are_not_contiguous(codes: bytes) -> None:
    samples = mulaw.decode(codes)
    assert mulaw.encode(samples[::2]) == mulaw.encode(samples)[::2]


def test_samples_of_another_type_are_refused() -> None:
    with pytest.raises(TypeError, match="float64"):
        mulaw.encode(np.zeros(3))  # type: ignore[arg-type]  # the mistake under test


def test_silence_is_silent_and_as_long_as_asked() -> None:
    assert len(mulaw.silence(0.5)) == 4_000
    assert not mulaw.decode(mulaw.silence(0.02)).any()


def test_levels_are_relative_to_overload() -> None:
    second = np.arange(8_000) / 8_000
    sine = mulaw.encode((32_124 * np.sin(2 * np.pi * 1_000 * second)).astype(np.int16))
    assert mulaw.level_dbov(sine) == pytest.approx(-3.01 - 0.17, abs=0.1)
    quieter = mulaw.encode((3_212.4 * np.sin(2 * np.pi * 1_000 * second)).astype(np.int16))
    assert mulaw.level_dbov(quieter) == pytest.approx(mulaw.level_dbov(sine) - 20, abs=0.1)
    assert mulaw.level_dbov(mulaw.silence(0.02)) == mulaw.level_dbov(b"") == mulaw.FLOOR_DBOV
