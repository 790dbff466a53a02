"""Signs of a call that is more than the bot should do alone: pure, over the journal's events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from voice.dialogue.acts import act_of
from voice.dialogue.memory import EarlierCall
from voice.dialogue.playbook import Playbook
from voice.dialogue.quantities import Kind, quantities
from voice.journal.events import (
    AnyEvent,
    Decided,
    Facts,
    Heard,
    LookedUp,
    Trigger,
    TriggerKind,
    Understood,
    WentOn,
)
from voice.takeover.scale import Scale, Sign
from voice.takeover.similarity import Similarity

Need = tuple[str, tuple[tuple[str, str], ...]]
_FEWEST_WORDS = 3


@dataclass
class _Turn:
    words: str = ""
    language: str = "en"
    needs: list[Need] = field(default_factory=list)
    settled: list[Need] = field(default_factory=list)
    """Those of them that were answered for the first time."""
    answered: bool = False
    signs: int = 0


class Complexity:
    """Weighs one call.

    Args:
        playbook: its limits and weights.
        similarity: tells whether two turns say the same.
        earlier: the caller's calls before this one.
        began: second of the call since which the bot has it.
    """

    def __init__(
        self,
        playbook: Playbook,
        similarity: Similarity | None = None,
        earlier: Sequence[EarlierCall] = (),
        *,
        began: float = 0.0,
    ) -> None:
        self._began = began
        self._limits = playbook.thresholds.complexity
        self._repeated = playbook.thresholds.repeated
        self._requests = playbook.requests
        self._similarity = similarity or Similarity()
        self._earlier = tuple(earlier)
        self._turns: list[_Turn] = [_Turn()]
        self._answered: dict[Need, int] = {}
        self._again = 0
        self._scale = Scale(self._limits)

    def observe(self, event: AnyEvent, t: float) -> Trigger | None:
        """Return the reason to hand over that this event completes."""
        signs: list[Sign] = []
        match event:
            case Heard(who="caller", final=True):
                self._turns.append(_Turn(event.text, event.language))
                signs = [*self._long(t), *self._amounts([event.text], event.language, t), *self._reworded(t)]
            case WentOn():
                self._went_on(event)
            case Understood():
                signs = self._understood(event, t)
            case LookedUp(ok=True):
                signs = self._amounts(list(event.facts.values()), "en", t)
            case Decided(action="answer"):
                self._settled(event)
        return self._add(signs)

    def _long(self, t: float) -> list[Sign]:
        limit, lasted = self._limits.long_call_s, t - self._began
        if lasted < limit:
            return []
        evidence = f"the bot has been talking to the caller for {lasted:.0f} s"
        return [_sign(TriggerKind.LONG_CALL, evidence, t, lasted, limit, times=lasted / limit)]

    def _amounts(self, texts: Sequence[str], language: str, t: float) -> list[Sign]:
        limit = self._limits.amount
        figures = (figure for text in texts for figure in quantities(text, language))
        over = [
            (float(figure.value[0] or 0), figure.text)
            for figure in figures
            if figure.kind is Kind.AMOUNT and float(figure.value[0] or 0) > limit
        ]
        evidence = "it is about {}, more than {:g}"
        return [
            _sign(
                TriggerKind.AMOUNT,
                evidence.format(text.strip(), limit),
                t,
                value,
                limit,
                times=value / limit,
            )
            for value, text in over
        ]

    def _understood(self, event: Understood, t: float) -> list[Sign]:
        turn = self._turns[-1]
        if event.request not in self._requests or event.request is None:
            return []
        need = (event.request, _key(event.slots))
        turn.needs.append(need)
        return [
            *self._asked_again(need, turn, t),
            *self._several(turn, t),
            *self._rang_before(event.request, t),
        ]

    def _asked_again(self, need: Need, turn: _Turn, t: float) -> list[Sign]:
        if need not in self._answered:
            return []
        self._answered[need] += 1
        return self._repeat(turn, float(self._answered[need]), "asked again after the answer", t)

    def _reworded(self, t: float) -> list[Sign]:
        """Look for the same thing in other words, where the request's name does not tell."""
        turn = self._turns[-1]
        if len(turn.words.split()) < _FEWEST_WORDS or act_of(turn.words, turn.language):
            return []
        for before in self._turns[:-1]:
            if not before.answered or before.needs or len(before.words.split()) < _FEWEST_WORDS:
                continue
            if self._similarity.same(before.words, turn.words, turn.language):
                self._again += 1
                return self._repeat(turn, float(self._again), f'says "{before.words}" again', t)
        return []

    def _repeat(self, turn: _Turn, times: float, evidence: str, t: float) -> list[Sign]:
        if times < self._repeated:
            return []
        words = f'{evidence}: "{turn.words.strip()}"'
        return [_sign(TriggerKind.REPEATED, words, t, times, float(self._repeated))]

    def _several(self, turn: _Turn, t: float) -> list[Sign]:
        hard = [name for name, _ in dict.fromkeys(turn.needs) if name in self._limits.judgement]
        if len(set(hard)) < 2:
            return []
        names = " and ".join(name.replace("_", " ") for name in dict.fromkeys(hard))
        return [
            _sign(
                TriggerKind.SEVERAL_MATTERS,
                f'{names} at once: "{turn.words.strip()}"',
                t,
                float(len(hard)),
                2.0,
            )
        ]

    def _rang_before(self, request: str, t: float) -> list[Sign]:
        limit = self._limits.recent_hours
        calls = [
            call for call in self._earlier if request in call.requests and call.ago <= timedelta(hours=limit)
        ]
        if not calls:
            return []
        last = min(calls, key=lambda call: call.ago)
        evidence = f"rang about {request.replace('_', ' ')} {last.spoken_ago} ago"
        if len(calls) > 1:
            evidence += f", and {len(calls)} times within {limit:g} hours"
        hours = round(last.ago / timedelta(hours=1), 1)
        return [_sign(TriggerKind.RECENT_CALL, evidence, t, hours, limit, times=len(calls))]

    def _settled(self, event: Decided) -> None:
        turn = self._turns[-1]
        turn.answered = True
        for need in turn.needs:
            if need[0] == event.request and need not in self._answered:
                self._answered[need] = 0
                turn.settled.append(need)
        if not turn.signs:
            self._scale.relieve()

    def _went_on(self, event: WentOn) -> None:
        """Forget the answer to the first part of a turn: its needs come up again with the whole of it."""
        for need in self._turns[-2].settled if len(self._turns) > 1 else ():
            del self._answered[need]
        self._turns[-2:] = [_Turn(event.text, self._turns[-1].language)]

    def _add(self, signs: Sequence[Sign]) -> Trigger | None:
        reason: Trigger | None = None
        for sign in signs:
            tips, new = self._scale.add(sign)
            self._turns[-1].signs += new
            reason = reason or tips
        return reason


def _sign(
    kind: TriggerKind, evidence: str, t: float, score: float, threshold: float, *, times: float = 1.0
) -> Sign:
    return Sign(Trigger(kind=kind, evidence=evidence, t=t, score=score, threshold=threshold), times)


def _key(slots: Facts) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(slots.items()))
