"""Sentences spoken before: kept in memory, and the fixed ones on disk too."""

import asyncio
import hashlib
import os
import tempfile
import wave
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from voice.speaking.voice import SAMPLE_RATE, Samples, Voice

Progress = Callable[[float], None]
"""Told the part done, 0..1."""


class PromptCache:
    """Spoken sentences, each rendered once.

    Only what `prepare` was given goes to disk: fixed prompts. An answer with a caller's own figures is
    forgotten when memory needs the room.

    Args:
        voice: says what is not yet there.
        folder: where fixed prompts are kept, as WAV; made where missing.
        capacity: sentences in memory; the one not used for longest goes first.
    """

    def __init__(self, voice: Voice, folder: Path, capacity: int = 256) -> None:
        self._voice = voice
        self._folder = folder
        self._capacity = capacity
        self._memory: OrderedDict[str, Samples] = OrderedDict()
        self._rendering = asyncio.Lock()

    @property
    def voice(self) -> str:
        """The voice's name."""
        return self._voice.name

    async def audio(self, text: str, language: str) -> Samples:
        """Return `text` spoken, 8 kHz mono; not to be written to.

        Raises:
            VoiceError: it cannot be said.
        """
        return await self._get(text, language, keep=False)

    async def prepare(self, texts: Iterable[tuple[str, str]], progress: Progress | None = None) -> None:
        """Render fixed prompts, each `(text, language)`, to disk and memory.

        Raises:
            VoiceError: one of them cannot be said.
            OSError: the folder cannot be written.
        """
        wanted = list(texts)
        for count, (text, language) in enumerate(wanted, start=1):
            await self._get(text, language, keep=True)
            if progress is not None:
                progress(count / len(wanted))

    async def _get(self, text: str, language: str, *, keep: bool) -> Samples:
        key = _key(self._voice.name, language, text)
        if not keep and (known := self._recall(key)) is not None:
            return known
        async with self._rendering:  # the voice says one sentence at a time; who waited may find it said
            known = self._recall(key)
            path = self._folder / f"{key}.wav"
            on_disk = await asyncio.to_thread(path.is_file) if keep or known is None else False
            if known is None and on_disk:
                known = await asyncio.to_thread(_read, path)
            if known is None:
                known, on_disk = await self._voice.synthesise(text, language), False
                known.flags.writeable = False
            if keep and not on_disk:
                await asyncio.to_thread(_write, path, known)
            self._remember(key, known)
            return known

    def _recall(self, key: str) -> Samples | None:
        if key in self._memory:
            self._memory.move_to_end(key)
        return self._memory.get(key)

    def _remember(self, key: str, samples: Samples) -> None:
        self._memory[key] = samples
        self._memory.move_to_end(key)
        while len(self._memory) > self._capacity:
            self._memory.popitem(last=False)


def _key(voice: str, language: str, text: str) -> str:
    return hashlib.sha256("\0".join((voice, language, text)).encode()).hexdigest()[:32]


def _read(path: Path) -> Samples | None:
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError):
        return None
    return np.frombuffer(raw, dtype="<i2") if shape == (1, 2, SAMPLE_RATE) else None


def _write(path: Path, samples: Samples) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as raw, wave.open(raw, "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", "not compressed"))
            file.writeframes(samples.astype("<i2").tobytes())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
