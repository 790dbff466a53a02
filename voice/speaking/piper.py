"""The local voice: Piper. The only module that imports it, and only once a voice is really loaded."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import soxr

from voice.speaking.level import levelled
from voice.speaking.text import speakable
from voice.speaking.voice import SAMPLE_RATE, Samples, VoiceError

if TYPE_CHECKING:
    from piper import PiperVoice

_REVISION = 1
"""Raise it when the same text comes to sound different, so that prompts on disk are rendered again."""


class Piper:
    """A Piper voice, its synthesis in one thread of its own.

    The noise that Piper adds to timing and timbre is left out: the same sentence is then the same audio every
    time, so prompts can be kept and calls replayed; on a telephone band the difference is hard to hear.

    Args:
        path: the voice's `.onnx`; its `.onnx.json` lies beside it.
        threads: threads one sentence may use.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._path = path
        self._threads = threads
        self._language = str(json.loads(path.with_name(f"{path.name}.json").read_text())["espeak"]["voice"])
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="piper")
        self._voice: PiperVoice | None = None

    @property
    def name(self) -> str:
        """The file's name and how it is made to speak."""
        return f"{self._path.stem}-{_REVISION}"

    async def warm(self) -> None:
        """Load the voice and say a word to nobody.

        Raises:
            VoiceError: Piper is not installed.
        """
        await asyncio.get_running_loop().run_in_executor(self._executor, self._say, "Ready.")

    async def synthesise(self, text: str, language: str) -> Samples:
        """Return `text` spoken: 8 kHz mono, active speech at about -22 dBFS, never clipped."""
        spoken, wanted = self._language.partition("-")[0], language.partition("-")[0]
        if wanted != spoken:
            raise VoiceError(
                f"The voice {self._path.stem} speaks {spoken!r}, not {wanted!r}: "
                "set HOOKFLASH_VOICE to a Piper voice of that language."
            )
        text = speakable(text)
        if not text:
            return np.zeros(0, dtype=np.int16)
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._say, text)

    def close(self) -> None:
        """End the thread; a sentence under way is finished first."""
        self._executor.shutdown(cancel_futures=True)

    def _say(self, text: str) -> Samples:
        from piper import SynthesisConfig  # noqa: PLC0415  (optional and slow to import)

        voice = self._voice = self._voice or self._load()
        still = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False)
        parts = [chunk.audio_float_array for chunk in voice.synthesize(text, still)]
        if not parts:
            return np.zeros(0, dtype=np.int16)
        rate = voice.config.sample_rate
        telephone = soxr.resample(np.concatenate(parts), rate, SAMPLE_RATE)
        return np.rint(levelled(telephone, SAMPLE_RATE) * 32767).astype(np.int16)

    def _load(self) -> "PiperVoice":
        try:
            from piper import PiperConfig, PiperVoice  # noqa: PLC0415  (optional and slow to import)
        except ModuleNotFoundError:
            raise VoiceError("Piper is not installed: run `pip install 'hookflash[local]'`.") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(self._path), sess_options=options, providers=["CPUExecutionProvider"]
        )
        config = json.loads(self._path.with_name(f"{self._path.name}.json").read_text())
        return PiperVoice(session=session, config=PiperConfig.from_dict(config))
