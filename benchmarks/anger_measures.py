"""Corpora measured once: what each clip's voice measures, kept on disk until sound or measuring changes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice import emotion
from voice.emotion.corpus import Change, Recording, gathered, heard, parts
from voice.emotion.model import LAYERS, PROSODY, AngerModel, load
from voice.emotion.turn_voice import EncoderView, TurnVoice
from voice.emotion.views import NamedArrays
from voice.emotion.voice_training import Clips, train

_MEASURING = (
    *(
        "corpus",
        "encoder",
        "frames",
        "line",
        "line_noise",
        "pitch",
        "prosody",
        "speech",
        "timbre",
        "turn_voice",
    ),
)
_TRAINING = ("logistic", "model", "views", "voice_training")


@dataclass(frozen=True)
class Measured:
    """Clips of a corpus, and what a call would have glimpsed of each before it was over.

    Attributes:
        clips: the clips as wholes.
        beginnings: for each clip, its views every two seconds of it, the whole left out.
        noisy: share of the clips found too noisy to judge.
    """

    clips: Clips
    beginnings: list[list[NamedArrays]]
    noisy: float


class Bench:
    """Measures and trains, and keeps both.

    Args:
        folder: where it is kept.
        encoder: the recogniser's.
    """

    def __init__(self, folder: Path, encoder: EncoderView) -> None:
        self._folder = folder
        self._encoder = encoder
        folder.mkdir(parents=True, exist_ok=True)

    def measured(
        self,
        recordings: Sequence[Recording],
        *,
        change: Change | None = None,
        called: str = "",
        longest: float | None = None,
    ) -> Measured:
        """Return what recordings measure.

        Args:
            recordings: of one corpus.
            change: what the line does to them.
            called: the change's name.
            longest: seconds after which a clip is cut off.
        """
        files = "\n".join(f"{clip.path.parent.name}/{clip.file}" for clip in recordings)
        key = self._key(_MEASURING, files, called, str(longest))
        path = self._folder / f"{recordings[0].path.parent.name}{called and '-changed'}-{key}.npz"
        if not path.is_file():
            self._measure(recordings, change, longest, path)
        return _read(path)

    def trained(self, clips: Clips) -> tuple[AngerModel, NDArray[np.float64]]:
        """Return the model trained on clips, and each clip's score by one that never heard its speaker."""
        content = "".join(hashlib.sha256(values.tobytes()).hexdigest() for values in clips.measured.values())
        key = self._key(_TRAINING, content, "\n".join(clips.speaker), "\n".join(clips.emotion))
        path, scores = self._folder / f"model-{key}.npz", self._folder / f"left-out-{key}.npy"
        if not scores.is_file():
            model, left_out = train(clips, self._encoder.fingerprint)
            model.save(path)
            np.save(scores, left_out)
        return load(path), np.load(scores)

    def _measure(
        self, recordings: Sequence[Recording], change: Change | None, longest: float | None, path: Path
    ) -> None:
        kept: list[tuple[Recording, NamedArrays]] = []
        early: list[tuple[int, NamedArrays]] = []
        noisy = []
        for recording in recordings:
            speech = heard(recording, change, longest)
            voice = TurnVoice(self._encoder)
            begun = [voice.measure(part).views for part in parts(speech)]
            whole = voice.measure(speech)
            noisy.append(whole.noisy)
            if whole.views is None or len(whole.views) < len((PROSODY, LAYERS)):
                continue
            early += [(len(kept), views) for views in begun if views is not None and LAYERS in views]
            kept.append((recording, whole.views))
        clips = gathered(kept)
        arrays = {f"whole/{name}": values for name, values in clips.measured.items()}
        for name in clips.measured:
            arrays[f"begun/{name}"] = np.array([views[name] for _, views in early])
        np.savez(
            path,
            speaker=clips.speaker,
            emotion=clips.emotion,
            corpus=clips.corpus,
            of=np.array([row for row, _ in early], dtype=np.int64),
            noisy=np.array(np.mean(noisy)),
            allow_pickle=False,
            **arrays,
        )

    def _key(self, modules: Sequence[str], *parts: str) -> str:
        here = Path(next(iter(emotion.__path__)))
        digest = hashlib.sha256(self._encoder.fingerprint.encode())
        for module in modules:
            digest.update((here / f"{module}.py").read_bytes())
        for part in parts:
            digest.update(f"{part}\0".encode())
        return digest.hexdigest()[:16]


def _read(path: Path) -> Measured:
    with np.load(path) as stored:
        values = {name: stored[name] for name in stored.files}
    views = {name: values[f"whole/{name}"] for name in (PROSODY, LAYERS)}
    clips = Clips(views, values["speaker"], values["emotion"], values["corpus"])
    beginnings: list[list[NamedArrays]] = [[] for _ in clips.speaker]
    for place, row in enumerate(values["of"]):
        beginnings[row].append({name: values[f"begun/{name}"][place] for name in views})
    return Measured(clips, beginnings, float(values["noisy"]))
