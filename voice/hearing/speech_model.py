"""Whisper's networks: what its encoder makes of sound, and what its decoder thinks comes next. Blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from voice.networks import session, weights_file

Floats = NDArray[np.float32]
Probabilities = NDArray[np.float64]
Tokens = tuple[int, ...]

_ENGLISH_ONLY = 51864
"""Tokens of a model that knows no other language."""


class Memory:
    """A stretch of sound as the decoder looks it up.

    Args:
        keys: for each layer, (1, heads, width of one, time).
        values: for each layer, (1, heads, time, width of one).
    """

    def __init__(self, keys: Sequence[Floats], values: Sequence[Floats]) -> None:
        self._keys = keys
        self._values = values

    def part(self, begin: int, end: int) -> Memory:
        """Return some of its states of 20 ms."""
        keys = [key[..., begin:end] for key in self._keys]
        return Memory(keys, [value[:, :, begin:end] for value in self._values])

    def and_then(self, other: Memory) -> Memory:
        """Return this with another behind it."""
        keys = [np.concatenate(both, axis=3) for both in zip(self._keys, other._keys, strict=True)]
        values = [np.concatenate(both, axis=2) for both in zip(self._values, other._values, strict=True)]
        return Memory(keys, values)

    @cached_property
    def given(self) -> dict[str, onnxruntime.OrtValue]:
        """The decoder's inputs, held for it."""
        named = {f"key_{layer}": key for layer, key in enumerate(self._keys)}
        named |= {f"value_{layer}": value for layer, value in enumerate(self._values)}
        return {name: _held(np.ascontiguousarray(value)) for name, value in named.items()}


@dataclass(frozen=True)
class Written:
    """A beginning of what is written of a clip. It does not change: more than one text may go on from it.

    Attributes:
        logits: (vocabulary,) of the token behind it.
        looks: (heads, tokens, time): where in the sound the heads that follow it looked at each of the tokens
            read last, as probabilities.
    """

    logits: Floats
    looks: Floats
    _model: SpeechModel
    _memory: Memory
    _past: dict[str, onnxruntime.OrtValue]

    def then(self, *tokens: int) -> Written:
        """Return it with more tokens behind it."""
        return self._model.read(self._memory, tokens, self)

    @property
    def probabilities(self) -> Probabilities:
        """(vocabulary,): of each token to come next, nothing forbidden."""
        powers = np.exp((self.logits - self.logits.max()).astype(np.float64))
        probabilities: Probabilities = powers / powers.sum()
        return probabilities


class SpeechModel:
    """A Whisper model at work.

    Args:
        weights: folder of a model converted for CTranslate2.
        threads: threads one run may use.

    Attributes:
        bands: of the mel spectrogram it hears.
        multilingual: whether it knows more than English.
        forbidden: tokens it should never write in a transcript.
        forbidden_first: nor these at its beginning.
        languages: the tokens of the languages it knows.

    Raises:
        UnreadableWeights: the file is no Whisper model's.
        OSError: the files cannot be read.
        ValueError: the configuration cannot be read.
    """

    def __init__(self, weights: Path, threads: int) -> None:
        config = json.loads((weights / "config.json").read_text())
        self.forbidden: Tokens = tuple(config.get("suppress_ids", ()))
        self.forbidden_first: Tokens = tuple(config.get("suppress_ids_begin", ()))
        self.languages: Tokens = tuple(config.get("lang_ids", ()))
        looks = [(int(layer), int(head)) for layer, head in config["alignment_heads"]]
        file = weights / "model.bin"
        self._encoder, self._memory, self._decoder = _networks(file, looks, threads)
        shapes = {given.name: given.shape for given in self._decoder.get_inputs()}
        self._layers = sum(name.startswith("past_key_") for name in shapes)
        _, heads, _, width = shapes["past_key_0"]
        nothing = _held(np.zeros((1, heads, 0, width), np.float32))
        self._no_past = {name: nothing for name in shapes if name.startswith("past_")}
        self._shown = [shown.name for shown in self._decoder.get_outputs()]
        self.bands = int(self._encoder.get_inputs()[0].shape[1])
        self.multilingual = (
            int(self._decoder.get_outputs()[self._shown.index("logits")].shape[1]) > _ENGLISH_ONLY
        )

    def encode(self, mel: Floats) -> Floats:
        """Return what the encoder makes of a mel spectrogram: (frames of 20 ms, width).

        Args:
            mel: (bands, frames of 10 ms), an even number of them, at most 3,000.
        """
        states: Floats = self._encoder.run(None, {"mel": np.ascontiguousarray(mel[None], np.float32)})[0][0]
        return states

    def memory(self, states: Floats) -> Memory:
        """Return states as the decoder looks them up."""
        shown = self._memory.run(None, {"states": states[None]})
        return Memory(shown[::2], shown[1::2])

    def read(self, memory: Memory, tokens: Sequence[int], behind: Written | None = None) -> Written:
        """Return tokens as written of a clip, behind those written before."""
        given = {"tokens": _held(np.array([tokens], np.int64)), **memory.given}
        past = behind._past if behind is not None else self._no_past
        shown = dict(
            zip(self._shown, self._decoder.run_with_ort_values(self._shown, given | past), strict=True)
        )
        now = {name: shown[name.replace("past", "present")] for name in self._no_past}
        return Written(shown["logits"].numpy()[0], shown["looks"].numpy()[0], self, memory, now)


def _networks(
    file: Path, looks: Sequence[tuple[int, int]], threads: int
) -> tuple[onnxruntime.InferenceSession, onnxruntime.InferenceSession, onnxruntime.InferenceSession]:
    """Return encoder, memory and decoder; their graphs are written down only where they are not yet kept."""
    weights = cache(partial(weights_file.read, file))

    def make(name: str) -> bytes:
        from voice.networks import whisper_graphs  # noqa: PLC0415  (onnx is slow to import, and needed once)

        match name:
            case "encoder":
                return whisper_graphs.encoder(weights())
            case "memory":
                return whisper_graphs.memory(weights())
            case _:
                return whisper_graphs.decoder(weights(), looks)

    encoder, memory, decoder = (
        session.kept(file, name, partial(make, name), threads) for name in ("encoder", "memory", "decoder")
    )
    return encoder, memory, decoder


def _held(value: NDArray[np.generic]) -> onnxruntime.OrtValue:
    return onnxruntime.OrtValue.ortvalue_from_numpy(value)
