"""How much of a turn that may not be over the line can serve already. Pure.

Whoever has asked for something the bot can answer has as a rule said what they wanted; whoever is not
understood yet is in the middle of it. So the wait for the end of a turn depends on it.
"""

from collections.abc import Sequence
from datetime import date

from voice.dialogue.acts import act_of
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.request import Request
from voice.dialogue.slots.reading import FREE, read
from voice.dialogue.understanding import Intent

LACKING = 0.5
"""What understanding a request is worth while something it needs has not been said."""


def grasped(
    words: str, intents: Sequence[Intent], playbook: Playbook, language: Language, today: date
) -> float:
    """Return how surely the words ask for nothing but what can be looked up and answered at once, 0..1.

    1 where they are about the conversation itself: "yes, that is right". 0 where nothing was understood or a
    person is needed, and no more than 0.5 where more has to be asked for before an answer: who wants an
    address changed goes on with the address.

    Args:
        words: the turn so far.
        intents: what it asks for.
        playbook: the line's.
        language: the turn's.
        today: where the company is.
    """
    if act_of(words, language) is not None:
        return 1.0
    if not intents:
        return 0.0
    requests = [playbook.requests.get(intent.name) for intent in intents]
    if None in requests:
        return 0.0
    lacks = any(request and _lacks(request, words, language, today) for request in requests)
    return min(intent.confidence for intent in intents) * (LACKING if lacks else 1.0)


def _lacks(request: Request, words: str, language: Language, today: date) -> bool:
    """Return whether something the request needs is not in the words."""
    needed = [slot for slot in request.slots.values() if not slot.optional]
    return any(slot.kind in FREE or not read(words, language, slot.wanted(), today) for slot in needed)
