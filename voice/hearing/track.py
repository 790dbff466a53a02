"""One speaker's audio as it comes in: cut into windows, timed by its samples, kept while it may be needed."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.hearing.hush import Hush
from voice.hearing.own_level import OwnLevel
from voice.hearing.segments import Segmenter, SegmentEvent, TurnTaking
from voice.hearing.windows import RATE, WINDOW

LEAD = 0.2
"""Seconds of audio kept from before the first speech: soft onsets come before the model is sure."""
TAIL = 0.1
"""And after the last: a soft consonant may end a word."""
EAGER = 0.064
"""Seconds of silence after which a turn that is to be judged soon is decoded."""
SO_FAR = 2.0
"""Seconds of a turn after which, and every so many, it is shown as far as it goes."""


class VoiceActivity(Protocol):
    """Tells speech from everything else, window by window, with a state of its own for each track."""

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Return the probability of speech in 512 samples at 16 kHz."""


class Track:
    """A track's segmentation and the audio of the turn that is open.

    Args:
        activity: judges the windows.
        turn_taking: values of the segmenter.
        start: second of the call at which the first sample lies.
        own_level: tells the speaker's voice from those behind them; None: all speech is the speaker's.
    """

    def __init__(
        self,
        activity: VoiceActivity,
        turn_taking: TurnTaking,
        start: float,
        own_level: OwnLevel | None = None,
    ) -> None:
        self._activity = activity
        self._own_level = own_level
        self.hush = Hush()
        """What sounded since anybody spoke."""
        self._segmenter = Segmenter(turn_taking)
        self._start = start
        self.spoken_until = start
        """Second of the call at which speech was last heard."""
        self._count = 0
        """Samples analysed so far."""
        self._kept: list[NDArray[np.float32]] = []
        self._kept_from = 0
        """Place of the first kept sample in the track."""
        self._rest = np.empty(0, np.float32)
        self._shown = (float("nan"), 0)
        """The turn that has been shown so far, by its start, and how often."""

    @property
    def now(self) -> float:
        """Second of the call at which the audio received so far ends."""
        return self._start + (self._count + len(self._rest)) / RATE

    @property
    def speaking(self) -> bool:
        """Whether the speaker is talking just now."""
        return self._segmenter.speaking

    def feed(self, pcm: bytes) -> Iterator[SegmentEvent]:
        """Take mono 16-bit audio at 16 kHz of any length; yield what it brought, window by window.

        What is allowed (`allow`) between one event and the next counts for the windows that follow.
        """
        taken = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
        samples: NDArray[np.float32] = np.concatenate((self._rest, taken))
        whole = len(samples) // WINDOW * WINDOW
        self._rest = samples[whole:]
        for at in range(0, whole, WINDOW):
            window = samples[at : at + WINDOW]
            self._kept.append(window)
            self._count += WINDOW
            t = self._start + self._count / RATE
            probability = self._activity.probability(window)
            if voiced := probability >= self._segmenter.settings.start:
                self.hush.somebody_spoke()
            if self._own_level is not None and not self._own_level.hears(
                window, voiced=voiced, speaking=self.speaking
            ):
                probability = 0.0
            if probability >= self._segmenter.settings.start:
                self.spoken_until = t
                if self._own_level is not None:
                    self._own_level.somebody_spoke()
            else:
                self.hush.heard(window)
            events = self._segmenter.feed(probability, t)
            yield from events
            if not self._segmenter.turn_open and not events:
                self._forget()

    def somebody_spoke(self) -> None:
        """Note that there is no silence on the line in which the speaker would be expected to speak."""
        self.hush.somebody_spoke()
        if self._own_level is not None:
            self._own_level.somebody_spoke()

    def learn(self, turn: NDArray[np.float32]) -> None:
        """Learn from a turn with words, 16 kHz, how loud the speaker is."""
        if self._own_level is not None:
            self._own_level.learn(turn)

    def allow(self, pause: float) -> list[SegmentEvent]:
        """Let the pause that is due last `pause` seconds; return the turn's end where it has already."""
        return self._segmenter.allow(pause)

    def judge_after(self, timeout: float | None) -> None:
        """Take turns to be due after so many seconds of silence, and decode sooner; None: as usual."""
        usual = self._segmenter.settings
        self._segmenter.timeout = usual.timeout if timeout is None else timeout
        self._segmenter.pause = usual.pause if timeout is None else min(usual.pause, EAGER)

    @property
    def turn_open(self) -> bool:
        """Whether a turn has begun and not ended."""
        return self._segmenter.turn_open

    def flush(self) -> list[SegmentEvent]:
        """End the turn that is open, because no more audio comes."""
        if len(self._rest):
            self._kept.append(self._rest)
            self._count += len(self._rest)
            self._rest = np.empty(0, np.float32)
        return self._segmenter.flush(self.now)

    def clip(self, start: float, end: float) -> tuple[NDArray[np.float32], float]:
        """Return the audio from `start` to `end`, a little more on either side, and where it begins."""
        first = max(self._kept_from, int((start - LEAD - self._start) * RATE))
        last = int((end + TAIL - self._start) * RATE)
        kept = np.concatenate(self._kept) if self._kept else np.empty(0, np.float32)
        return kept[first - self._kept_from : last - self._kept_from], self._start + first / RATE

    def so_far(self) -> tuple[float, NDArray[np.float32]] | None:
        """Return when the open turn began and its audio so far, every two seconds of speaking."""
        start = self._segmenter.turn_start
        if start is None or not self.speaking:
            return None
        if start != self._shown[0]:
            self._shown = (start, 0)
        times = int((self.now - start) / SO_FAR)
        if times <= self._shown[1]:
            return None
        self._shown = (start, times)
        return start, self.clip(start, self.now)[0]

    def _forget(self) -> None:
        """Drop what no turn can begin in any more."""
        if self._own_level is not None:
            self._own_level.between_turns()
        keep = int((LEAD + self._segmenter.settings.min_speech) * RATE) // WINDOW + 2
        for window in self._kept[:-keep]:
            self._kept_from += len(window)
        del self._kept[:-keep]
