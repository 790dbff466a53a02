"""Reads a playbook's folder and remembers on which line everything stands, so that a mistake can be shown."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from voice.yaml_file import Document, Location, YamlError

# Which part of a playbook a file holds. `line.yaml` holds the rest.
_PARTS = {
    "line.yaml": (),
    "sentences.yaml": ("sentences",),
    "policy.yaml": ("clauses",),
    "human-only.yaml": ("human_only",),
    "elsewhere.yaml": ("elsewhere",),
}
# And those a playbook may do without.
_MORE_PARTS = {
    "verification.yaml": ("verification",),
    "back-office.yaml": ("back_office",),
    "asking.yaml": ("asking",),
}
_REQUESTS = "requests"


class PlaybookError(Exception):
    """A playbook that cannot be used; each line of the message names file and line, and what to write."""


class PlaybookFiles:
    """The YAML files of one folder, as one mapping.

    Args:
        folder: holds `line.yaml`, `sentences.yaml`, `policy.yaml`, `human-only.yaml`, `elsewhere.yaml` and
            one file per request in `requests/`.

    Raises:
        PlaybookError: the folder or a file is missing, or a file is not YAML.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise PlaybookError(
                f"There is no playbook in {folder}: set HOOKFLASH_PLAYBOOKS to the folder that holds the "
                "playbooks and HOOKFLASH_PLAYBOOK to the name of one."
            )
        self.folder = folder
        self.content: dict[str, Any] = {}
        self._sources: list[tuple[Location, Path, Document]] = []
        for name, prefix in _PARTS.items():
            self._read(folder / name, prefix)
        for name, prefix in _MORE_PARTS.items():
            if (folder / name).exists():
                self._read(folder / name, prefix)
        self.content[_REQUESTS] = {}
        for path in sorted((folder / _REQUESTS).glob("*.yaml")):
            self._read(path, (_REQUESTS, path.stem))

    def where(self, location: Location) -> str:
        """Return `file:line` of the deepest part of `location` that is written down somewhere."""
        prefix, path, document = max(
            (source for source in self._sources if location[: len(source[0])] == source[0]),
            key=lambda source: len(source[0]),
        )
        return f"{path}:{document.line(location[len(prefix) :])}"

    def error(self, complaints: Iterable[tuple[Location, str]]) -> PlaybookError:
        """Return one error that shows every complaint where it belongs."""
        return PlaybookError("\n".join(f"{self.where(location)}: {what}" for location, what in complaints))

    def _read(self, path: Path, prefix: Location) -> None:
        try:
            document = Document(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise PlaybookError(
                f"{path} is missing: every playbook has one; `hookflash playbook new` writes an example."
            ) from None
        except YamlError as error:
            raise PlaybookError(f"{path}:{error.line}: this is not YAML: {error.problem}.") from None
        except UnicodeDecodeError:
            raise PlaybookError(f"{path}:1: save this file as UTF-8.") from None
        if not isinstance(document.content, dict):
            raise PlaybookError(f"{path}:1: write `name: value` lines here.")
        self._sources.append((prefix, path, document))
        place = self.content
        for key in prefix[:-1]:
            place = place[str(key)]
        if prefix:
            place[str(prefix[-1])] = document.content
        else:
            place.update(document.content)
