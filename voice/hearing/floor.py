"""Who has the floor: the bot, or a caller who talks over it. Times are seconds of the call, as heard."""

import numpy as np
from numpy.typing import NDArray

from voice.hearing.barge_in import SOON, wants_the_floor
from voice.hearing.echo import ALIKE, Echo
from voice.hearing.track import LEAD, TAIL, Track
from voice.hearing.windows import RATE


class Floor:
    """Knows since when the bot talks and what it has played, and when the caller stops it."""

    def __init__(self) -> None:
        self._bot_since: float | None = None
        self._caller_since = 0.0
        self._taken = False
        self._judged = 0.0
        """Second of the call up to which the caller's sound has been judged."""
        self._echo = Echo()

    @property
    def bot_talks(self) -> bool:
        """Whether the bot is talking just now."""
        return self._bot_since is not None

    def bot_started(self, t: float) -> None:
        """The bot talks from second `t`."""
        self._bot_since = t

    def bot_stopped(self) -> None:
        """The bot is silent."""
        self._bot_since = None

    def bot_plays(self, samples: NDArray[np.int16], start: float) -> None:
        """Note what the line plays from second `start`: 8 kHz."""
        self._echo.played(samples, start)

    def caller_started(self, start: float) -> None:
        """The caller talks since second `start`."""
        self._caller_since, self._taken = start, False

    def taken_by(self, caller: Track) -> bool:
        """Return whether the caller has talked over the bot enough to stop it; true once each time."""
        if self._bot_since is None or self._taken or not caller.speaking:
            return False
        since = max(self._caller_since, self._bot_since)
        seconds = caller.spoken_until - since
        if seconds < SOON or caller.spoken_until == self._judged:
            return False
        self._judged = caller.spoken_until
        samples, _ = caller.clip(since + LEAD, caller.spoken_until - TAIL)
        echo = self._echo.likeness(samples, caller.spoken_until) >= ALIKE
        self._taken = wants_the_floor(samples, seconds, echo=echo)
        return self._taken

    def came_and_went(self, start: float) -> bool:
        """Return whether a turn that began at `start` is over and the bot has been talking all the while."""
        return self._bot_since is not None and start >= self._bot_since and not self._taken

    def echoes(self, samples: NDArray[np.float32], end: float) -> bool:
        """Return whether a turn that ended at second `end` was the bot's own voice coming back."""
        spoken = samples[int(LEAD * RATE) : len(samples) - int(TAIL * RATE)]
        return len(spoken) > 0 and self._echo.likeness(spoken, end) >= ALIKE
