"""The call so far as the worker knows it, and the reasons in it to hand over. Pure."""

from collections.abc import Sequence

from voice.dialogue.cast import Watches
from voice.dialogue.opening import first_entry
from voice.frames import CallStartFrame, JournalFrame
from voice.journal.events import AnyEvent, CallState, Entry, Heard, StateChanged, Trigger
from voice.journal.link import PastCall, StateMessage


class Account:
    """One call's.

    Args:
        start: how the call began.
        triggers: sees the reasons.
    """

    def __init__(self, start: CallStartFrame, triggers: Watches) -> None:
        self._start = start
        self._triggers = triggers
        self._n = 0
        self._fired: list[Trigger] = []
        self.entries = [first_entry(start)]
        """What has happened, in order; what this worker entered is numbered from -1 downwards."""
        self.earlier: tuple[PastCall, ...] = ()
        """The caller's calls before this one."""
        self.reasons: list[Trigger] = []
        """Of the takeover there is or is to be."""

    def know(self, earlier: tuple[PastCall, ...]) -> None:
        """Take in the caller's calls before this one; before anything else."""
        self.earlier = earlier
        self._triggers.know(earlier)

    def resume(self, history: Sequence[Entry]) -> None:
        """Take in what happened before this worker had the call."""
        self.entries = [*history, *(entry for entry in self.entries if entry.seq < 0)]
        self._fired += self._triggers.resume(history)

    def given_back(self, history: Sequence[Entry]) -> None:
        """Take in the whole call anew: an agent had it, and what this worker entered is part of it."""
        self.entries = list(history)

    def enter(self, event: AnyEvent, t: float) -> JournalFrame:
        """Enter and weigh an event; return it with its number, for the link."""
        self._n += 1
        at = self._start.time.clock.utc()
        self.entries.append(Entry(call=self._start.call, seq=-self._n, t=t, at=at, event=event))
        trigger = self._triggers.observe(event, t)
        if trigger is not None:
            self._fired.append(trigger)
        return JournalFrame(event, t, self._n)

    def asks(self, heard: Heard) -> bool:
        """Return whether the caller asks for a person in a turn that may not be over."""
        return self._triggers.asks(heard.text, heard.language) is not None

    @property
    def last(self) -> int:
        """The number of what this worker entered last."""
        return self._n

    def moved(self, before: CallState, message: StateMessage) -> None:
        """Weigh a change of state, which the switchboard has entered itself."""
        change = StateChanged(before=before, after=message.state, cause=message.cause)
        self._triggers.observe(change, message.t)

    def failed(self, trigger: Trigger) -> None:
        """Note a reason that no event tells of."""
        self._fired.append(trigger)

    def fired(self) -> list[Trigger]:
        """Return the reasons that have come up since this was asked last."""
        fired, self._fired = self._fired, []
        return fired
