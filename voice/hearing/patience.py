"""How long a pause may last before it ends the turn. Pure: what is known of the turn in, seconds out."""

from dataclasses import dataclass
from typing import Literal

from voice.hearing.completeness import Finish, date_is_whole, digits_in, finish_of, has_month

LIKELY = 0.5
"""Smart Turn's probability from which a turn sounds finished; its own threshold."""
SURE = 0.7
"""How surely the bot must be able to answer a turn for that to shorten the wait."""
CLEAR = 0.6
"""Confidence from which a turn's last word was made out."""


_DONE = (Finish.PLEASE, Finish.ASKED, Finish.TOLD)

Given = Literal["digits", "date", "birthday", "name"]
"""What people give piece by piece."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence each kind of pause may last, counted from the last speech."""

    note: float = 0.19
    """After this the bot takes note, in a word, of one of the few short answers that were expected; the turn
    is not over. 0: it does not."""
    noted: float = 0.5
    """That answer and nothing else, while the bot says its word."""
    answer: float = 0.32
    """The same where the bot takes no note."""
    whole: float = 0.32
    """The words are complete however they sound: "yes", "thank you, goodbye"."""
    served: float = 0.42
    """A question, a wish or a statement that the bot has understood and can answer at once, and the voice
    sounds finished."""
    please: float = 0.36
    """A question or a wish with a "please" behind it, and the voice sounds finished."""
    asked: float = 0.7
    """A question, and the voice does."""
    told: float = 0.85
    """A statement, and the voice does."""
    doubtful: float = 1.0
    """Either, but the voice does not sound so, or the last word was hardly made out."""
    greeting: float = 0.6
    """A greeting and nothing else."""
    number: float = 1.1
    """In the middle of a number or an address."""
    unfinished: float = 1.2
    """The words cannot be all: "because", "my number is"."""
    collecting: float = 1.3
    """Digits, a date or a name are being given that the bot has asked for."""
    unjudged: float = 0.4
    """The words are not waited for: what people say to each other, and while the bot talks."""


@dataclass(frozen=True, slots=True)
class Collecting:
    """What the bot has asked for.

    Attributes:
        what: it is.
        patience: seconds a pause in it may last; None for the usual ones.
        digits: how many there will be, where that is known; then the turn is not waited for any longer.
    """

    what: Given
    patience: float | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class SoFar:
    """A turn up to a pause.

    Attributes:
        text: its words.
        language: of them.
        last_word: how surely the last one was made out, 0..1. People who pause in a sentence leave the
            recogniser with a beginning it cannot place: the last word of 69 such beginnings was given .70 in
            the median, that of 83 whole turns .98.
        sounds: Smart Turn's probability, 0..1, that its speaker is done; None where it was not asked.
        grasped: how surely the bot can answer it at once, 0..1.
    """

    text: str
    language: str
    last_word: float
    sounds: float | None = None
    grasped: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """On a pause.

    Attributes:
        pause: seconds it may last.
        noted: the bot is to take note of what was said before it.
    """

    pause: float
    noted: bool = False


def doubtful(said: SoFar, collecting: Collecting | None) -> bool:
    """Return whether the words leave a doubt that voice and bot may settle; asking costs 0.1 s of CPU."""
    if finish_of(said.text, said.language) not in _DONE or said.last_word < CLEAR:
        return False
    return collecting is None or given(said, collecting)


def given(said: SoFar, collecting: Collecting) -> bool:
    """Return whether what the bot has asked for may have been given whole."""
    figures = digits_in(said.text, said.language)
    match collecting.what:
        case "name":
            return False
        case "digits":
            return figures == collecting.digits if collecting.digits else not figures
        case "date" | "birthday":
            return date_is_whole(said.text, said.language, year=collecting.what == "birthday")


def allowed(patience: Patience, said: SoFar, collecting: Collecting | None) -> float:
    """Return how many seconds the pause behind what was said may last.

    Args:
        patience: the seconds to choose from.
        said: the turn so far.
        collecting: what the bot has asked for.
    """
    finish = finish_of(said.text, said.language)
    if collecting is not None and finish not in (Finish.NOTHING, Finish.WHOLE):
        if not given(said, collecting):
            return patience.collecting if collecting.patience is None else collecting.patience
        if collecting.digits is not None and digits_in(said.text, said.language) == collecting.digits:
            return patience.whole
        open_day = collecting.what == "date" and not has_month(said.text, said.language)
        if finish is Finish.NUMBER or (finish is Finish.TOLD and not open_day):
            finish = Finish.ASKED  # it answers the bot, and is no story
    doubt = said.last_word < CLEAR or (said.sounds is not None and said.sounds < LIKELY)
    if finish in _DONE and doubt:
        return patience.doubtful
    if finish in _DONE and said.grasped >= SURE:
        return patience.served
    return {
        Finish.PLEASE: patience.please,
        Finish.ASKED: patience.asked,
        Finish.TOLD: patience.told,
        Finish.NOTHING: patience.doubtful,
        Finish.OPEN: patience.unfinished,
        Finish.NUMBER: patience.number,
        Finish.GREETING: patience.greeting,
        Finish.WHOLE: patience.whole,
    }[finish]
