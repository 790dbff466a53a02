"""How much sooner a caller in need is answered than others who came before them. Pure.

A head start is counted as time already waited: someone with two minutes of it goes before everybody who has
waited less than two minutes longer. So nobody is overtaken for ever, and places in line stay put.
"""

from collections.abc import Iterable

from voice.journal.events import Trigger, TriggerKind

URGENT = 300.0
"""What the playbook marks as urgent: a vulnerable caller, a fraud under way."""
ANGRY = 120.0
AGAIN_TODAY = 60.0
"""A second call within a day."""
ANGER = 0.6
"""The anger of a brief from which on a caller counts as angry."""


def head_start(
    triggers: Iterable[Trigger],
    *,
    anger: float | None = None,
    urgent: bool = False,
    again_today: bool = False,
) -> float:
    """Return a caller's head start in seconds.

    Args:
        triggers: why they are to have a person.
        anger: as the brief tells it, 0..1.
        urgent: they raised what the playbook marks as urgent.
        again_today: they have rung before within a day.
    """
    angry = (anger or 0.0) >= ANGER or any(trigger.kind is TriggerKind.ANGER for trigger in triggers)
    return URGENT * urgent + ANGRY * angry + AGAIN_TODAY * again_today
