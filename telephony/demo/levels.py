"""How loud each party is being heard right now, falling slowly enough for the eye."""

from telephony.legs.leg import FRAME_SECONDS
from telephony.legs.mulaw import FLOOR_DBOV, level_dbov

FALL_DB = 60.0
"""Decibels a meter falls in a second at most."""


class Levels:
    """Meters, by name."""

    def __init__(self, *names: str) -> None:
        self._levels = dict.fromkeys(names, FLOOR_DBOV)

    def hear(self, name: str, mulaw: bytes, seconds: float = FRAME_SECONDS) -> None:
        """Take what was heard in the last `seconds`; empty for nothing."""
        self._levels[name] = max(level_dbov(mulaw), self._levels[name] - FALL_DB * seconds)

    def now(self) -> dict[str, float]:
        """Return every meter's level in dBov."""
        return dict(self._levels)
