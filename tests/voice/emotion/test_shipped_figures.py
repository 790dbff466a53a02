"""The weights that ship hear as well as the docs say, on every fourth clip of actors they never heard."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.anger_table import by_view
from voice.emotion.corpus import measure, read_manifest
from voice.emotion.encoder import EncoderLayer
from voice.emotion.model import shipped
from voice.models.location import whisper_weights
from voice.settings import load_settings

CORPORA = os.environ.get("HOOKFLASH_CORPORA", "")
pytestmark = [
    pytest.mark.corpora,
    pytest.mark.models,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CORPORA, reason="HOOKFLASH_CORPORA names no folder of recordings"),
]


@pytest.fixture(autouse=True)
def small_heap() -> Iterator[None]:
    """Decoding a file ends in a full garbage collection, which is dear beside a whole suite's objects."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize(("name", "least", "happy"), [("ravdess", 0.90, 0.86), ("nemo", 0.93, 0.89)])
def test_the_shipped_weights_have_not_fallen(name: str, least: float, happy: float) -> None:
    encoder = EncoderLayer(whisper_weights(load_settings()))
    clips = measure(read_manifest(Path(CORPORA) / name)[::4], encoder)
    found = by_view(shipped(), clips)
    assert found["auc"]["joined"] >= least
    assert found["happy"]["joined"] >= happy
