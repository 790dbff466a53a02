"""When a call has gone dead: nobody is heard by the caller, and the caller says nothing, or is not answered.

Pure; times in seconds of one clock, audio as 8 kHz mu-law.
"""

from telephony.legs.mulaw import level_dbov

SPEECH_DBOV = -45.0
"""Louder than this somebody may be talking: telephone speech is around -25 dBov, a quiet line below -50."""
UNANSWERED = 3.0
"""A caller who makes noise all the while has been answered by nobody after so many times the limit."""


def audible(mulaw: bytes) -> bool:
    """Return whether the audio is loud enough to be heard as speech or tone."""
    return level_dbov(mulaw) > SPEECH_DBOV


class DeadAirGuard:
    """Tells for how long a call has been dead.

    Args:
        limit: seconds of silence from both sides that make dead air.
        now: when to begin counting.
    """

    def __init__(self, limit: float, now: float) -> None:
        self._limit = limit
        self._caller = self._line = now

    def caller(self, mulaw: bytes, now: float) -> None:
        """Take a frame of the caller's voice."""
        if audible(mulaw):
            self._caller = max(self._caller, now)

    def line(self, until: float) -> None:
        """Note that the caller hears something until then."""
        self._line = max(self._line, until)

    def cut(self, now: float) -> None:
        """Note that what the caller was yet to hear has been dropped."""
        self._line = min(self._line, now)

    def restart(self, now: float) -> None:
        """Count anew."""
        self._caller = self._line = now

    def due_in(self, now: float) -> float:
        """Return the seconds until the call counts as dead if nothing is heard; 0 or less: it is dead."""
        silent = max(self._caller, self._line) + self._limit
        unanswered = self._line + UNANSWERED * self._limit
        return min(silent, unanswered) - now

    def quiet(self, now: float) -> float:
        """Return for how many seconds the caller has heard nothing."""
        return max(0.0, now - self._line)
