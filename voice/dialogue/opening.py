"""What a conversation is told of by others: how the call began, why it is taken away. Pure."""

from voice.frames import CallStartFrame
from voice.journal.events import Briefed, CallStarted, CallState, Entry, Trigger, Triggered, TriggerKind
from voice.journal.link import StateMessage

GIVEN_BACK = "given_back"
"""Why the bot has the call again: an agent gave it back."""
WITH_PEOPLE = (CallState.BRIDGED, CallState.HELD, CallState.WRAP_UP, CallState.ENDED)
"""An agent has the caller, or nobody has: what comes up then is no reason to hand over."""

_PERSON_FOUND = (CallState.OFFERED, CallState.BRIEFING, CallState.BRIDGED)


def first_entry(start: CallStartFrame) -> Entry:
    """Return the journal's first entry as far as the worker is told of it: the brief names the caller."""
    event = CallStarted(
        line="",
        caller=start.caller,
        called="",
        carrier="",
        carrier_call="",
        playbook=start.playbook,
        language=start.language,
    )
    return Entry(call=start.call, seq=1, t=0.0, at=start.time.clock.utc(), event=event)


def lacks_brief(message: StateMessage) -> bool:
    """Return whether an agent is on the way to a caller, or has them, without a brief by any worker."""
    briefed = any(
        isinstance(entry.event, Briefed) and entry.event.by == "worker" for entry in message.history
    )
    return message.state in _PERSON_FOUND and not briefed


def switchboards_reason(message: StateMessage) -> list[Trigger]:
    """Return the reason of a takeover the switchboard began by itself: by its cause, else by the journal."""
    reasons = {
        "zero_pressed": (TriggerKind.KEY, "the caller pressed 0"),
        "dead_air": (TriggerKind.DEAD_AIR, "nobody answered the caller for too long"),
        "worker_timed_out": (TriggerKind.WORKER_LOST, "the bot could not be reached"),
    }
    if message.cause not in reasons:
        return [entry.event.trigger for entry in message.history if isinstance(entry.event, Triggered)]
    kind, evidence = reasons[message.cause]
    return [Trigger(kind=kind, evidence=evidence, t=message.t)]
