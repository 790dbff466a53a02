"""What the caller hears, in order: the bot, fixed sentences, the hold music, the agent.

All of it goes through one playout queue at the caller's leg. Kept beside it is when that queue will have been
heard, which is what the recording, the dead-air guard and `Said` events go by.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from telephony.calls.dead_air import DeadAirGuard, audible
from telephony.calls.hold_music import Music
from telephony.calls.prompts import Prompt
from telephony.calls.recorder import Tape
from telephony.legs.leg import CallerLeg
from telephony.legs.mulaw import SAMPLE_RATE
from voice.journal.clock import Clock
from voice.journal.events import Said

OURS = "switchboard:"
"""Begins the names of our own marks; those of the worker are passed on as they are."""
GRACE = 2.0
"""Seconds a mark may be late before we go on without it."""
MUSIC_SECONDS = 2.0
"""Music is queued piece by piece, the next while the one before is heard."""
_SOON = 0.3
"""What is left to be heard when the music may be queued behind it."""
_WHOLE = 0.97


@dataclass(frozen=True)
class Sentence:
    """A fixed sentence on its way to the caller; times are the clock's."""

    prompt: Prompt
    start: float
    end: float

    def said(self, heard: float, since: float) -> Said:
        """Return what the journal says of it: the part that was heard, `since` from the clock to the call."""
        return Said(
            text=self.prompt.text,
            start=round(self.start + since, 3),
            end=round(self.end + since, 3),
            heard=round(heard, 3),
            prompt=self.prompt.name,
            by="switchboard",
        )


class CallerLine:
    """The caller's ear.

    Args:
        leg: the caller's.
        clock: the loop's.
        music: what is heard on hold.
        guard: of dead air, told what the caller hears and until when.
        tape: takes what the caller hears, where the call is recorded.
        said: told of each fixed sentence when it is over, and the fraction of it that was heard.
    """

    def __init__(
        self,
        leg: CallerLeg,
        clock: Clock,
        *,
        music: Music,
        guard: DeadAirGuard,
        tape: Tape | None,
        said: Callable[[Sentence, float], None],
    ) -> None:
        self._leg = leg
        self._clock = clock
        self._music = music
        self._guard = guard
        self._tape = tape
        self._said = said
        self._start = self._ends = clock.now()
        self._marks = 0
        self._saying: dict[str, Sentence] = {}
        self._draining: dict[str, tuple[Callable[[], None], asyncio.TimerHandle]] = {}
        self._held_since: float | None = None
        """When the music began; None while the caller is not on hold."""
        self._music_mark: str | None = None
        self._music_queued = False

    @property
    def remaining(self) -> float:
        """Seconds until everything queued has been heard."""
        return max(0.0, self._ends - self._clock.now())

    def bot(self, mulaw: bytes) -> None:
        """Queue what the bot says."""
        self._before_words()
        self._play(mulaw)
        self._go_on_holding()

    def bot_mark(self, name: str) -> None:
        """Set the worker's mark behind it."""
        if not name.startswith(OURS):
            self._leg.mark(name)

    def bot_clear(self) -> None:
        """Drop what the bot said, at its wish; a fixed sentence is never cut short by the bot."""
        if not self._saying:
            self._clear()
            self._go_on_holding()

    def say(self, prompt: Prompt, patience: float) -> None:
        """Say a fixed sentence next; what is queued is dropped if it would take over `patience` seconds."""
        self._before_words()
        if self.remaining > patience and not self._saying:
            self._clear()
        start = max(self._ends, self._clock.now())
        self._play(prompt.audio)
        name = self._mark("said")
        self._saying[name] = Sentence(prompt, start, self._ends)
        self._leg.mark(name)

    def keys(self, tones: bytes) -> None:
        """Play key tones."""
        self._play(tones)

    def hold(self, on: bool) -> None:
        """Play the hold music, softly under what is said, or stop it at once."""
        if on:
            self._held_since = self._clock.now()
            self._go_on_holding()
        else:
            self._held_since = None
            self._before_words()

    def when_heard(self, then: Callable[[], None]) -> None:
        """Call `then` once all that is queued now has been heard; at once where nothing is."""
        if not self.remaining and not self._saying:
            then()
            return
        name = self._mark("heard")
        limit = asyncio.get_running_loop().call_later(self.remaining + GRACE, self.marked, name)
        self._draining[name] = (then, limit)
        self._leg.mark(name)

    def live(self, mulaw: bytes) -> None:
        """Pass on a frame of the agent's voice."""
        now = self._clock.now()
        self._note(mulaw, max(self._ends, now))
        self._leg.send(mulaw)

    def marked(self, name: str) -> bool:
        """Take a mark that came back; returns False where it is the worker's."""
        if not name.startswith(OURS):
            return False
        if name in self._draining:
            then, limit = self._draining.pop(name)
            limit.cancel()
            then()
        elif name in self._saying:
            self._over(self._saying.pop(name))
            self._go_on_holding()
        elif name == self._music_mark:
            self._music_mark = None
            self._go_on_holding()
        return True

    def close(self) -> None:
        """Settle what is still open: the line is down."""
        self._held_since = None
        for _, limit in self._draining.values():
            limit.cancel()
        self._draining.clear()
        while self._saying:
            self._over(self._saying.pop(next(iter(self._saying))))

    def _before_words(self) -> None:
        """Take back the music that is queued; it goes on under the words."""
        if self._music_queued:
            self._clear()

    def _go_on_holding(self) -> None:
        """See to it that music follows what is queued; a mark brings us back here in time."""
        if self._held_since is None or self._saying or self._music_mark is not None:
            return
        if self._music_queued or self.remaining < _SOON:
            self._music_mark = self._mark("music")
            if not self._music_queued:
                self._play_music(self._held_since)
                self._music_queued = True
            self._leg.mark(self._music_mark)
            self._play_music(self._held_since)
        else:
            self._music_mark = self._mark("words")
            self._leg.mark(self._music_mark)

    def _play_music(self, since: float) -> None:
        start = max(self._ends, self._clock.now())
        self._queue(self._music.at(start - since, MUSIC_SECONDS), start)

    def _over(self, sentence: Sentence) -> None:
        length = sentence.end - sentence.start
        heard = (self._clock.now() - sentence.start) / length if length > 0 else 1.0
        self._said(sentence, 1.0 if heard > _WHOLE else max(0.0, heard))

    def _play(self, mulaw: bytes) -> None:
        start = max(self._ends, self._clock.now())
        if self._held_since is not None:
            mulaw = self._music.under(mulaw, start - self._held_since)
        self._queue(mulaw, start)

    def _queue(self, mulaw: bytes, start: float) -> None:
        self._note(mulaw, start)
        self._leg.play(mulaw)

    def _note(self, mulaw: bytes, start: float) -> None:
        self._ends = start + len(mulaw) / SAMPLE_RATE
        if audible(mulaw):
            self._guard.line(self._ends)
        if self._tape is not None:
            self._tape.heard(mulaw, start - self._start)

    def _clear(self) -> None:
        now = self._clock.now()
        self._ends = min(self._ends, now)
        self._music_mark = None
        self._music_queued = False
        self._guard.cut(now)
        if self._tape is not None:
            self._tape.cut(now - self._start)
        self._leg.clear()

    def _mark(self, kind: str) -> str:
        self._marks += 1
        return f"{OURS}{kind}:{self._marks}"
