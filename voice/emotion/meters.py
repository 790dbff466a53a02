"""What all calls of a process share to feel: the encoder, and what each line has learnt from its calls."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice.emotion import model
from voice.emotion.anger import AngerMeter, AngerSettings
from voice.emotion.encoder import EncoderLayer
from voice.emotion.thresholds import LineState, LineThreshold
from voice.emotion.whisper_cut import UnreadableWeights
from voice.emotion.wording import Sentences, shipped
from voice.journal.events import LineLearnt

if TYPE_CHECKING:
    from voice.dialogue.playbook import Playbook

_MOVED = 0.05
_SAFE = re.compile(r"[^\w-]")


def encoder(weights: Path) -> EncoderLayer | None:
    """Return the encoder of prepared weights; None where they are no Whisper this can cut.

    Anger is then heard from prosody alone, as with a recogniser that runs elsewhere.
    """
    try:
        return EncoderLayer(weights)
    except (UnreadableWeights, OSError, RuntimeError):
        return None


class Meters:
    """Makes the meter of each call and lets its line learn from it. File access: call from a thread.

    Args:
        folder: where lines keep what they learnt, one small file each; None keeps nothing.
        encoder: the recogniser's encoder, None for prosody alone.
        sentences: the sentence encoder for the wording, None for n-grams and cues alone.
        today: tells the day.
        keep_days: how long a line remembers a call.
    """

    def __init__(
        self,
        folder: Path | None,
        encoder: EncoderLayer | None,
        sentences: Sentences | None = None,
        *,
        today: Callable[[], date],
        keep_days: int = 90,
    ) -> None:
        self._today = today
        self._keep_days = keep_days
        self._folder = folder
        self._encoder = encoder
        self._wording = shipped().with_sentences(sentences)
        self._reading = model.shipped().calibration(encoder.fingerprint if encoder else None)
        self._lines: dict[str, LineThreshold] = {}

    def of(self, playbook: "Playbook") -> Callable[[], AngerMeter]:
        """Return what makes the meter of each call on a playbook's line, with its limits."""
        limits = playbook.thresholds.anger
        return partial(
            self.meter,
            playbook.name,
            heard=limits.heard,
            pinned=limits.pinned,
            false_per_100=limits.false_per_100,
        )

    def meter(
        self, line: str, *, heard: bool = True, pinned: float | None = None, false_per_100: float = 2.0
    ) -> AngerMeter:
        """Return the meter of one call.

        Args:
            line: whose threshold counts.
            heard: False leaves the voice out on this line; the words remain.
            pinned: the operator's own threshold instead of the learnt one, 0..1 as thresholds are journalled.
            false_per_100: how many of 100 calm calls may be handed over for their voice.
        """
        settled = None if pinned is None else self._reading.score(pinned)
        learnt = replace(self._line(line), pinned=settled, false_share=false_per_100 / 100)
        self._lines[line] = learnt
        return AngerMeter(
            AngerSettings(threshold=learnt.value, heard=heard), encoder=self._encoder, wording=self._wording
        )

    def ended(self, line: str, meter: AngerMeter) -> LineLearnt | None:
        """Let a line learn from a call that is over; return what is to be journalled if its threshold moved.

        Raises:
            OSError: what was learnt cannot be written.
        """
        if meter.peak is None:
            return None
        before = self._line(line)
        after = before.heard(meter.peak, self._today().toordinal())
        self._lines[line] = after
        self._write(line, after.state)
        self.forget()
        old, new = before.value, after.value
        if new is None or (old is not None and round(old / _MOVED) == round(new / _MOVED)):
            return None
        return LineLearnt(
            line=line,
            threshold=round(self.reads(new), 3),
            before=None if old is None else round(self.reads(old), 3),
            calls=after.state.calls,
        )

    def reads(self, threshold: float) -> float:
        """Return a threshold on calls' highest scores as the voice score it stands for, 0..1."""
        return self._reading.chance(threshold)

    def learn(self, line: str, learnt: LineThreshold) -> None:
        """Replace what a line knows, as `hookflash calibrate anger` does; it counts as heard today."""
        peaks = learnt.state.peaks
        state = LineState(peaks, learnt.state.calls, (self._today().toordinal(),) * len(peaks))
        self._lines[line] = replace(learnt, state=state)
        self._write(line, state)

    def forget(self) -> None:
        """Drop from every line's file what is older than it may be; a file with nothing left goes.

        Raises:
            OSError: a file cannot be replaced.
        """
        for path in self._folder.glob("*.json") if self._folder else ():
            state = _read(path)
            left = state.since(self._oldest)
            if not left.peaks:
                path.unlink(missing_ok=True)
            elif left != state:
                self._write(path.stem, left)

    @property
    def _oldest(self) -> int:
        """The first day that still counts."""
        return self._today().toordinal() - self._keep_days

    def _line(self, line: str) -> LineThreshold:
        known = self._lines.get(line) or LineThreshold(
            LineState() if self._folder is None else _read(_path(self._folder, line))
        )
        self._lines[line] = replace(known, state=known.state.since(self._oldest))
        return self._lines[line]

    def _write(self, line: str, state: LineState) -> None:
        """Replace the line's file in one step, so that a crash leaves the old one."""
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(msgspec.json.encode(state))
        Path(file.name).replace(_path(self._folder, line))


def _read(path: Path) -> LineState:
    try:
        return msgspec.json.decode(path.read_bytes(), type=LineState)
    except (FileNotFoundError, msgspec.DecodeError):
        return LineState()


def _path(folder: Path, line: str) -> Path:
    return folder / f"{_SAFE.sub('_', line) or 'default'}.json"
