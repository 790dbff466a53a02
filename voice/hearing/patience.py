"""How long a pause may last before it ends the turn. Pure: what is known of the turn in, seconds out."""

from dataclasses import dataclass
from typing import Literal

from voice.hearing.completeness import Finish, date_is_whole, digits_in, finish_of, has_month

LIKELY = 0.5
"""Smart Turn's probability from which a turn sounds finished; its own threshold."""
SURE = 0.9
"""How surely the bot must be able to answer a turn for that to shorten the wait."""
PARTLY = 0.45
"""And for it to be no story."""
GUESSED = 0.4
"""The same for a turn that makes sense to the bot."""
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
    """The words are complete however they sound, and were made out: "yes", "thank you, goodbye"."""
    served: float = 0.42
    """A question that the bot has understood and can answer at once, and the voice sounds finished."""
    please: float = 0.36
    """A question or a wish with a "please" behind it that the bot has understood."""
    asked: float = 0.7
    """Another question that it has understood in part, and the voice does."""
    told: float = 0.85
    """A statement that the bot has understood, and the voice does; or words that are complete, but the last
    one was hardly made out."""
    doubtful: float = 1.0
    """The bot has not understood what it is about, which belongs to a story as a rule; or it has, but the
    voice does not sound finished or the last word was hardly made out."""
    greeting: float = 0.75
    """A greeting and nothing else."""
    number: float = 1.2
    """In the middle of a number or an address."""
    unfinished: float = 1.3
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
    finish = finish_of(said.text, said.language)
    if finish not in _DONE or (said.last_word < GUESSED and finish is not Finish.PLEASE):
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
    if collecting is None or finish in (Finish.NOTHING, Finish.WHOLE):
        return _behind(patience, said, finish, understood=said.grasped >= PARTLY)
    if not given(said, collecting):
        return patience.collecting if collecting.patience is None else collecting.patience
    if collecting.digits is not None and digits_in(said.text, said.language) == collecting.digits:
        return patience.whole
    open_day = collecting.what == "date" and not has_month(said.text, said.language)
    if finish is Finish.NUMBER or (finish is Finish.TOLD and not open_day):
        finish = Finish.ASKED  # it answers the bot, and is no story
    return _behind(patience, said, finish, understood=True)


def _behind(patience: Patience, said: SoFar, finish: Finish, *, understood: bool) -> float:
    """Return how many seconds a pause may last behind words that end like that.

    Args:
        patience: the seconds to choose from.
        said: the turn so far.
        finish: how its words end.
        understood: it is not part of a story.
    """
    sure = said.grasped >= SURE
    grasped = sure and said.last_word >= GUESSED
    sounds_open = said.sounds is not None and said.sounds < LIKELY
    if sure and finish is Finish.PLEASE and not grasped and not sounds_open:
        return patience.served  # a courtesy is swallowed more often than anything follows it
    if grasped and finish is Finish.PLEASE:
        return patience.please
    if grasped and finish is Finish.ASKED and not sounds_open:
        return patience.served
    if finish is Finish.WHOLE and said.last_word < CLEAR:
        return patience.told
    clear = grasped or said.last_word >= CLEAR
    if finish in _DONE and (sounds_open or not clear or not understood):
        return patience.doubtful
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
