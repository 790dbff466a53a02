"""Signs of a complicated call on a scale: pure.

A sign weighs what the playbook says, and more the further it is beyond its limit. The sum tips the scale
once; a turn that goes well takes some of it away, and only when it has fallen far enough can it tip again.
"""

from dataclasses import dataclass

from msgspec import structs

from voice.dialogue.thresholds import ComplexityThresholds
from voice.journal.events import Trigger, TriggerKind

_MOST = 2.0
"""How many times its weight a sign may weigh."""


@dataclass(frozen=True)
class Sign:
    """One sign.

    Attributes:
        trigger: the reason it is, should it tip the scale.
        times: how many times as far as its limit it goes, from 1.
    """

    trigger: Trigger
    times: float = 1.0


class Scale:
    """One call's.

    Args:
        limits: the playbook's.
    """

    def __init__(self, limits: ComplexityThresholds) -> None:
        self._limits = limits
        self._signs: dict[TriggerKind, Sign] = {}
        self._total = 0.0
        self._armed = True

    def add(self, sign: Sign) -> tuple[Trigger | None, bool]:
        """Put a sign on; one of a kind that lies there already adds what it has grown by.

        Returns:
            The reason to hand over, if this tips the scale, with the evidence of all signs; and whether the
            sign's kind is new.
        """
        kind = sign.trigger.kind
        before = self._signs.get(kind)
        grown = self._weight(sign) - (self._weight(before) if before else 0.0)
        if before is None or grown > 0:
            self._signs[kind] = sign
        if grown <= 0:
            return None, before is None
        self._total = round(self._total + grown, 3)
        if not self._armed or self._total < self._limits.threshold:
            return None, before is None
        self._armed = False
        others = [other.trigger.evidence for name, other in self._signs.items() if name is not kind]
        evidence = "; ".join((sign.trigger.evidence, *others))
        return structs.replace(sign.trigger, evidence=evidence), before is None

    def relieve(self) -> None:
        """Take away what a turn that goes well takes away."""
        self._total = max(round(self._total - self._limits.relief, 3), 0.0)
        self._armed = self._armed or self._total <= self._limits.calm

    def _weight(self, sign: Sign) -> float:
        weight: float = getattr(self._limits.weights, sign.trigger.kind)
        return weight * min(sign.times, _MOST)
