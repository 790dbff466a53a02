"""Why a call goes to a person where the switchboard, not the worker, saw that it must. Pure."""

from voice.journal.events import Trigger, TriggerKind
from voice.journal.link import StateMessage


def switchboards_reasons(message: StateMessage) -> list[Trigger]:
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
