"""Whispered words: no voice activity takes them for speech, but the recogniser reads them well.

So where the caller is waited for and something sounded that was no speech, it is read once, and believed only
where it is several words, made out surely. Of 39 coughs, laughs, breaths, noises and babbles none was.
"""

from collections.abc import Awaitable, Callable

from voice.hearing.hush import OVER, Hush
from voice.hearing.listening import Guess, Listening
from voice.hearing.transcript import Transcript
from voice.hearing.waiting import Urgency
from voice.hearing.windows import RATE, Samples
from voice.owned_tasks import OwnedTasks

SURE = 0.6
"""Mean confidence of the words from which they are believed."""
SPOKEN = 0.45
"""Probability that nobody spoke below which they are."""
WORDS = 3


def convincing(words: Transcript) -> bool:
    """Return whether words made of a sound that was no speech are to be believed."""
    return len(words.text.split()) >= WORDS and words.confidence >= SURE and words.no_speech < SPOKEN


class Whispering:
    """Looks for whispered words of one caller.

    Args:
        listening: the call's.
        tasks: the call's.
        tell: takes a turn that was whispered.
    """

    def __init__(
        self, listening: Listening, tasks: OwnedTasks, tell: Callable[[Guess], Awaitable[None]]
    ) -> None:
        self._listening = listening
        self._tasks = tasks
        self._tell = tell

    def look(self, hush: Hush, now: float) -> None:
        """Read what has sounded up to second `now` of the call, if anything has."""
        if (sound := hush.sound()) is not None:
            self._tasks.begin(self._look(sound, now))

    async def _look(self, sound: Samples, now: float) -> None:
        start, end = now - len(sound) / RATE, now - OVER
        # As urgent as a partial: the first to be left out, and never sent to an endpoint.
        words = self._tasks.begin(self._listening.words("caller", sound, Urgency.PARTIAL))
        found = await words
        if isinstance(found, Transcript) and convincing(found):
            await self._tell(Guess("caller", sound, start, start, end, words))
