"""Where the time goes between a caller's last word and the bot's first sound. Pure."""

from dataclasses import dataclass

from voice.journal.events import Measured


@dataclass(frozen=True)
class TurnTimes:
    """Seconds of the call at which the steps of answering one turn were done.

    Attributes:
        spoken: the caller's last word ended.
        over: the turn was taken for over.
        words: its words were there.
        reply: the bot knew what to say.
    """

    spoken: float
    over: float
    words: float
    reply: float

    def measured(self, heard: float) -> tuple[Measured, ...]:
        """Return the latencies of an answer whose first sound left at second `heard`: all from the last word.

        `turn_end`, `words`, `reply` and `answer`, one after the other.
        """
        steps = {"turn_end": self.over, "words": self.words, "reply": self.reply, "answer": heard}
        return tuple(Measured(name=name, ms=round((t - self.spoken) * 1000, 1)) for name, t in steps.items())
