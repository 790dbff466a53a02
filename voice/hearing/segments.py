"""Where speech starts, pauses and ends, from voice-activity probabilities alone. Pure: time is handed in."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """The segmenter's values; durations in seconds."""

    start: float = 0.6
    """Probability from which speech may begin; below `stop` it may end; between the two nothing changes."""
    stop: float = 0.35
    min_speech: float = 0.096
    """Speech shorter than this is a click or a breath and is never reported."""
    pause: float = 0.128
    """Silence after which `SpeechStopped` is reported, the moment to decode on the chance. On one real call
    and ten spoken orders that meant 1.4 decodings a turn; 64 ms would mean 1.7, 160 ms 1.3."""
    timeout: float = 0.32
    """Silence after which the turn may be over, counted from the last speech."""
    longest_pause: float = 1.4
    """Silence after which it is over where nobody says how long the pause may last."""
    max_turn: float = 28.0
    """Longest turn; one that goes on is cut here and the next begins at once."""
    background: float = 13.0
    """Decibels below the caller's own syllables from which a voice is that of somebody behind them; 0: none
    is."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller speaks. `start` is the first speech of this burst, a little before `t`."""

    t: float
    start: float


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The caller pauses: the turn began at `start`, and `end` is its last speech so far."""

    t: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TurnDue:
    """Silence has lasted for the timeout: the turn is over unless the pause is allowed to go on."""

    t: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over; `capped` when it was cut at the longest length while the caller went on."""

    t: float
    start: float
    end: float
    capped: bool = False


SegmentEvent = SpeechStarted | SpeechStopped | TurnDue | TurnEnded


_ROUNDING = 1e-6
"""Times are sums of windows: 0.224 s are seven of them, give or take a rounding."""


class _State(Enum):
    QUIET = "quiet"
    STARTING = "starting"
    SPEAKING = "speaking"
    STOPPING = "stopping"
    PAUSED = "paused"


class Segmenter:
    """Turns of one speaker, cut from a stream of probabilities.

    Quiet -> starting -> speaking -> stopping -> paused -> quiet; speech heard while paused goes on with the
    same turn. Call `feed` once for each analysed window, in order, and answer `TurnDue` by `allow`.

    Args:
        settings: thresholds and durations.
    """

    def __init__(self, settings: TurnTaking | None = None) -> None:
        self.settings = settings or TurnTaking()
        self._state = _State.QUIET
        self._turn = 0.0
        self._burst = 0.0
        self._last = 0.0
        self._open = False
        self._due = False
        self._allowed = self.settings.longest_pause
        self._before: float | None = None
        self.timeout = self.settings.timeout
        """Silence after which the turn may be over; may be changed at any time."""
        self.pause = self.settings.pause
        """Silence after which `SpeechStopped` is reported; likewise."""

    @property
    def speaking(self) -> bool:
        """Whether the caller is talking now: pauses are not talking."""
        return self._state in (_State.SPEAKING, _State.STOPPING)

    @property
    def turn_open(self) -> bool:
        """Whether a turn has begun and not ended."""
        return self._open

    @property
    def turn_start(self) -> float | None:
        """Second at which the open turn began; None where none is open."""
        return self._turn if self._open else None

    def feed(self, probability: float, t: float) -> list[SegmentEvent]:
        """Take the probability of speech in the window that ended at second `t`; return what it brought.

        Raises:
            ValueError: `t` lies before the last one fed.
        """
        before = t if self._before is None else self._before
        if t < before:
            raise ValueError(f"Time ran backwards: {t} after {before}.")
        self._before = t
        events = self._step(probability, t, before)
        return events + self._capped(t)

    def allow(self, pause: float) -> list[SegmentEvent]:
        """Let the pause that is due last `pause` seconds; return the turn's end where it has already."""
        if self._state is not _State.PAUSED or not self._due or self._before is None:
            return []
        self._allowed = pause
        return self._timeout(self._before)

    def flush(self, t: float) -> list[SegmentEvent]:
        """End what is open at second `t`, because the audio ends: a turn cut short is still a turn."""
        events: list[SegmentEvent] = []
        if self._open:
            if self.speaking:
                events.append(SpeechStopped(t, self._turn, self._last))
            events.append(TurnEnded(t, self._turn, self._last))
        self._state, self._open = _State.QUIET, False
        return events

    def _step(self, probability: float, t: float, before: float) -> list[SegmentEvent]:
        settings = self.settings
        voiced = probability >= settings.start
        silent = probability < settings.stop
        if self._state in (_State.QUIET, _State.PAUSED) and voiced:
            self._state, self._burst = _State.STARTING, before
        if self._state is _State.STARTING:
            if not silent:
                return self._begin(t) if t - self._burst >= settings.min_speech else []
            self._state = _State.PAUSED if self._open else _State.QUIET
        if self._state is _State.SPEAKING or self._state is _State.STOPPING:
            return self._speak(silent, voiced, t)
        return self._timeout(t)

    def _begin(self, t: float) -> list[SegmentEvent]:
        if not self._open:
            self._open, self._turn = True, self._burst
        self._state, self._last, self._due = _State.SPEAKING, t, False
        return [SpeechStarted(t, self._burst)]

    def _speak(self, silent: bool, voiced: bool, t: float) -> list[SegmentEvent]:
        if voiced or (self._state is _State.SPEAKING and not silent):
            self._state, self._last = _State.SPEAKING, t
            return []
        self._state = _State.STOPPING
        if t - self._last < self.pause - _ROUNDING:
            return []
        self._state = _State.PAUSED
        return [SpeechStopped(t, self._turn, self._last), *self._timeout(t)]

    def _timeout(self, t: float) -> list[SegmentEvent]:
        silence = t - self._last
        if self._state is not _State.PAUSED or silence < self.timeout - _ROUNDING:
            return []
        if not self._due:
            self._due, self._allowed = True, self.settings.longest_pause
            return [TurnDue(t, self._turn, self._last)]
        if silence < self._allowed - _ROUNDING:
            return []
        self._state, self._open, self._due = _State.QUIET, False, False
        return [TurnEnded(t, self._turn, self._last)]

    def _capped(self, t: float) -> list[SegmentEvent]:
        if not self._open or t - self._turn < self.settings.max_turn:
            return []
        events: list[SegmentEvent] = []
        talking = self.speaking
        if talking:
            events.append(SpeechStopped(t, self._turn, self._last))
        events.append(TurnEnded(t, self._turn, self._last, capped=True))
        self._open = talking
        self._turn = self._last = t
        self._due = False
        if not talking:
            self._state = _State.QUIET
        return events
