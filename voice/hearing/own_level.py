"""Whose voice it is by its level: the speaker's own, or that of somebody behind them. Pure.

A television, or people in the same room, are speech to any voice activity; but they lie below who holds the
telephone. Of the bursts of speech of a real caller nearly all rose to within 10 dB of their usual syllables.
"""

import math
from collections import deque
from statistics import median

import numpy as np

from voice.hearing.windows import FLOOR, WINDOW, WINDOW_SECONDS, Samples, decibels, power
from voice.percentiles import percentiles

WAITS = 6.5
"""Seconds in which nobody speaks at the speaker's level after which any level counts as theirs: they may have
turned away from the telephone. The bot asks after them a little later."""
HOLD = 0.256
"""Seconds for which softer speech behind the speaker's own is still theirs: the end of a word."""
EVIDENCE = 1.5
"""Seconds of soft speech apart from the speaker's own, within about a minute, from which there is somebody
else; less is a soft word of theirs."""
_FORGETS = 60.0
"""Seconds in which such evidence falls to a third."""
_CERTAIN = 10.0
"""Seconds beyond which more of it makes nothing more certain."""
_SMOOTH = 4
"""Windows over which a level is taken: about a syllable."""
_TURNS = 3
"""Turns of which the middle one tells the level: one shout, or one word of a television, does not."""
_FIRST, _LATEST = 16, 156
"""Windows of speech, half a second, that tell the level while the first turn goes on; the newest five seconds
of it do."""
_SYLLABLES = 95
"""Percentile of the windows' levels: still the speaker's where two thirds of a turn were somebody else's."""
_SPEECH_RANGE = 25.0
"""Decibels below the loudest within which a turn's windows are speech."""


class OwnLevel:
    """Knows how loud one speaker is once they have said something, and what lies too far below to be theirs.

    Call `hears` for each window of 512 samples at 16 kHz, in order.

    Args:
        below: decibels below the speaker's syllables from which a voice is somebody else's; 0: none is.
    """

    def __init__(self, below: float) -> None:
        self._below = below
        self._turns: deque[float] = deque(maxlen=_TURNS)
        self._known: float | None = None
        self._powers: deque[float] = deque(maxlen=_SMOOTH)
        self._open_turn: deque[float] = deque(maxlen=_LATEST)
        self._since_own = math.inf
        self._soft = 0.0
        self._silence = 0.0
        self._anybody = False

    @property
    def level(self) -> float | None:
        """Decibels to full scale of the speaker's syllables; None before they have said anything."""
        if self._known is not None:
            return self._known
        if len(self._open_turn) < _FIRST:
            return None
        return percentiles(np.array(self._open_turn), [_SYLLABLES])[0]

    def hears(self, window: Samples, *, voiced: bool, speaking: bool) -> bool:
        """Return whether speech in the next window would be the speaker's own.

        Args:
            window: 512 samples at 16 kHz, -1..1.
            voiced: it is somebody's speech.
            speaking: the speaker is in the middle of a burst of speech, which may end softly.
        """
        self._powers.append(power(window))
        loudness = decibels(sum(self._powers) / len(self._powers))
        if voiced and not self._turns:
            self._open_turn.append(loudness)
        self._silence += WINDOW_SECONDS
        self._anybody = self._anybody or self._silence >= WAITS
        level = self.level
        if level is None or not self._below:
            return True
        own = self._is_own(loudness, level, voiced=voiced, speaking=speaking)
        return own or self._anybody or self._behind(level) < EVIDENCE

    def _is_own(self, loudness: float, level: float, *, voiced: bool, speaking: bool) -> bool:
        self._since_own += WINDOW_SECONDS
        if loudness >= level - self._below:
            self._since_own = 0.0
        apart = self._since_own > HOLD
        self._soft *= 1 - WINDOW_SECONDS / _FORGETS
        if voiced and apart:
            self._soft = min(_CERTAIN, self._soft + WINDOW_SECONDS)
        return self._since_own == 0.0 or (speaking and not apart)

    def _behind(self, level: float) -> float:
        """Return for how many seconds somebody has been heard behind the speaker."""
        before = sum(loudness < level - self._below for loudness in self._open_turn)
        return max(self._soft, before * WINDOW_SECONDS)

    def between_turns(self) -> None:
        """Forget what has been heard of a turn that came to nothing: it was a cough."""
        self._open_turn.clear()

    def somebody_spoke(self) -> None:
        """Note that there is no silence: the speaker's voice, or one they listen to, was heard."""
        self._silence = 0.0

    def learn(self, turn: Samples) -> None:
        """Learn from a turn with words: 16 kHz, -1..1."""
        if self._anybody:
            self._turns.clear()
        self._anybody = False
        self._turns.append(syllables(turn))
        self._known = median(self._turns)
        self._soft = self._behind(self._turns[-1])
        self._open_turn.clear()


def syllables(turn: Samples) -> float:
    """Return the level of a turn's syllables, decibels to full scale: one window in 20 is louder."""
    windows = turn[: len(turn) // WINDOW * WINDOW].reshape(-1, WINDOW).astype(np.float64)
    if not len(windows):
        return decibels(0.0)
    levels = 10 * np.log10((windows**2).mean(axis=1) + FLOOR)
    return percentiles(levels[levels >= levels.max() - _SPEECH_RANGE], [_SYLLABLES])[0]
