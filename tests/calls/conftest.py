"""Every recorded caller has rung a real system before the first of these tests looks at what became of it."""

import pytest

from tests.calls.ringing import Rung, ring_all
from voice.models import MissingModel, sentence_model, voice_files, whisper_weights
from voice.settings import VoiceSettings


@pytest.fixture(scope="session")
def rung(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rung]:
    """Return what became of each call, by the caller's name."""
    try:
        for find in (whisper_weights, voice_files, sentence_model):
            find(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))
    return ring_all(tmp_path_factory.mktemp("calls"))
