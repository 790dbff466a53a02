"""The local voice: Piper. The only module that imports it, and only once a voice is really loaded."""

import contextlib
import io
import json
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from voice import kept_file
from voice.language_tag import code
from voice.networks.session import session
from voice.speaking.level import PEAK, gain, silence_before
from voice.speaking.text import speakable
from voice.speaking.urgent import UrgentFirst
from voice.speaking.vocoder import digest, halves
from voice.speaking.voice import SAMPLE_RATE, Due, Samples, Speech, VoiceError, at_once

_REVISION = 2
"""Raise it when the same text comes to sound different, so that prompts on disk are rendered again."""
_COUNTING = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."
"""Said once, in whatever language the voice speaks, to learn how loud it is."""
_FIRST = 24
"""Frames of the vocoder's first stretch, about 0.3 s: little, because the caller waits for it."""
_GROWTH = 3
_LONGEST = 128
"""Frames of one stretch at most, about 1.5 s: what another call's first word may have to wait for."""
_CONTEXT = 12
"""Frames the vocoder sees to either side: with these, stretches and the whole differ by 3e-7."""

Floats = NDArray[np.float32]


class Piper:
    """A Piper voice.

    The noise that Piper adds to timing and timbre is left out: the same sentence is then the same audio every
    time, so prompts can be kept and calls replayed; on a telephone band the difference is hard to hear.

    Args:
        path: the voice's `.onnx`; its `.onnx.json` lies beside it.
        thread: where it computes, shared with other voices.
        folder: where its halves are kept.
        threads: threads one stretch of sound may use.

    Raises:
        VoiceError: the files are not a voice's.
    """

    def __init__(self, path: Path, thread: UrgentFirst, folder: Path, threads: int = 1) -> None:
        self._path = path
        self._thread = thread
        self._folder = folder
        self._threads = threads
        try:
            self._language = str(_config(path)["espeak"]["voice"]).partition("-")[0]
            self._name = f"{path.stem}-{digest(path)}-{_REVISION}"
        except (OSError, ValueError, LookupError, TypeError):
            raise VoiceError(
                f"{path} is no Piper voice with its .json beside it: name another file."
            ) from None
        self._loaded: _Loaded | None = None

    @property
    def name(self) -> str:
        """The file's name, what is in it, and how it is made to speak."""
        return self._name

    @property
    def language(self) -> str:
        """The language it speaks, as `en`."""
        return self._language

    async def warm(self) -> None:
        """Load the voice; the first time it counts to ten for nobody.

        Raises:
            VoiceError: Piper is not installed, or the voice cannot be used.
        """
        await self._thread.run(self._load, lambda: float("-inf"))

    async def speak(self, text: str, language: str, due: Due) -> Speech:
        """Say `text`; see `Voice`. The first sound is there before the rest is made."""
        wanted = code(language)
        if wanted != self._language:
            raise VoiceError(f"The voice {self._path.stem} speaks {self._language!r}, not {wanted!r}.")
        text = speakable(text)
        if not text:
            return at_once(np.zeros(0, dtype=np.int16))
        making = _Making(text)
        first = await self._thread.run(lambda: making.begin(self._load()), lambda: due.at)
        return Speech(making.samples, self._go_on(first, making, due))

    async def _go_on(self, first: Samples, making: "_Making", due: Due) -> AsyncIterator[Samples]:
        yield first
        made = len(first)
        while made < making.samples:
            chunk = await self._thread.run(making.go_on, partial(due.after, made / SAMPLE_RATE))
            made += len(chunk)
            yield chunk

    def _load(self) -> "_Loaded":
        if self._loaded is None:
            self._loaded = _Loaded(self._path, self._folder, self._threads)
        return self._loaded


class _Making:
    """One text on its way from words to sound, stretch by stretch."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stretches: Iterator[Samples] = iter(())
        self.samples = 0
        """How many there will be; known from `begin` on."""

    def begin(self, voice: "_Loaded") -> Samples:
        """Return the first sound."""
        self._stretches = self._telephone(voice)
        return self.go_on()

    def go_on(self) -> Samples:
        """Return the next stretch."""
        try:
            return next(self._stretches)
        except StopIteration:
            return np.zeros(0, dtype=np.int16)
        except VoiceError:
            raise
        except Exception as error:
            raise VoiceError(f"The voice failed: {type(error).__name__}.") from error

    def _telephone(self, voice: "_Loaded") -> Iterator[Samples]:
        resampler = soxr.ResampleStream(voice.rate, SAMPLE_RATE, 1, dtype="float32")
        made = dropped = given = 0
        for sound, whole in voice.sound(voice.frames(self._text)):
            made += len(sound)
            chunk = resampler.resample_chunk(sound, last=made == whole) * voice.gain
            if not given:
                silent = silence_before(chunk, SAMPLE_RATE)
                dropped += silent
                chunk = chunk[silent:]
                self.samples = round(whole * SAMPLE_RATE / voice.rate) - dropped
            if made == whole:
                missing = max(0, self.samples - given)
                chunk = np.pad(chunk, (0, max(0, missing - len(chunk))))[:missing]
            given += len(chunk)
            if given or made == whole:
                yield np.rint(np.clip(chunk, -PEAK, PEAK) * 32767).astype(np.int16)


class _Loaded:
    """A voice in memory. Everything here blocks.

    Raises:
        VoiceError: Piper is not installed, or the voice cannot be used.
    """

    def __init__(self, path: Path, folder: Path, threads: int) -> None:
        try:
            from piper import PiperConfig, PiperVoice  # noqa: PLC0415  (optional and slow to import)
        except ModuleNotFoundError:
            raise VoiceError("Piper is not installed: run `pip install 'hookflash[local]'`.") from None
        cut = halves(path, folder)
        try:
            first = session(str(cut.frames if cut else path), threads, rearranged=bool(cut))
            self._vocoder = session(str(cut.sound), threads) if cut else None
            self._piper: PiperVoice = PiperVoice(session=first, config=PiperConfig.from_dict(_config(path)))
        except Exception as error:  # the readers raise whatever they like
            raise VoiceError(f"The voice {path} cannot be loaded ({error}): name another one.") from error
        self._between = cut.between if cut else ""
        self.rate = int(self._piper.config.sample_rate)
        self.gain = self._kept_gain(folder / f"{digest(path)}-{_REVISION}-gain.npz")

    def _kept_gain(self, path: Path) -> float:
        kept = kept_file.arrays(path).get("gain")
        if kept is not None and kept.shape == ():
            return float(kept)
        counted = [sound for sound, _ in self.sound(self.frames(_COUNTING))]
        learnt = gain(soxr.resample(np.concatenate(counted), self.rate, SAMPLE_RATE), SAMPLE_RATE)
        file = io.BytesIO()
        np.savez(file, gain=learnt)
        with contextlib.suppress(OSError):
            kept_file.write(path, file.getvalue())
        return learnt

    def frames(self, text: str) -> Floats:
        """Return the latent frames of a text, (1, channels, frames); of a voice not cut, its samples."""
        config = self._piper.config
        parts = []
        for phonemes in filter(None, self._piper.phonemize(text)):
            ids = self._piper.phonemes_to_ids(phonemes)
            given = {
                "input": np.array([ids], dtype=np.int64),
                "input_lengths": np.array([len(ids)], dtype=np.int64),
                "scales": np.array([0.0, config.length_scale, 0.0], dtype=np.float32),
            }
            if config.num_speakers > 1:
                given["sid"] = np.array([0], dtype=np.int64)
            frames = self._piper.session.run(None, given)[0]
            parts.append(frames.reshape(frames.shape[0], -1, frames.shape[-1]))
        return np.concatenate(parts, axis=2) if parts else np.zeros((1, 1, 0), np.float32)

    def sound(self, frames: Floats) -> Iterator[tuple[Floats, int]]:
        """Yield the samples of latent frames, stretch by stretch, each with the number there are in all."""
        total = frames.shape[2]
        if self._vocoder is None:
            yield frames.ravel(), total
            return
        start, size = 0, _FIRST
        while start < total:
            end = total if total - start < size + _FIRST else start + size
            left, right = min(_CONTEXT, start), min(_CONTEXT, total - end)
            seen = frames[:, :, start - left : end + right]
            sound = self._vocoder.run(None, {self._between: seen})[0].ravel()
            hop = len(sound) // seen.shape[2]
            yield sound[left * hop : len(sound) - right * hop], total * hop
            start, size = end, min(size * _GROWTH, _LONGEST)


def _config(path: Path) -> dict[str, dict[str, object]]:
    known: dict[str, dict[str, object]] = json.loads(path.with_name(f"{path.name}.json").read_text())
    return known
