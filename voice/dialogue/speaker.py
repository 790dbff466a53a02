"""What one call's bot says: the playbook's lines in words, past the guardrails, and remembered."""

from collections.abc import Callable, Sequence
from copy import copy, deepcopy
from datetime import datetime

from voice.dialogue.memory import Memory
from voice.dialogue.phrasing import Phrasing
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.reply import Reply
from voice.dialogue.requests import Line
from voice.journal.events import AnyEvent


class Speaker:
    """One call's.

    Args:
        playbook: its wordings are said.
        language: of the call.
        now: tells the time where the company is.

    Attributes:
        memory: of the call.
        asks_for_more: whether the caller was asked last if there is anything else.
    """

    def __init__(self, playbook: Playbook, language: Language, now: Callable[[], datetime]) -> None:
        self.memory = Memory()
        self.asks_for_more = False
        self._playbook = playbook
        self._now = now
        self.speak(language)

    def speak(self, language: Language) -> None:
        """Go on in another language."""
        self.language = language
        self._phrasing = Phrasing(self._playbook, language, self._now)

    def rehearsed(self) -> "Speaker":
        """Return a copy that goes on from here by itself."""
        twin = copy(self)
        twin.memory = deepcopy(self.memory)
        return twin

    def put(self, lines: Sequence[Line], events: Sequence[AnyEvent] = (), *, hang_up: bool = False) -> Reply:
        """Say lines of the playbook.

        Args:
            lines: in the order they are said.
            events: for the journal.
            hang_up: whether the call is over with it.
        """
        sentences, found = self._phrasing.put(lines, self.memory.said)
        self.asks_for_more = any(line.say is self._playbook.sentences.anything_else for line in lines)
        return self.say(sentences, [*events, *found], hang_up=hang_up)

    def say(
        self, sentences: tuple[str, ...], events: Sequence[AnyEvent] = (), *, hang_up: bool = False
    ) -> Reply:
        """Say sentences that have passed the guardrails."""
        for event in events:
            self.memory.take(event)
        if sentences:
            self.memory.said = sentences
        return Reply(sentences, tuple(events), hang_up)

    def pass_on(self, sentence: str) -> Reply:
        """Say a sentence of a language model's, as far as what was found on this call carries it."""
        passed, found = self._phrasing.pass_on(sentence, self.memory.facts)
        said, self.asks_for_more = self.memory.said, False
        reply = self.say((passed,), found)
        self.memory.said = (*said, passed)
        return reply

    def again(self, events: Sequence[AnyEvent]) -> Reply:
        """Say once more what was said last."""
        introduction = self._playbook.sentences.say_again[self.language][0]
        said = (sentence for sentence in self.memory.said if sentence != introduction)
        return self.say((introduction, *said), events)
