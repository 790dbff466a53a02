"""Who hears whom on a call, and their voices added up. Pure: roles and frames in, frames out.

Audio is 8 kHz mu-law in frames of 20 ms.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np

from telephony.legs import mulaw

CALLER: Final = "caller"
"""The caller among the parties; everybody else goes by their name with a slash before it."""
LATE_FRAMES: Final = 3
"""Frames of one voice that wait to be mixed, 60 ms; then the oldest is dropped."""
_LOUDEST: Final = 32_124
"""The largest value mu-law has: louder sums are clipped there instead of wrapping round."""


class Role(StrEnum):
    """What somebody is on a call for."""

    CALLER = "caller"
    AGENT = "agent"
    COLLEAGUE = "colleague"
    LISTEN = "listen"
    COACH = "coach"
    """Heard by the call's agent alone."""
    BARGE = "barge"
    """A supervisor whom everybody hears."""


_HEARS: Final[Mapping[Role, frozenset[Role]]] = {
    Role.CALLER: frozenset({Role.AGENT, Role.COLLEAGUE, Role.BARGE}),
    Role.AGENT: frozenset({Role.CALLER, Role.COLLEAGUE, Role.BARGE, Role.COACH}),
    Role.COLLEAGUE: frozenset({Role.CALLER, Role.AGENT, Role.COLLEAGUE, Role.BARGE}),
    Role.LISTEN: frozenset({Role.CALLER, Role.AGENT, Role.COLLEAGUE, Role.BARGE}),
    Role.COACH: frozenset({Role.CALLER, Role.AGENT, Role.COLLEAGUE, Role.BARGE}),
    Role.BARGE: frozenset({Role.CALLER, Role.AGENT, Role.COLLEAGUE}),
}


def hears(
    parties: Mapping[str, Role], *, held: bool = False, muted: Collection[str] = ()
) -> dict[str, frozenset[str]]:
    """Return for each party whom they hear.

    Args:
        parties: what each is on the call for.
        held: the caller is on hold: hears nobody, and nobody hears them.
        muted: parties whom nobody hears.
    """
    return {
        listener: frozenset(
            speaker
            for speaker, role in parties.items()
            if speaker != listener
            and speaker not in muted
            and role in _HEARS[wanted]
            and not (held and Role.CALLER in (role, wanted))
        )
        for listener, wanted in parties.items()
    }


def mixed(frames: Sequence[bytes]) -> bytes:
    """Return the frames' sum, clipped where it is too loud; one alone is returned as it is.

    Frames of different lengths are added from their beginnings.
    """
    if len(frames) == 1:
        return frames[0]
    total = np.zeros(max(map(len, frames), default=0), np.int32)
    for frame in frames:
        total[: len(frame)] += mulaw.decode(frame)
    return mulaw.encode(np.clip(total, -_LOUDEST, _LOUDEST).astype(np.int16))


class Waiting:
    """Frames of each voice until they are mixed."""

    def __init__(self) -> None:
        self._frames: dict[str, deque[bytes]] = {}

    def put(self, speaker: str, frame: bytes) -> None:
        """Take a frame; of a voice that comes too fast the oldest goes."""
        self._frames.setdefault(speaker, deque(maxlen=LATE_FRAMES)).append(frame)

    def take(self) -> dict[str, bytes]:
        """Return the next frame of everybody who has one."""
        return {speaker: frames.popleft() for speaker, frames in self._frames.items() if frames}

    def forget(self, keep: Collection[str]) -> None:
        """Drop what is kept of voices that are not on the call any more."""
        self._frames = {speaker: frames for speaker, frames in self._frames.items() if speaker in keep}
