"""The brief as it is spoken to the agent alone: what they need for their first sentence, and no more."""

from voice.journal.events import Brief
from voice.takeover.brief_wording import wording

SPOKEN_WORDS = 22
"""About eight seconds at an unhurried 165 words a minute."""
SPOKEN_SECONDS = 8.0
"""The longest a caller is kept waiting for a brief."""


def spoken(brief: Brief, language: str = "en", words: int = SPOKEN_WORDS) -> str:
    """Return the brief as it is whispered: at most `words` words, the headline first.

    A part that does not fit is left out whole; a shorter one after it may still have room.
    """
    told = wording(language)
    promises = (statement.text.partition(" [")[0] for statement in brief.promised)
    parts = (
        brief.headline,
        brief.reason.partition(". ")[0],
        *(told.say("told_before", text=promise) for promise in promises),
    )
    said: list[str] = []
    for part in parts:
        own = part.rstrip(". ").split()
        if own and len(said) + len(own) <= words:
            said += (*own[:-1], f"{own[-1]}.")
    return " ".join(said or brief.headline.split()[:words])


def fewer(words: int, seconds: float) -> int:
    """Return how many words to try after so many took `seconds` to say and that was too long."""
    return max(1, min(words - 1, int(words * SPOKEN_SECONDS / seconds)))
