from collections.abc import AsyncIterator

import numpy as np
import pytest

from voice.models import MissingModel, voice_files
from voice.settings import VoiceSettings
from voice.speaking.level import ACTIVE_LEVEL
from voice.speaking.piper import Piper
from voice.speaking.voice import VoiceError

pytestmark = pytest.mark.models


@pytest.fixture
async def piper() -> AsyncIterator[Piper]:
    try:
        voice = Piper(voice_files(VoiceSettings()))
    except MissingModel as missing:
        pytest.skip(str(missing))
    yield voice
    voice.close()


async def test_the_same_sentence_is_the_same_audio(piper: Piper) -> None:
    first = await piper.synthesise("Your refund is on its way.", "en")
    await piper.synthesise("Something else in between.", "en")
    again = await piper.synthesise("Your refund is on its way.", "en-GB")
    assert first.dtype == np.int16
    assert (first == again).all()


async def test_it_sounds_as_loud_as_the_telephone_wants_and_does_not_clip(piper: Piper) -> None:
    spoken = (await piper.synthesise("Good morning, how can I help you today?", "en")) / 32768
    frames = spoken[: len(spoken) // 160 * 160].reshape(-1, 160)
    loud = np.percentile((frames**2).mean(axis=1), 80)
    assert 10 * np.log10(loud) == pytest.approx(ACTIVE_LEVEL, abs=4)
    assert np.abs(spoken).max() < 0.9
    assert 1.0 < len(spoken) / 8000 < 5.0


async def test_text_without_words_is_no_audio(piper: Piper) -> None:
    assert len(await piper.synthesise("** -- **", "en")) == 0


async def test_a_language_the_voice_does_not_speak_is_refused(piper: Piper) -> None:
    with pytest.raises(VoiceError, match="HOOKFLASH_VOICE"):
        await piper.synthesise("Bonjour.", "fr")
