# ruff: noqa: RUF001  (phonemes)
"""Kokoro, a network with half a hundred voices (Apache-2.0): they teach the short answers alone.

A folder has the network, its phonemes and its voices; `setup/teaching_voices.sh FOLDER` fetches them. Any
voice speaks any language it is given the phonemes of: a Spanish one speaks English with an accent.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from audio_fixtures.speech import NoVoiceError
from audio_fixtures.voicing import Audio
from voice.networks.session import session

FOLDER = "HOOKFLASH_TEACHING_VOICES"
"""The variable that names the folder."""
RATE = 24_000
_SEED = 1
_SECONDS = 30
_WIDTH = 256
_AS_WRITTEN = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("e^ɪ", "A"), ("ɔ^ɪ", "Y"), ("ə^ʊ", "Q"), ("o^ʊ", "O"), ("t^ʃ", "ʧ"),
    ("d^ʒ", "ʤ"), ("ə^l", "ᵊl"), ("^", ""), ("ɚ", "əɹ"), ("ɐ", "ə"), ("ɜː", "ɜɹ"),
)  # fmt: skip
"""How Kokoro writes what eSpeak NG writes so."""


def speak(texts: Sequence[str], name: str, speed: float) -> list[tuple[Audio, int]]:
    """Return each text as spoken, and its rate; the same texts, voice and speed give the same samples.

    Args:
        texts: what is said.
        name: the language of eSpeak NG's whose phonemes are spoken, and the voice: `en-gb+bm_fable`.
        speed: times the usual.

    Raises:
        NoVoiceError: the network or eSpeak NG is not there.
    """
    language, _, voice = name.partition("+")
    where = folder()
    onnxruntime.set_seed(_SEED)  # taken up where a session begins: hence one for every voice
    network = session(str(where / "kokoro.onnx"))
    known = json.loads((where / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    styles = np.fromfile(where / "voices" / f"{voice}.bin", np.float32).reshape(-1, 1, _WIDTH)
    spoken = []
    for text in texts:
        tokens = [known[sound] for sound in f"{_phonemes(text, language)}." if sound in known]
        spoken.append((_sound(network, tokens, styles[len(tokens)], speed), RATE))
    return spoken


def as_written(phonemes: str, language: str) -> str:
    """Return eSpeak NG's phonemes of a language, tied with `^`, as Kokoro learnt them."""
    for theirs, ours in _AS_WRITTEN:
        phonemes = phonemes.replace(theirs, ours)
    return phonemes if language != "en-us" else phonemes.replace("ː", "")


def _sound(
    network: onnxruntime.InferenceSession, tokens: Sequence[int], style: NDArray[np.float32], speed: float
) -> Audio:
    given = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style,
        "speed": np.array([speed], np.float32),
    }
    return np.asarray(network.run(None, given)[0], np.float64).ravel()


def _phonemes(text: str, language: str) -> str:
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", language, "--", text]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603 (our own arguments)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoVoiceError(f"{command[0]} could not tell how {text!r} is spoken: {error}") from error
    return as_written(" ".join(done.stdout.split()), language)


def folder() -> Path:
    """Return the folder that `setup/teaching_voices.sh` filled.

    Raises:
        NoVoiceError: none is named.
    """
    named = os.environ.get(FOLDER)
    if not named:
        raise NoVoiceError(
            f"Kokoro is not there: run setup/teaching_voices.sh FOLDER and set {FOLDER} to it."
        )
    return Path(named)
