import struct
from pathlib import Path

import numpy as np
import pytest

from tests.voice.emotion.synthetic_voice import speak
from voice.emotion.anger import AngerMeter
from voice.emotion.encoder import EncoderLayer
from voice.emotion.meters import encoder
from voice.emotion.model import shipped
from voice.emotion.speech import CallerSpeech
from voice.emotion.whisper_cut import UnreadableWeights, cut_after
from voice.models.location import whisper_weights
from voice.settings import load_settings


def model_file(names: list[str]) -> bytes:
    """Return a file of the layout with one float per variable."""

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    body = struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<II", 3, len(names))
    for name in names:
        body += text(name) + struct.pack("<BIBI", 1, 1, 0, 4) + struct.pack("<f", 1.0)
    return body + struct.pack("<I", 1) + text("decoder/projection/weight") + text("decoder/embeddings/weight")


LAYERS = [f"encoder/layer_{n}/w" for n in range(4)] + [f"decoder/layer_{n}/w" for n in range(4)]


def test_later_layers_are_left_out_and_the_rest_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(model_file(["encoder/conv/w", *LAYERS, "decoder/embeddings/weight"]))
    kept = ["encoder/conv/w", "encoder/layer_0/w", "encoder/layer_1/w", "decoder/layer_0/w"]
    assert cut_after(path, 2) == model_file([*kept, "decoder/embeddings/weight"])


@pytest.mark.parametrize("damage", [b"", b"abc", b"\x09\0\0\0" * 9, model_file(LAYERS)[:60]])
def test_a_file_of_another_kind_is_refused(damage: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(damage)
    with pytest.raises(UnreadableWeights, match=str(path)):
        cut_after(path, 2)


def test_more_layers_than_there_are(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(model_file(LAYERS))
    with pytest.raises(UnreadableWeights, match="no encoder layer 7"):
        cut_after(path, 7)


def test_another_recogniser_leaves_the_voice_to_prosody(tmp_path: Path) -> None:
    assert encoder(tmp_path) is None

    class Foreign:
        fingerprint = "of another model"

        def states(self, speech: CallerSpeech) -> None:
            raise AssertionError("never asked")

    meter = AngerMeter(encoder=Foreign())  # type: ignore[arg-type]  # it is never asked
    assert meter.feel(speak(), "", "en", 1.0).voice is not None


@pytest.mark.models
def test_the_shipped_model_fits_the_prepared_encoder_and_no_gain_moves_it() -> None:
    layer = EncoderLayer(whisper_weights(load_settings()))
    assert layer.fingerprint == shipped().encoder
    voice = speak(1.5, noise=0.005)
    louder = CallerSpeech(voice.samples * np.float32(4), 0.0, 1.5)
    before, after = layer.states(voice), layer.states(louder)
    assert before.shape == (75, 512)
    assert np.abs(before - after).max() < 0.02 * np.abs(before).max()
