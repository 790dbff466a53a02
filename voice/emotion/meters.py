"""What all calls of a process share to feel: the encoder, and what each line has learnt from its calls."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from voice.dialogue.thresholds import AngerThresholds
from voice.emotion import model
from voice.emotion.anger import AngerMeter, AngerSettings
from voice.emotion.encoder import EncoderLayer
from voice.emotion.line_files import LineFiles
from voice.emotion.thresholds import LineState, LineThreshold
from voice.emotion.wording import Sentences, shipped
from voice.journal.events import LineLearnt
from voice.networks.weights_file import UnreadableWeights

if TYPE_CHECKING:
    from voice.dialogue.playbook import Playbook

_MOVED = 0.05
FORGETS_EVERY = 3600.0
"""Seconds after which what is too old is dropped again, however quiet the lines are."""


def encoder(weights: Path) -> EncoderLayer | None:
    """Return the encoder of prepared weights; None where they are no Whisper model's.

    Anger is then heard from prosody alone, as with a recogniser that runs elsewhere.
    """
    try:
        return EncoderLayer(weights)
    except (UnreadableWeights, OSError, RuntimeError):
        return None


class Meters:
    """Makes the meter of each call and lets its line learn from it. Files are read and written by the caller.

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
        self._files = LineFiles(folder)
        self._encoder = encoder
        self._wording = shipped().with_sentences(sentences)
        self._reading = model.shipped().calibration(encoder.fingerprint if encoder else None)
        self._calibrated: dict[str, LineThreshold] = {}
        """How the threshold of a line that was calibrated follows from what it has learnt."""

    def of(self, playbook: "Playbook") -> Callable[[], AngerMeter]:
        """Return what makes the meter of each call on a playbook's line, with its limits."""
        return partial(self.meter, playbook.name, playbook.thresholds.anger)

    def meter(self, line: str, limits: AngerThresholds | None = None) -> AngerMeter:
        """Return the meter of one call.

        Args:
            line: whose threshold counts.
            limits: its playbook's; an operator's own threshold in them is one of the voice's scores, as
                thresholds are journalled.
        """
        limits = limits or AngerThresholds()
        settings = AngerSettings(threshold=self.threshold(line, limits), limits=limits)
        return AngerMeter(settings, encoder=self._encoder, wording=self._wording)

    def threshold(self, line: str, limits: AngerThresholds) -> float | None:
        """Return where a line fires under these limits, on the running score; None where it does not yet."""
        return self._with(line, limits, self._files.read(line)).value

    def calls(self, line: str) -> int:
        """Return how many calls a line has learnt from."""
        return self._files.read(line).calls

    def ended(self, line: str, meter: AngerMeter) -> LineLearnt | None:
        """Let a line learn from a call that is over; return what is to be journalled if its threshold moved.

        Raises:
            OSError: what was learnt cannot be written.
        """
        peak = meter.peak
        if peak is None:
            return None
        today = self._today().toordinal()
        before, after = (
            self._with(line, meter.limits, state)
            for state in self._files.change(
                line, lambda state: self._with(line, meter.limits, state).heard(peak, today).state
            )
        )
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
        """Replace what a line knows, as `hookflash calibrate anger` does; it counts as heard today.

        Raises:
            OSError: it cannot be written.
        """
        peaks = learnt.state.peaks
        state = LineState(peaks, learnt.state.calls, (self._today().toordinal(),) * len(peaks))
        self._calibrated[line] = replace(learnt, state=LineState())
        self._files.change(line, lambda _: state)

    def forget(self) -> None:
        """Drop from every line's file what is older than it may be; a file with nothing left goes.

        Raises:
            OSError: a file cannot be replaced.
        """
        oldest = self._oldest
        self._files.change_all(lambda state: state.since(oldest))

    async def forget_in_time(self) -> None:
        """Do so every hour, in a thread, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.forget)
            except OSError as error:
                logger.error("What lines learnt from calls that are too old cannot be deleted: {}", error)
            await asyncio.sleep(FORGETS_EVERY)

    @property
    def _oldest(self) -> int:
        """The first day that still counts."""
        return self._today().toordinal() - self._keep_days

    def _with(self, line: str, limits: AngerThresholds, state: LineState) -> LineThreshold:
        return replace(
            self._calibrated.get(line, LineThreshold()),
            pinned=None if limits.pinned is None else self._reading.score(limits.pinned),
            false_share=limits.false_per_100 / 100,
            state=state.since(self._oldest),
        )
