"""What a call's journal tells of the agent it needs: the skill for the matter, and the caller's language."""

from collections.abc import Callable, Mapping

from telephony.calls.prompts import Routing
from telephony.takeover import inputs as on
from voice.journal import events


class NeedsInJournal:
    """Reads one call's journal as it is written.

    Args:
        routing: returns what a request needs, by the name it is understood as.
        language: returns the language agents are looked for in.
        feed: takes the state machine's inputs.
    """

    def __init__(
        self,
        routing: Callable[[], Mapping[str, Routing]],
        language: Callable[[], str],
        feed: Callable[[on.Input], None],
    ) -> None:
        self._routing = routing
        self._language = language
        self._feed = feed
        self._spoken = ""
        """The language of the caller's last turn."""

    def take(self, event: events.AnyEvent) -> None:
        """Take an event that has been written down."""
        match event:
            case events.Understood(request=str(request)) if routing := self._routing().get(request):
                self._feed(on.NeedsKnown(routing.skill, routing.urgent))
            case events.Heard(who="caller", final=True, language=str(language)) if language:
                self._heard_in(language)
            case _:
                pass

    def _heard_in(self, language: str) -> None:
        """Look for an agent who speaks as the caller does: the first words tell, then two turns in a row."""
        if self._spoken in ("", language) and language != self._language():
            self._feed(on.NeedsKnown("", urgent=False, language=language))
        self._spoken = language
