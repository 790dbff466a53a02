"""What lines have learnt, on disk: one small file a line, shared by workers and `hookflash calibrate anger`.

A file is replaced in one step, so that a crash leaves the old one, and only under a lock on the folder, so
that nobody's change is lost.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from voice.emotion.thresholds import LineState

_UNSAFE = re.compile(r"[^\w-]")
_BEGUN = ".new"


class LineFiles:
    """A folder of them. Blocks for as long as another process writes.

    Args:
        folder: made where missing; None keeps everything in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, tuple[tuple[int, int], LineState]] = {}

    def read(self, line: str) -> LineState:
        """Return what a line knows; a damaged file is a line that starts again."""
        if self._folder is None:
            return self._known.get(line, ((0, 0), LineState()))[1]
        path = self._path(line)
        try:
            now = _stamp(path)
        except FileNotFoundError:
            self._known.pop(line, None)
            return LineState()
        known = self._known.get(line)
        if known is None or known[0] != now:
            known = self._known[line] = (now, _decoded(path))
        return known[1]

    def change(self, line: str, change: Callable[[LineState], LineState]) -> tuple[LineState, LineState]:
        """Replace what a line knows; return it as it was and as it is.

        Raises:
            OSError: it cannot be written.
        """
        if self._folder is None:
            before = self.read(line)
            self._known[line] = ((0, 0), change(before))
            return before, self.read(line)
        self._folder.mkdir(parents=True, exist_ok=True)
        with _locked(self._folder):
            before = self.read(line)
            after = change(before)
            path = self._path(line)
            _write(path, after)
            self._known[line] = (_stamp(path), after)
        return before, after

    def change_all(self, change: Callable[[LineState], LineState]) -> None:
        """Do the same to every line; a file with nothing left in it goes, and what a crash left half written.

        Raises:
            OSError: a file cannot be replaced.
        """
        if self._folder is None:
            self._known = {line: (seen, change(state)) for line, (seen, state) in self._known.items()}
            return
        self._known.clear()
        if not self._folder.is_dir():
            return
        with _locked(self._folder):
            for begun in self._folder.glob(f"*{_BEGUN}"):
                begun.unlink()
            for path in self._folder.glob("*.json"):
                before = _decoded(path)
                after = change(before)
                if not after.peaks:
                    path.unlink()
                elif after != before:
                    _write(path, after)

    def _path(self, line: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{_UNSAFE.sub('_', line) or 'default'}.json"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _stamp(path: Path) -> tuple[int, int]:
    """Return what changes when a file is replaced."""
    status = path.stat()
    return status.st_mtime_ns, status.st_ino


def _write(path: Path, state: LineState) -> None:
    begun = path.with_suffix(_BEGUN)
    begun.write_bytes(msgspec.json.encode(state))
    begun.replace(path)


def _decoded(path: Path) -> LineState:
    try:
        return msgspec.json.decode(path.read_bytes(), type=LineState)
    except (FileNotFoundError, msgspec.DecodeError):
        return LineState()
