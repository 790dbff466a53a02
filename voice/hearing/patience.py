"""How long a pause may last before it ends the turn. Pure: what is known of the turn in, seconds out."""

from dataclasses import dataclass
from typing import Literal

from voice.hearing.completeness import Finish, digits_in, finish_of

LIKELY = 0.5
"""Smart Turn's probability from which a turn sounds finished; its own threshold."""


Given = Literal["digits", "date", "birthday", "name"]
"""What people give piece by piece."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence each kind of pause may last, counted from the last speech."""

    finished: float = 0.32
    """The words look finished and the voice sounds so."""
    doubtful: float = 0.8
    """The words look finished, the voice does not sound so."""
    wordless: float = 0.6
    """No words were made out, or none but a greeting."""
    number: float = 1.1
    """In the middle of a number or an address."""
    unfinished: float = 1.2
    """The words cannot be all: "because", "my number is"."""
    collecting: float = 1.3
    """Digits, a date or a name are being given that the bot has asked for."""
    unjudged: float = 0.4
    """The words are not waited for: the agent's turns, and whatever is said while the bot talks."""


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


def sound_matters(text: str, language: str, collecting: Collecting | None) -> bool:
    """Return whether the words leave a doubt that the voice may settle; asking it costs 0.1 s of CPU.

    Args:
        text: the turn's words so far.
        language: of the words.
        collecting: what the bot has asked for.
    """
    if finish_of(text, language) is not Finish.DONE or text.rstrip().endswith("?"):
        return False
    return collecting is None or not digits_in(text, language)


def allowed(
    patience: Patience, text: str, language: str, sounds_finished: float | None, collecting: Collecting | None
) -> float:
    """Return how many seconds the pause behind `text` may last.

    Args:
        patience: the seconds to choose from.
        text: the turn's words so far.
        language: of the words.
        sounds_finished: Smart Turn's probability, 0..1; None where it was not asked.
        collecting: what the bot has asked for.
    """
    finish = finish_of(text, language)
    if collecting is not None and finish is not Finish.NOTHING:
        own = patience.collecting if collecting.patience is None else collecting.patience
        said = digits_in(text, language)
        if collecting.digits is not None and said == collecting.digits:
            return patience.finished
        if said or finish not in (Finish.DONE, Finish.WHOLE) or collecting.what == "name":
            return own
    if finish is Finish.DONE and sounds_finished is not None and sounds_finished < LIKELY:
        return patience.doubtful
    return {
        Finish.NOTHING: patience.wordless,
        Finish.GREETING: patience.wordless,
        Finish.OPEN: patience.unfinished,
        Finish.NUMBER: patience.number,
    }.get(finish, patience.finished)
