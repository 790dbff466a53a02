"""Records a call: both channels of `telephony.calls.recording`, aligned to the call's time.

`Tape` puts the audio in its place; `Recorder` writes it down off the event loop every few seconds, and the
file is a valid WAV after each write.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np

from telephony.calls.recording import HEADER_BYTES, header
from telephony.legs.mulaw import SAMPLE_RATE, SILENCE_BYTE

_log = logging.getLogger(__name__)

WRITE_SECONDS = 2.0
SETTLED_SECONDS = 0.5
"""Audio older than this is not changed any more: late frames and `clear` reach back less far."""
JITTER_SECONDS = 0.2
"""A caller's frame this much earlier or later than the one before would have it joins on without a gap."""
BACKLOG_SECONDS = 600.0
"""Audio kept while the disk does not take any; beyond, the caller's channel falls silent."""


class _Channel:
    """Audio from a moving start; positions are samples of the call."""

    def __init__(self) -> None:
        self._start = 0
        self._audio = bytearray()

    @property
    def end(self) -> int:
        return self._start + len(self._audio)

    def put(self, mulaw: bytes, position: int) -> None:
        if position > self.end:
            self._audio += bytes([SILENCE_BYTE]) * (position - self.end)
        self._audio += mulaw

    def cut(self, position: int) -> None:
        del self._audio[max(0, position - self._start) :]

    def take(self, until: int) -> bytes:
        count = max(0, until - self._start)
        taken = bytes(self._audio[:count])
        del self._audio[:count]
        self._start += count
        return taken + bytes([SILENCE_BYTE]) * (count - len(taken))


class Tape:
    """Puts both channels in their places. Pure; times in seconds of the call."""

    def __init__(self) -> None:
        self._caller = _Channel()
        self._heard = _Channel()
        self._taken = 0

    def caller(self, mulaw: bytes, t: float) -> None:
        """Take a frame of the caller's voice that ended at `t`."""
        start = _sample(t) - len(mulaw)
        end = self._caller.end
        if end - self._taken > BACKLOG_SECONDS * SAMPLE_RATE:
            return
        joins = abs(start - end) <= JITTER_SECONDS * SAMPLE_RATE
        self._caller.put(mulaw, end if joins else start)

    def heard(self, mulaw: bytes, t: float) -> None:
        """Take audio that the caller hears from `t` on."""
        self._heard.put(mulaw, _sample(t))

    def cut(self, t: float) -> None:
        """Drop what the caller was to hear from `t` on."""
        self._heard.cut(_sample(t))

    def take(self, until: float) -> bytes:
        """Return both channels interleaved, from where the last piece ended to second `until`."""
        end = max(_sample(until), self._taken)
        both = np.stack(
            [np.frombuffer(channel.take(end), np.uint8) for channel in (self._caller, self._heard)], axis=1
        )
        self._taken = end
        return both.tobytes()


class Recorder:
    """Writes a tape to a file as the call goes on.

    Args:
        path: the file; its folder is made where missing.
        elapsed: returns the second of the call.
    """

    def __init__(self, path: Path, elapsed: Callable[[], float]) -> None:
        self.path = path
        self.tape = Tape()
        self._elapsed = elapsed
        self._over = asyncio.Event()
        self._seconds = 0.0
        self._bytes = 0
        self._failed = False

    def finish(self) -> None:
        """The call is over: `run` writes what is left and returns."""
        self._seconds = self._elapsed()
        self._over.set()

    async def run(self) -> None:
        """Write every few seconds until the call is over; returns when all is in the file."""
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WRITE_SECONDS):
                    await self._over.wait()
            if not self._over.is_set():
                await asyncio.to_thread(self._append, self.tape.take(self._elapsed() - SETTLED_SECONDS))
        await asyncio.to_thread(self._append, self.tape.take(self._seconds))

    def _append(self, stereo: bytes) -> None:
        if self._failed:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("r+b" if self._bytes else "wb") as file:
                file.seek(HEADER_BYTES + self._bytes)
                file.write(stereo)
                self._bytes += len(stereo)
                file.seek(0)
                file.write(header(self._bytes))
        except OSError as error:
            self._failed = True
            _log.error("The recording %s ends early: %s", self.path, error)


def _sample(t: float) -> int:
    return max(0, round(t * SAMPLE_RATE))
