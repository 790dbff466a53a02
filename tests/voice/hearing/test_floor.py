import numpy as np
import pytest
from numpy.typing import NDArray

from audio_fixtures import recording
from audio_fixtures.script import CALLS
from voice.hearing.barge_in import LATE, SOON, Sound, sound_of, wants_the_floor
from voice.hearing.echo import ALIKE, Echo
from voice.hearing.resampling import DoublingResampler
from voice.wave_file import read

RATE = 16_000
Samples = NDArray[np.float32]


def voiced(seconds: float, *, bright: float) -> Samples:
    """Harmonics of 140 Hz; those above 900 Hz scaled by `bright`."""
    t = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros(len(t), np.float32)
    for n in range(1, 20):
        gain = (0.1 if n * 140 < 700 else 0.1 * bright) / n
        sound += (gain * np.sin(2 * np.pi * 140 * n * t)).astype(np.float32)
    return sound


def cough(seconds: float) -> Samples:
    noise = np.random.default_rng(3).standard_normal(int(seconds * RATE))
    return (0.2 * noise * np.exp(-np.linspace(0, 4, len(noise)))).astype(np.float32)


def test_speech_a_hum_and_a_cough_are_told_apart() -> None:
    assert sound_of(voiced(0.2, bright=1.0)) is Sound.SPEECH
    assert sound_of(voiced(0.3, bright=0.0)) is Sound.HUM
    assert sound_of(cough(0.3)) is Sound.NOISE


def test_speech_takes_the_floor_soon_other_sounds_only_if_they_last() -> None:
    assert wants_the_floor(voiced(0.2, bright=1.0), SOON, echo=False)
    assert not wants_the_floor(voiced(0.2, bright=1.0), SOON - 0.01, echo=False)
    assert not wants_the_floor(voiced(0.4, bright=0.0), 0.4, echo=False)
    assert not wants_the_floor(cough(0.4), 0.4, echo=False)
    assert wants_the_floor(voiced(0.8, bright=0.0), LATE, echo=False)
    assert not wants_the_floor(voiced(2.0, bright=1.0), 2.0, echo=True)


def lines(name: str) -> list[NDArray[np.int16]]:
    audio, _ = read(CALLS / f"{name}.wav")
    return [audio[int(line.start * 8000) : int(line.end * 8000)] for line in recording.load(name).lines]


def heard(samples: NDArray[np.int16]) -> Samples:
    return DoublingResampler().double(samples).astype(np.float32) / np.float32(32768)


def test_the_first_syllables_of_recorded_callers_are_speech() -> None:
    said = [line for name in ("calm_contained", "barges_in", "angry_refund") for line in lines(name)]
    taken = [sound_of(heard(line)[: int(0.19 * RATE)]) is Sound.SPEECH for line in said]
    assert sum(taken) >= 0.7 * len(taken)


@pytest.mark.parametrize("delay", [0.0, 0.12, 0.45])
@pytest.mark.parametrize("loss", [0.5, 0.05])
def test_the_bots_own_voice_is_known_however_late_and_faint(delay: float, loss: float) -> None:
    bot = lines("angry_refund")[0]
    echo = Echo()
    echo.played(bot, start=10.0)
    hiss = np.random.default_rng(1).normal(0, 20, len(bot))
    back = heard((bot * loss + hiss).astype(np.int16))
    assert echo.likeness(back[: int(0.3 * RATE)], 10.3 + delay) > ALIKE


def test_another_voice_over_the_bot_is_no_echo() -> None:
    echo = Echo()
    echo.played(lines("angry_refund")[1], start=10.0)
    for line in (*lines("calm_contained"), *lines("barges_in")):
        assert echo.likeness(heard(line)[: int(0.3 * RATE)], 10.8) < ALIKE


def test_where_nothing_was_played_nothing_echoes() -> None:
    assert Echo().likeness(voiced(0.3, bright=1.0), 5.0) == 0.0
