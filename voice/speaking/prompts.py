"""Sentences spoken before: kept in memory, and the fixed ones on disk too."""

import asyncio
import hashlib
import io
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import numpy as np

from voice import kept_file, wave_file
from voice.speaking.voice import SAMPLE_RATE, Due, Samples, Speech, Voice, VoiceError, at_once, whole

AT_ONCE = 64
"""Sentences being rendered at most; one more is refused."""


class PromptCache:
    """Spoken sentences, each rendered once by each voice, however many calls want it at once.

    Only what `keep` was asked for goes to disk: fixed prompts. An answer with a caller's own figures is
    forgotten when memory needs the room.

    Args:
        folder: where fixed prompts are kept, as WAV; made where missing.
        seconds: of speech in memory; the sentence not used for longest goes first.
    """

    def __init__(self, folder: Path, seconds: float = 1_200) -> None:
        self._folder = folder
        self._room = int(seconds * SAMPLE_RATE)
        self._used = 0
        self._memory: OrderedDict[str, Samples] = OrderedDict()
        self._rendering: dict[str, _Rendering] = {}

    async def speech(self, voice: Voice, text: str, language: str, due: Due) -> Speech:
        """Return `text` as `voice` says it: all at once where it was said before, else as it is made.

        Raises:
            VoiceError: it cannot be said.
        """
        key = _key(voice.name, language, text)
        if (known := self._recall(key)) is not None:
            return at_once(known)
        rendering = self._rendering.get(key)
        if rendering is None:
            if len(self._rendering) >= AT_ONCE:
                raise VoiceError(f"{AT_ONCE} sentences are being spoken already; this one was not taken.")
            rendering = self._rendering[key] = _Rendering()
            rendering.task = asyncio.create_task(self._render(rendering, key, voice, text, language))
        rendering.due.hurry(due.at)
        return await rendering.speech(partial(self._give_up, key))

    async def keep(self, voice: Voice, text: str, language: str) -> None:
        """Have a fixed prompt in memory and on disk.

        Raises:
            VoiceError: it cannot be said.
            OSError: the folder cannot be written.
        """
        key = _key(voice.name, language, text)
        path = self._folder / f"{key}.wav"
        known = await asyncio.to_thread(_read, path)
        if known is None:
            samples = await whole(await self.speech(voice, text, language, Due()))
            await asyncio.to_thread(_write, path, samples)
        elif key not in self._memory:
            self._remember(key, known)

    async def close(self) -> None:
        """Stop what is being rendered."""
        tasks = [rendering.task for rendering in self._rendering.values() if rendering.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _give_up(self, key: str) -> None:
        """Stop a rendering that nobody wants any more: the caller went on talking, or talked over it."""
        rendering = self._rendering.pop(key, None)
        if rendering is not None and rendering.task is not None:
            rendering.task.cancel()

    async def _render(
        self, rendering: "_Rendering", key: str, voice: Voice, text: str, language: str
    ) -> None:
        """Fill a rendering, and remember it when it is whole."""
        try:
            known = await asyncio.to_thread(_read, self._folder / f"{key}.wav")
            speech = at_once(known) if known is not None else await voice.speak(text, language, rendering.due)
            rendering.begin(speech.samples)
            async for chunk in speech.chunks:
                rendering.add(chunk)
            self._remember(key, rendering.finish())
        except Exception as error:
            rendering.fail(error)
        except asyncio.CancelledError:
            rendering.fail(VoiceError("The voice was closed."))
            raise
        finally:
            if self._rendering.get(key) is rendering:
                del self._rendering[key]

    def _recall(self, key: str) -> Samples | None:
        if key in self._memory:
            self._memory.move_to_end(key)
        return self._memory.get(key)

    def _remember(self, key: str, samples: Samples) -> None:
        self._memory[key] = samples
        self._used += len(samples)
        while self._used > self._room and len(self._memory) > 1:
            _, oldest = self._memory.popitem(last=False)
            self._used -= len(oldest)


class _Rendering:
    """A sentence on its way, for everybody who wants it."""

    def __init__(self) -> None:
        self.due = Due()
        self.task: asyncio.Task[None] | None = None
        self._samples: int | None = None
        self._chunks: list[Samples] = []
        self._over = False
        self._error: Exception | None = None
        self._wanted = 0
        self._more = asyncio.Event()

    def begin(self, samples: int) -> None:
        self._samples = samples
        self._wake()

    def add(self, chunk: Samples) -> None:
        chunk.flags.writeable = False
        self._chunks.append(chunk)
        self._wake()

    def finish(self) -> Samples:
        self._over = True
        self._wake()
        samples = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int16)
        samples.flags.writeable = False
        return samples

    def fail(self, error: Exception) -> None:
        self._error = error
        self._wake()

    async def speech(self, unwanted: Callable[[], None]) -> Speech:
        """Return it once its length is known; `unwanted` is called when the last who wanted it has gone."""
        self._wanted += 1
        try:
            while self._samples is None:
                await self._wait()
        except BaseException:
            self._leave(unwanted)
            raise
        return Speech(self._samples, self._all(unwanted))

    async def _all(self, unwanted: Callable[[], None]) -> AsyncIterator[Samples]:
        given = 0
        try:
            while given < len(self._chunks) or not self._over:
                while given < len(self._chunks):
                    given += 1
                    yield self._chunks[given - 1]
                if not self._over:
                    await self._wait()
        finally:
            self._leave(unwanted)

    def _leave(self, unwanted: Callable[[], None]) -> None:
        self._wanted -= 1
        if not self._wanted and not self._over and self._error is None:
            unwanted()

    async def _wait(self) -> None:
        if self._error is not None:
            raise self._error
        await self._more.wait()

    def _wake(self) -> None:
        """Wake everybody who waits; who comes later waits for the next time."""
        self._more.set()
        self._more = asyncio.Event()


def _key(voice: str, language: str, text: str) -> str:
    return hashlib.sha256("\0".join((voice, language, text)).encode()).hexdigest()[:32]


def _read(path: Path) -> Samples | None:
    try:
        samples, rate = wave_file.read(path)
    except (OSError, ValueError):
        return None
    return samples if rate == SAMPLE_RATE else None


def _write(path: Path, samples: Samples) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = io.BytesIO()
    wave_file.write(file, samples, SAMPLE_RATE)
    kept_file.write(path, file.getvalue())
