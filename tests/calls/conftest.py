"""Every recorded caller has rung a real system before the first of these tests looks at what became of it."""

from pathlib import Path

import pytest

from tests.calls.ringing import Rung, ring_all
from voice.models import MissingModel, sentence_model, voice_files, whisper_weights
from voice.settings import VoiceSettings


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the system under test keeps what it knows."""
    return tmp_path_factory.mktemp("calls")


@pytest.fixture(scope="session")
def rung(company: Path) -> dict[str, Rung]:
    """Return what became of each call, by the caller's name."""
    try:
        for find in (whisper_weights, voice_files, sentence_model):
            find(VoiceSettings())
    except MissingModel as missing:
        pytest.skip(str(missing))
    return ring_all(company)
