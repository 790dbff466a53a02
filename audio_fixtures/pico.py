"""SVOX Pico, a small synthesiser with the voices of people (Apache-2.0): it teaches the short answers alone.

`setup/teaching_voices.sh FOLDER` fetches its bindings beside Kokoro; the project does not depend on them.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import numpy as np

from audio_fixtures.kokoro import folder
from audio_fixtures.speech import NoVoiceError
from audio_fixtures.voicing import Audio

RATE = 16_000


def speak(texts: Sequence[str], name: str, speed: float) -> list[tuple[Audio, int]]:
    """Return each text as spoken, and its rate.

    Args:
        texts: what is said.
        name: of the voice: `en-GB`, `fr-FR`.
        speed: times the usual, .2 to 5.

    Raises:
        NoVoiceError: the bindings are not there.
    """
    where = str(folder() / "pico")
    if where not in sys.path:
        sys.path.append(where)
    try:
        nanotts = import_module("py_nanotts")
    except ImportError as error:
        raise NoVoiceError(
            f"SVOX Pico is not there ({error}): run setup/teaching_voices.sh once more."
        ) from error
    voice = nanotts.NanoTTS()
    raw = (voice.speak(text, voice=name, speed=speed) for text in texts)
    return [(np.frombuffer(pcm, np.int16) / 32768.0, RATE) for pcm in raw]
