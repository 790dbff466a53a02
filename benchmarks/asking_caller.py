"""A caller who asks recorded questions, one after the other, and notes how long each answer is in coming.

The same caller rings Hookflash and its peer. They speak when the line has been quiet for a moment; an answer
has come when something audible is on the wire, in steps of 20 ms.
"""

from collections.abc import Callable, Sequence
from functools import cache

from audio_fixtures import recording
from telephony.carriers.recorded_caller import load
from telephony.legs import mulaw
from telephony.legs.leg import FRAME_BYTES, FRAME_SECONDS

QUIET = 1.2
"""Seconds of quiet after which the caller speaks."""
PATIENCE = 7.0
"""Seconds after which the caller takes it that no answer comes."""
AUDIBLE = -45.0
"""Level of a frame that is heard, dBov."""

ASKED = (
    ("calm_contained", 0, "Your balance is {} euros 50."),
    ("calm_contained", 2, "Your next payment of {} euros 50 is due on Tuesday."),
    ("asks_four_things", 2, "Yes, your payment of {} euros 50 arrived on Monday."),
)
"""Questions by recording and line, and what the peer answers."""


@cache
def questions() -> tuple[bytes, ...]:
    """Return what is asked, 8 kHz mu-law, cut behind the last audible frame."""
    return tuple(clip(name, line) for name, line, _ in ASKED)


def clip(name: str, line: int) -> bytes:
    """Return a line of a recorded caller, 8 kHz mu-law, cut behind the last audible frame."""
    spoken = recording.load(name).lines[line]
    said = load(name).audio[int(spoken.start * mulaw.SAMPLE_RATE) : int(spoken.end * mulaw.SAMPLE_RATE)]
    frames = [said[at : at + FRAME_BYTES] for at in range(0, len(said), FRAME_BYTES)]
    last = max(place for place, frame in enumerate(frames) if mulaw.level_dbov(frame) > AUDIBLE)
    return b"".join(frames[: last + 1])


class AskingCaller:
    """Asks; a listener of the emulated carrier.

    Args:
        clips: the questions, 8 kHz mu-law.
        waits_for_greeting: False where the other side does not speak first.
    """

    def __init__(self, clips: Sequence[bytes], *, waits_for_greeting: bool) -> None:
        self._left = list(clips)
        self._speak: Callable[[bytes], None] | None = None
        self._hang_up: Callable[[], None] | None = None
        self._greeted = not waits_for_greeting
        self._quiet_since = 0.0
        self._talking_until = 0.0
        self._asked_until: float | None = None
        self.answers: list[float] = []
        """Seconds from the end of each question to the first sound of its answer; infinite: none came."""

    def connect(self, speak: Callable[[bytes], None], hang_up: Callable[[], None]) -> None:
        """Give the caller a mouth, and a way to ring off when everything has been asked."""
        self._speak, self._hang_up = speak, hang_up

    def __call__(self, t: float, _: bytes, heard: bytes) -> None:
        """Take 20 ms of the line."""
        if self._speak is None or self._hang_up is None:
            return
        audible = bool(heard) and mulaw.level_dbov(heard) > AUDIBLE
        if self._asked_until is not None:
            if t >= self._asked_until and (audible or t - self._asked_until > PATIENCE):
                self.answers.append(t - self._asked_until if audible else float("inf"))
                self._asked_until = None
        elif not self._left and self.answers:
            self._hang_up()
        if audible:
            self._quiet_since, self._greeted = t + FRAME_SECONDS, True
        if self._asked_until is None and self._left and self._greeted and t - self._quiet_since >= QUIET:
            question = self._left.pop(0)
            self._asked_until = t + FRAME_SECONDS + len(question) / mulaw.SAMPLE_RATE
            self._speak(question)
