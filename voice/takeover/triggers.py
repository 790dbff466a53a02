"""When a call must go to a person: pure, over the journal's events, each reason once.

Fed every event of the call in order, including those of a call that is resumed. What the events themselves
say (an angry turn, a failed look-up, a topic left to people) is weighed against the playbook's thresholds.
"""

from collections.abc import Callable, Iterable, Sequence

from voice.dialogue.acts import PERSON
from voice.dialogue.memory import EarlierCall
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.verification import NOT_VERIFIED
from voice.journal.events import (
    AnyEvent,
    CallState,
    Decided,
    Entry,
    Felt,
    Heard,
    LookedUp,
    StateChanged,
    Trigger,
    Triggered,
    TriggerKind,
    Understood,
    WentOn,
)
from voice.journal.link import PastCall
from voice.takeover.asking import wants_human
from voice.takeover.complexity import Complexity
from voice.takeover.similarity import Similarity

SILENT_CALLER = "the caller says nothing"
"""Why the bot gives up on a silent caller; the one decision that is itself a reason to hand over."""


Asks = Callable[[str, Language], str | None]


class Triggers:
    """The reasons of one call.

    Args:
        playbook: its thresholds and the topics it leaves to people.
        similarity: tells whether two turns say the same; None to go by their words.
        earlier: the caller's calls before this one.
        asks: gives the words with which a turn asks for a person.
    """

    def __init__(
        self,
        playbook: Playbook,
        similarity: Similarity | None = None,
        earlier: Sequence[EarlierCall] = (),
        *,
        asks: Asks = wants_human,
    ) -> None:
        self._playbook = playbook
        self._asks = asks
        self._similarity = similarity
        self._earlier = earlier
        self._thresholds = playbook.thresholds
        self._words = ""
        self._reset()

    def observe(self, event: AnyEvent, t: float) -> Trigger | None:
        """Return the reason this event completes, unless it was given before.

        Args:
            event: what happened.
            t: second of the call at which it did.
        """
        simple, complicated = self._weigh(event, t), self._complexity.observe(event, t)
        trigger = simple or complicated
        if trigger is None or trigger.kind in self._given:
            return None
        self._given.add(trigger.kind)
        return trigger

    def asks(self, words: str, language: str) -> str | None:
        """Return the words with which a turn, or as much of it as there is, asks for a person."""
        return self._asks(words, self._playbook.language_or_default(language))

    def know(self, earlier: Sequence[PastCall]) -> None:
        """Take in the caller's calls before this one; before anything else."""
        self._earlier = [EarlierCall.of(call) for call in earlier]
        self._reset()

    def resume(self, history: Iterable[Entry]) -> tuple[Trigger, ...]:
        """Take in a call's past; return the reasons that came up in it and never were journalled."""
        found: dict[TriggerKind, Trigger] = {}
        for entry in history:
            if trigger := self.observe(entry.event, entry.t):
                found[trigger.kind] = trigger
            elif isinstance(entry.event, Triggered):
                found.pop(entry.event.trigger.kind, None)
            elif _handed_back(entry.event):
                found.clear()
        return tuple(found.values())

    def _reset(self, began: float = 0.0) -> None:
        self._given: set[TriggerKind] = set()
        self._angry: list[Felt] = []
        self._apologised = False
        self._misses: list[str] = []
        self._misses_in_all = 0
        self._missed_last = False
        self._failures = 0
        self._complexity = Complexity(self._playbook, self._similarity, self._earlier, began=began)

    def _weigh(self, event: AnyEvent, t: float) -> Trigger | None:
        match event:
            case Heard(who="caller"):
                return self._heard(event, t)
            case Felt():
                return self._felt(event, t)
            case WentOn():
                self._went_on(event)
            case Understood():
                return self._understood(event, t)
            case LookedUp(ok=False):
                return self._failed(event, t)
            case Decided():
                return self._decided(event, t)
            case Triggered():
                self._given.add(event.trigger.kind)
            case StateChanged() if _handed_back(event):
                self._earlier = ()  # an agent has heard of them
                self._reset(began=t)
        return None

    def _heard(self, event: Heard, t: float) -> Trigger | None:
        if event.final:
            self._words = event.text
        if asked := self.asks(event.text, event.language):
            return Trigger(kind=TriggerKind.ASKED, evidence=_quoted(asked), t=t)
        return None

    def _felt(self, event: Felt, t: float) -> Trigger | None:
        limits = self._thresholds.anger
        angry = [*self._angry, event] if event.anger >= limits.sustained else self._angry
        if not event.so_far:
            # A turn that is over counts; an apology that worked, or a calm turn, starts the count again.
            calm = event.anger < (limits.sustained if self._apologised else limits.calm)
            self._angry = [] if calm else angry
            self._apologised = False
        strong = event.anger >= limits.strong
        if not strong and (event.anger < limits.sustained or len(angry) < limits.turns):
            return None
        turns = [event] if strong else angry[-limits.turns :]
        scores = ", ".join(f"{turn.anger:.2f}" for turn in turns)
        why = tuple(dict.fromkeys(reason for turn in turns for reason in turn.why))
        said = "while the caller speaks" if event.so_far else f"at {_quoted(self._words)}"
        return Trigger(
            kind=TriggerKind.ANGER,
            evidence="; ".join((f"anger {scores} {said}", *why)),
            t=t,
            score=event.anger,
            threshold=limits.strong if strong else limits.sustained,
        )

    def _went_on(self, event: WentOn) -> None:
        """Forget that the first part of a turn was not understood."""
        self._words = event.text
        if self._missed_last:
            self._misses.pop()
            self._misses_in_all -= 1
            self._missed_last = False

    def _understood(self, event: Understood, t: float) -> Trigger | None:
        self._missed_last = event.request is None
        if event.request is None:
            return self._missed(t)
        self._misses.clear()
        if event.request == PERSON:
            evidence = self._read_as(event)
            return Trigger(kind=TriggerKind.ASKED, evidence=evidence, t=t, score=event.confidence)
        if topic := self._playbook.human_only.get(event.request):
            return Trigger(
                kind=TriggerKind.HUMAN_ONLY,
                evidence=f"{event.request.replace('_', ' ')}: {self._read_as(event)}",
                t=t,
                score=event.confidence,
                clause=topic.clause,
            )
        return None

    def _read_as(self, event: Understood) -> str:
        """Quote the words that were heard and, where the bot went by others they may have been, those too."""
        heard = _quoted(self._words)
        return f"{heard}, read as {_quoted(event.reading)}" if event.reading else heard

    def _missed(self, t: float) -> Trigger | None:
        self._misses.append(self._words)
        self._misses_in_all += 1
        in_a_row = len(self._misses) >= self._thresholds.not_understood
        if not in_a_row and self._misses_in_all < self._thresholds.not_understood_in_all:
            return None
        return Trigger(
            kind=TriggerKind.NOT_UNDERSTOOD,
            evidence="not understood: " + ", ".join(_quoted(words) for words in self._misses),
            t=t,
            score=float(len(self._misses) if in_a_row else self._misses_in_all),
            threshold=float(
                self._thresholds.not_understood if in_a_row else self._thresholds.not_understood_in_all
            ),
        )

    def _failed(self, event: LookedUp, t: float) -> Trigger | None:
        self._failures += 1
        if self._failures < self._thresholds.failures:
            return None
        return Trigger(
            kind=TriggerKind.BOT_FAILED,
            evidence=f"{event.request.replace('_', ' ')}: {event.error or 'no answer'}",
            t=t,
            score=float(self._failures),
            threshold=float(self._thresholds.failures),
        )

    def _decided(self, event: Decided, t: float) -> Trigger | None:
        self._apologised |= event.action == "apologise"
        if event.action != "hand_over":
            return None
        if event.why == SILENT_CALLER:
            silences = float(self._thresholds.silences)
            return Trigger(
                kind=TriggerKind.SILENT_CALLER,
                evidence=f"{event.why}, asked again {self._thresholds.silences} times",
                t=t,
                score=silences,
                threshold=silences,
            )
        if event.why == NOT_VERIFIED:
            return Trigger(kind=TriggerKind.NOT_VERIFIED, evidence=event.why, t=t)
        # A hand-over never goes without a reason, even one that no threshold names.
        return None if self._given else Trigger(kind=TriggerKind.BOT_FAILED, evidence=event.why, t=t)


def _handed_back(event: AnyEvent) -> bool:
    return isinstance(event, StateChanged) and event.after == CallState.WITH_BOT


def _quoted(words: str) -> str:
    return f'"{words.strip()}"'
