"""Whether the caller is who their number says: pure, read from the call's own events.

A worker that takes the call over knows it as the one before did, because both read the same events. The fact
itself stands in none of them.
"""

from collections.abc import Iterable

from voice.journal.events import AnyEvent, Entry, GivenBack, LookedUp

VERIFICATION = "verification"
"""The name under which the comparison is journalled."""
NOT_VERIFIED = "the caller could not be verified"
"""Why the bot gives up on a caller who does not know what they should."""
_BY = "verified_by"
_WRONG = "no"


class Identity:
    """What is known of the caller's identity.

    Attributes:
        verified: a fact that only the customer should know was right, or an agent has made sure.
        failures: wrong facts so far.
    """

    def __init__(self) -> None:
        self.verified = False
        self.failures = 0

    def take(self, event: AnyEvent) -> None:
        """Take in one event of the call."""
        if isinstance(event, GivenBack) and event.verified:
            self.verified = True
        elif isinstance(event, LookedUp) and event.request == VERIFICATION and event.ok:
            if event.facts.get(_BY) == _WRONG:
                self.failures += 1
            else:
                self.verified = True

    def take_all(self, history: Iterable[Entry]) -> None:
        """Take in a call's past, in order."""
        for entry in history:
            self.take(entry.event)


def compared(fact: str, right: bool, ms: float) -> LookedUp:
    """Return the journal's event: which fact was compared, not what was said."""
    return LookedUp(request=VERIFICATION, ok=True, facts={_BY: fact if right else _WRONG}, ms=ms)
