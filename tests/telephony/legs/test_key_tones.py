import numpy as np
import pytest

from telephony.legs import mulaw
from telephony.legs.dtmf import KEYS, tones

FREQUENCIES = (697, 770, 852, 941, 1209, 1336, 1477)


def heard_in(tone: bytes) -> str:
    """Return the key whose two frequencies are the strongest, as a receiver decides."""
    samples = mulaw.decode(tone[:800]).astype(float)
    t = np.arange(len(samples)) / mulaw.SAMPLE_RATE
    power = [abs(np.sum(samples * np.exp(-2j * np.pi * hertz * t))) for hertz in FREQUENCIES]
    return KEYS[3 * int(np.argmax(power[:4])) + int(np.argmax(power[4:]))]


@pytest.mark.parametrize("key", KEYS)
def test_each_key_is_heard_as_itself(key: str) -> None:
    assert heard_in(tones(key)) == key


def test_keys_follow_each_other_with_a_gap() -> None:
    both = tones("12")
    assert both == tones("1") + tones("2")
    assert len(both) == 2 * round(0.18 * mulaw.SAMPLE_RATE)
    assert set(both[800:1440]) == {mulaw.SILENCE_BYTE}


def test_a_key_no_telephone_has() -> None:
    with pytest.raises(ValueError, match="'A'"):
        tones("1A")
