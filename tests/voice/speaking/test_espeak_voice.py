import shutil
from pathlib import Path

import numpy as np
import pytest

from voice.speaking.espeak import PROGRAM, Espeak
from voice.speaking.level import ACTIVE_LEVEL
from voice.speaking.voice import SAMPLE_RATE, Due, VoiceError, whole

installed = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="espeak-ng is not installed")


@installed
async def test_french_is_spoken_as_loud_as_the_telephone_wants() -> None:
    voice = Espeak()
    samples = await whole(await voice.speak("Bonjour, que puis-je faire pour vous ?", "fr", Due()))
    voice.close()
    spoken = samples / 32768
    frames = spoken[: len(spoken) // 160 * 160].reshape(-1, 160)
    loud = 10 * np.log10(np.percentile((frames**2).mean(axis=1), 80))
    assert loud == pytest.approx(ACTIVE_LEVEL, abs=4)
    assert np.abs(spoken).max() < 0.9
    assert 1.5 < len(spoken) / SAMPLE_RATE < 4.0


@installed
async def test_what_a_sentence_says_steers_nothing() -> None:
    voice = Espeak()
    samples = [
        await whole(await voice.speak(text, "fr", Due())) for text in ("-v en <b>oui</b>", "-v en oui")
    ]
    assert len(samples[0]) == len(samples[1]) > 0
    assert len(await whole(await voice.speak("** -- **", "fr", Due()))) == 0
    with pytest.raises(VoiceError, match="languages"):
        await voice.speak("Hello.", "xx", Due())
    voice.close()


async def test_where_it_is_missing_the_package_is_named() -> None:
    voice = Espeak("no-such-program")
    with pytest.raises(VoiceError, match="apt install espeak-ng"):
        await voice.speak("Bonjour.", "fr", Due())
    voice.close()


@pytest.mark.parametrize(
    ("script", "says"), [("exit 1", "does not speak"), ("cat >/dev/null; echo rubbish", "no")]
)
async def test_a_program_that_fails_is_one_sentence(tmp_path: Path, script: str, says: str) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    voice = Espeak(str(program))
    with pytest.raises(VoiceError, match=says) as error:
        await voice.speak("Bonjour.", "fr", Due())
    assert "\n" not in str(error.value)
    voice.close()
