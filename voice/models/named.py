"""A Whisper model by the name faster-whisper knows it by, fetched from where those are published."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voice.models.location import MissingModel
from voice.settings import PREFIX

NEEDED = ("model.bin", "config.json", "tokenizer.json")


@dataclass(frozen=True)
class NamedStep:
    """One such model.

    Attributes:
        name: as `small`, or `owner/name` of a model converted for CTranslate2.
        folder: where it is kept.
    """

    name: str
    folder: Path

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return f"Whisper {self.name} (speech to text)"

    def done(self) -> bool:
        """Whether every file is there."""
        return all((self.folder / file).is_file() for file in NEEDED)

    def prepare(self, progress: Callable[[float], None]) -> None:
        """Fetch it.

        Raises:
            MissingModel: there is no model of that name, it lacks a file, or it cannot be fetched.
        """
        from faster_whisper import download_model  # noqa: PLC0415  (slow to import)

        fresh = self.folder.with_name(f".{self.folder.name}-fresh")
        try:
            download_model(self.name, output_dir=str(fresh))
        except ValueError as error:
            raise MissingModel(f"{error}: mend {PREFIX}WHISPER_MODEL or {PREFIX}WHISPER_LANGUAGES.") from None
        except Exception as error:  # the hub raises whatever its client does
            raise MissingModel(
                f"The Whisper model {self.name!r} cannot be fetched ({type(error).__name__}): "
                f"check the network, or set {PREFIX}WHISPER_WEIGHTS to a folder that has it."
            ) from None
        missing = [file for file in NEEDED if not (fresh / file).is_file()]
        if missing:
            raise MissingModel(f"The Whisper model {self.name!r} has no {missing[0]}: choose another.")
        shutil.rmtree(self.folder, ignore_errors=True)
        fresh.rename(self.folder)
        progress(1.0)
