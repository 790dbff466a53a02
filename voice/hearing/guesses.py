"""Turns in the making: decoded where speech pauses, on the chance that they end there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pipecat.frames.frames import DataFrame

from voice.hearing.listening import Guess, Listening
from voice.hearing.segments import SpeechStopped, TurnEnded
from voice.hearing.track import Track
from voice.hearing.waiting import Urgency
from voice.journal.events import Heard, Party
from voice.owned_tasks import OwnedTasks


@dataclass
class EndedTurn(DataFrame):
    """A finished turn, in its place among the others, waiting for its words."""

    interruptible: bool = field(default=False, init=False)

    guess: Guess
    over: float
    over_bot: bool
    went_on: bool
    whispered: bool = False
    """It says nothing of how loud the voice is."""


class Guesses:
    """One call's, at most one for each who speaks.

    Args:
        listening: the call's.
        tasks: the call's.
        tell: takes what the caller will have said if the pause just now ends the turn.
    """

    def __init__(
        self, listening: Listening, tasks: OwnedTasks, tell: Callable[[Heard], Awaitable[None]]
    ) -> None:
        self._listening = listening
        self._tasks = tasks
        self._tell = tell
        self._now: dict[Party, Guess] = {}

    def of(self, who: Party) -> Guess | None:
        """Return the turn that may be over just now."""
        return self._now.get(who)

    def begin(self, who: Party, track: Track, event: SpeechStopped) -> Guess:
        """Decode a turn up to the pause that has begun."""
        self.drop(who)
        guess = self._now[who] = self._decode(who, track, event)
        if who == "caller":
            self._tasks.begin(self._tell_of(guess))
        return guess

    def ended(self, who: Party, track: Track, event: TurnEnded) -> Guess:
        """Return a turn that is over, with the words on their way."""
        guess = self._now.pop(who, None)
        if guess is not None and guess.end == event.end and not guess.failed:
            self._listening.promote(guess)
            return guess
        if guess is not None:
            guess.words.cancel()
        return self._decode(who, track, event)

    def drop(self, who: Party) -> None:
        """Forget a turn that goes on."""
        guess = self._now.pop(who, None)
        if guess is not None:
            guess.words.cancel()

    def _decode(self, who: Party, track: Track, event: SpeechStopped | TurnEnded) -> Guess:
        samples, begin = track.clip(event.start, event.end)
        urgency = Urgency.TURN if isinstance(event, TurnEnded) else Urgency.GUESS
        words = self._tasks.begin(self._listening.words(who, samples, urgency))
        return Guess(who, samples, begin, event.start, event.end, words)

    async def _tell_of(self, guess: Guess) -> None:
        heard = await guess.heard()
        if isinstance(heard, Heard) and self._now.get("caller") is guess:
            await self._tell(heard)
