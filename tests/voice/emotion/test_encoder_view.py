from pathlib import Path

import numpy as np
import pytest

from tests.voice.emotion.synthetic_voice import speak
from voice.emotion.anger import AngerMeter
from voice.emotion.encoder import EncoderLayer, Places, spoken
from voice.emotion.meters import encoder
from voice.emotion.model import shipped
from voice.emotion.speech import CallerSpeech
from voice.models.location import whisper_weights
from voice.settings import load_settings


@pytest.mark.parametrize("damage", [b"", b"abc", b"\x09\0\0\0" * 9])
def test_another_recogniser_leaves_the_voice_to_prosody(damage: bytes, tmp_path: Path) -> None:
    assert encoder(tmp_path) is None
    (tmp_path / "model.bin").write_bytes(damage)
    assert encoder(tmp_path) is None

    class Foreign:
        fingerprint = "of another model"

        def states(self, speech: CallerSpeech, places: Places) -> None:
            raise AssertionError("never asked")

    meter = AngerMeter(encoder=Foreign())  # type: ignore[arg-type]  # it is never asked
    assert meter.feel(speak(), "", "en", 1.0).voice is not None


def test_the_states_of_speech_are_those_its_frames_lie_in() -> None:
    active = np.zeros(40, dtype=bool)
    active[[0, 1, 9, 39]] = True
    assert spoken(active).tolist() == [1, 5, 20]
    assert spoken(np.zeros(5, dtype=bool)).tolist() == []


@pytest.mark.models
def test_the_shipped_model_fits_the_prepared_encoder_and_no_gain_moves_it() -> None:
    layer = EncoderLayer(whisper_weights(load_settings()))
    assert layer.fingerprint == shipped().encoder
    voice, places = speak(1.5, noise=0.005), np.arange(75)
    louder = CallerSpeech(voice.samples * np.float32(4), 0.0, 1.5)
    before, after = layer.states(voice, places), layer.states(louder, places)
    assert before.shape == (75, 512)
    assert np.abs(before - after).max() < 0.02 * np.abs(before).max()


@pytest.mark.models
def test_pauses_are_left_out_and_the_rest_sounds_as_before() -> None:
    layer, voice = EncoderLayer(whisper_weights(load_settings())), speak(1.5, noise=0.005)
    every, some = np.arange(75), np.delete(np.arange(75), slice(30, 40))
    whole, part = layer.states(voice, every)[some], layer.states(voice, some)
    assert part.shape == (65, 512)
    assert float(np.corrcoef(whole.mean(axis=0), part.mean(axis=0))[0, 1]) > 0.99
