"""Whisper's networks on ONNX Runtime, beside the same weights in full precision on CTranslate2."""

from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from voice.hearing.borrowed_silence import SENTENCE
from voice.hearing.resampling import DoublingResampler
from voice.hearing.speech_model import SpeechModel
from voice.models.location import whisper_weights
from voice.networks import session, weights_file, whisper_graphs
from voice.networks.early_layers import early_layers
from voice.networks.weights_file import UnreadableWeights
from voice.settings import load_settings
from voice.wave_file import read

Floats = NDArray[np.float32]

SOT, ENGLISH, TRANSCRIBE, NO_TIMESTAMPS = 50258, 50259, 50359, 50363
PROMPT = (SOT, ENGLISH, TRANSCRIBE, NO_TIMESTAMPS)


@pytest.fixture(scope="module")
def weights() -> Path:
    return whisper_weights(load_settings())


@pytest.fixture(scope="module")
def model(weights: Path) -> SpeechModel:
    return SpeechModel(weights, threads=1)


@pytest.fixture(scope="module")
def precise(weights: Path) -> ctranslate2.models.Whisper:
    return ctranslate2.models.Whisper(str(weights), device="cpu", compute_type="float32", intra_threads=1)


@pytest.fixture(scope="module")
def coarse(weights: Path) -> ctranslate2.models.Whisper:
    return ctranslate2.models.Whisper(str(weights), device="cpu", compute_type="int8", intra_threads=1)


@pytest.fixture(scope="module")
def mel() -> Floats:
    sound = DoublingResampler().double(read(SENTENCE)[0]).astype(np.float32) / np.float32(32768)
    spectrogram = np.zeros((80, 3000), np.float32)
    heard = FeatureExtractor()(sound)[:, :3000]
    spectrogram[:, : heard.shape[1]] = heard
    return spectrogram


def differ(one: Floats, other: Floats) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


def states(peer: ctranslate2.models.Whisper, mel: Floats) -> Floats:
    encoded: Floats = np.array(peer.encode(ctranslate2.StorageView.from_array(mel[None])))[0]
    return encoded


def next_logits(peer: ctranslate2.models.Whisper, mel: Floats) -> Floats:
    heard = peer.generate(
        ctranslate2.StorageView.from_array(mel[None]), [list(PROMPT)], beam_size=1, max_length=len(PROMPT),
        return_logits_vocab=True, suppress_blank=False, suppress_tokens=[],
    )[0]  # fmt: skip
    logits: Floats = np.array(heard.logits[0])
    last: Floats = logits.reshape(-1, logits.shape[-1])[-1]
    return last


def test_the_encoder_errs_less_than_ctranslate2_in_8_bits(
    model: SpeechModel, precise: ctranslate2.models.Whisper, coarse: ctranslate2.models.Whisper, mel: Floats
) -> None:
    right = states(precise, mel)
    assert differ(model.encode(mel), right) < differ(states(coarse, mel), right) < 0.3


def test_the_decoder_expects_what_full_precision_does(
    model: SpeechModel, precise: ctranslate2.models.Whisper, coarse: ctranslate2.models.Whisper, mel: Floats
) -> None:
    written = model.read(model.memory(model.encode(mel)), PROMPT)
    right = next_logits(precise, mel)
    assert int(written.logits.argmax()) == int(right.argmax())
    assert differ(written.logits, right) < differ(next_logits(coarse, mel), right) < 0.3


def test_tokens_may_be_read_together_or_one_by_one_and_texts_may_part(
    model: SpeechModel, mel: Floats
) -> None:
    memory = model.memory(model.encode(mel[:, :400]))
    together = model.read(memory, PROMPT)
    start = model.read(memory, PROMPT[:1])
    one_by_one = start.then(PROMPT[1]).then(*PROMPT[2:])
    assert int(one_by_one.logits.argmax()) == int(together.logits.argmax())
    assert one_by_one.probabilities == pytest.approx(together.probabilities, abs=0.02)
    assert start.then(50265).logits.argmax() != start.logits.argmax()
    assert start.then(*PROMPT[1:]).probabilities == pytest.approx(together.probabilities, abs=0.02)


def test_looks_are_probabilities_over_the_sound(model: SpeechModel, mel: Floats) -> None:
    written = model.read(model.memory(model.encode(mel[:, :400])), PROMPT)
    assert written.looks.shape[1:] == (4, 200)
    assert written.looks.sum(axis=2) == pytest.approx(1.0, abs=1e-4)


def test_memories_can_be_cut_and_joined(model: SpeechModel, mel: Floats) -> None:
    whole = model.memory(model.encode(mel[:, :400]))
    joined = whole.part(0, 120).and_then(whole.part(120, 200))
    one, other = (model.read(memory, PROMPT).logits for memory in (whole, joined))
    assert np.array_equal(one, other)


def test_early_layers_show_the_states_asked_for(weights: Path, mel: Floats) -> None:
    known = weights_file.read(weights / "model.bin")
    layers = session.session(early_layers(known, layers=2))

    def states(*places: int) -> Floats:
        shown: Floats = layers.run(None, {"mel": mel[None, :, :200], "places": np.array(places)})[0][0]
        return shown

    every, half = states(*range(100)), states(*range(0, 100, 2))
    assert half.shape == (50, 512)
    assert float(np.corrcoef(every[::2].mean(axis=0), half.mean(axis=0))[0, 1]) > 0.99


def test_what_is_not_there_is_named(weights: Path) -> None:
    with pytest.raises(UnreadableWeights, match="no encoder layer 7"):
        early_layers(weights_file.read(weights / "model.bin"), layers=7)
    with pytest.raises(UnreadableWeights, match="encoder/conv1/weight"):
        whisper_graphs.memory({})
