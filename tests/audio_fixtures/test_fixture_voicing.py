import numpy as np
import pytest

from audio_fixtures.voicing import (
    Audio,
    coloured_noise,
    level,
    move_pitch,
    pitch_track,
    press,
    set_level,
    telephone_band,
)

RATE = 16_000


def vowel(hertz: float, seconds: float = 0.6) -> Audio:
    """Return a buzz of harmonics under one formant at 700 Hz, as a voice makes."""
    t = np.arange(int(seconds * RATE)) / RATE
    harmonics = np.arange(1, int(4000 / hertz))
    heights = 1 / (1 + ((harmonics * hertz - 700) / 200) ** 2)
    waves = heights[:, None] * np.sin(2 * np.pi * hertz * harmonics[:, None] * t)
    return np.asarray(0.1 * waves.sum(axis=0))


def middle_pitch(audio: Audio) -> float:
    track = pitch_track(audio, RATE)
    return float(np.median(track[track > 0]))


@pytest.mark.parametrize("hertz", [90, 140, 220])
def test_pitch_is_found(hertz: float) -> None:
    assert middle_pitch(vowel(hertz)) == pytest.approx(hertz, rel=0.03)


@pytest.mark.parametrize("semitones", [-3, 4, 8])
def test_pitch_moves_and_the_formant_stays(semitones: float) -> None:
    before = vowel(120)
    after = move_pitch(before, RATE, semitones)
    assert len(after) == len(before)
    assert middle_pitch(after) == pytest.approx(120 * 2 ** (semitones / 12), rel=0.04)

    def formant(audio: Audio) -> float:
        power = np.abs(np.fft.rfft(audio)) ** 2
        return float(np.sum(np.fft.rfftfreq(len(audio), 1 / RATE) * power) / np.sum(power))

    assert formant(after) == pytest.approx(formant(before), rel=0.12)


def test_silence_has_no_pitch_and_stays_silent() -> None:
    silence = np.zeros(RATE)
    assert not pitch_track(silence, RATE).any()
    assert not move_pitch(silence, RATE, 5).any()


def test_effort_flattens_the_spectrum() -> None:
    def share_above_1500(audio: Audio) -> float:
        power = np.abs(np.fft.rfft(audio)) ** 2
        return float(power[np.fft.rfftfreq(len(audio), 1 / RATE) > 1500].sum() / power.sum())

    shares = [share_above_1500(press(vowel(120), RATE, effort)) for effort in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares)
    assert shares[2] > 2 * shares[0]


def test_level_leaves_pauses_out_and_loud_peaks_do_not_clip() -> None:
    speech = vowel(120)
    with_pause = np.concatenate([speech, np.zeros(RATE * 3)])
    assert level(with_pause, RATE) == pytest.approx(level(speech, RATE), abs=0.5)
    assert level(set_level(speech, RATE, -25), RATE) == pytest.approx(-25, abs=0.5)
    assert np.abs(set_level(speech, RATE, -3)).max() < 0.99


def test_the_telephone_takes_the_bass_and_the_treble() -> None:
    t = np.arange(RATE) / RATE
    for hertz, passes in ((100, False), (1000, True), (3000, True), (4500, False)):
        tone = np.sin(2 * np.pi * hertz * t)
        assert (level(telephone_band(tone, RATE), RATE) > -10) is passes


def test_noise_is_seeded_and_at_its_level() -> None:
    noise = coloured_noise(RATE, RATE, -50, 1.0, seed=3)
    assert np.array_equal(noise, coloured_noise(RATE, RATE, -50, 1.0, seed=3))
    assert not np.array_equal(noise, coloured_noise(RATE, RATE, -50, 1.0, seed=4))
    assert 20 * np.log10(np.sqrt(np.mean(noise**2))) == pytest.approx(-50, abs=0.1)
