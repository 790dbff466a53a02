"""What a conversation is told of by others: how the call began, why it is taken away. Pure."""

from voice.frames import CallStartFrame
from voice.journal.events import CallStarted, CallState, Entry, Trigger, TriggerKind
from voice.journal.link import StateMessage

GIVEN_BACK = "given_back"
"""Why the bot has the call again: an agent gave it back."""
WITH_PEOPLE = (CallState.BRIDGED, CallState.HELD, CallState.WRAP_UP, CallState.ENDED)
"""An agent has the caller, or nobody has: what comes up then is no reason to hand over."""


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


def switchboards_reason(message: StateMessage) -> list[Trigger]:
    """Return the reason of a takeover the switchboard began by itself, where its cause is one."""
    reasons = {
        "zero_pressed": (TriggerKind.KEY, "the caller pressed 0"),
        "dead_air": (TriggerKind.DEAD_AIR, "nobody answered the caller for too long"),
        "worker_timed_out": (TriggerKind.WORKER_LOST, "the bot could not be reached"),
    }
    if message.cause not in reasons:
        return []
    kind, evidence = reasons[message.cause]
    return [Trigger(kind=kind, evidence=evidence, t=message.t)]
