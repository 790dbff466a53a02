"""A waiting caller asks to be rung back: their number is read back, confirmed, and a time chosen. Pure.

Every step is a key and a fixed sentence, so that it works with the worker dead; what the caller says to a
worker that is alive comes as the key it means. The caller keeps their place in line until all is settled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

WINDOWS: Final[Mapping[str, float]] = MappingProxyType({"1": 0.0, "2": 2 * 3600.0, "3": 24 * 3600.0})
"""The key for each time, and the seconds from now at which it begins."""
WINDOW_SECONDS: Final = 2 * 3600.0
"""How long a time lasts."""
BEGIN, AGREE, REFUSE = "1", "1", "2"
"""The keys; besides, # ends a number that is keyed in, and * drops it all."""
LONGEST: Final = 15
"""Digits of a telephone number (ITU-T E.164); the shortest is `SHORTEST`."""
SHORTEST: Final = 5


class Step(StrEnum):
    """What the caller is being asked."""

    NOTHING = "nothing"
    IS_IT_RIGHT = "is_it_right"
    """The number was read back."""
    WHICH_NUMBER = "which_number"
    """The caller keys another one in."""
    WHEN = "when"


@dataclass(frozen=True)
class CallbackTalk:
    """How far the caller has got; `number` is what they would be rung at, with or without a plus."""

    number: str = ""
    step: Step = Step.NOTHING


@dataclass(frozen=True)
class Settled:
    """The caller is to be rung at `number`, from `window` seconds from now on."""

    number: str
    window: float


def settles(talk: CallbackTalk, key: str) -> Settled | None:
    """Return what the key settles; None where it is only a step on the way, or nothing."""
    if talk.step is Step.WHEN and key in WINDOWS:
        return Settled(talk.number, WINDOWS[key])
    return None


def take(talk: CallbackTalk, key: str) -> tuple[CallbackTalk, tuple[str, ...]]:
    """Return how far the caller has got after a key, and the prompts to play."""
    match talk.step, key:
        case (Step.NOTHING, _):
            after = _begun(talk) if key == BEGIN else (talk, ())
        case (_, "*"):
            after = dropped(talk)
        case (Step.IS_IT_RIGHT, "1"):
            after = replace(talk, step=Step.WHEN), ("callback_when",)
        case (Step.IS_IT_RIGHT, "2"):
            after = CallbackTalk(step=Step.WHICH_NUMBER), ("callback_key_in",)
        case (Step.WHICH_NUMBER, "#"):
            after = _begun(talk)
        case (Step.WHICH_NUMBER, _) if len(talk.number) < LONGEST:
            after = replace(talk, number=talk.number + key), ()
        case _:
            after = talk, asked(talk)
    return after


def dropped(talk: CallbackTalk) -> tuple[CallbackTalk, tuple[str, ...]]:
    """Return the talk given up; the caller stays in line."""
    return replace(talk, step=Step.NOTHING), ("callback_dropped",)


def given_up(talk: CallbackTalk | None) -> CallbackTalk | None:
    """Return the talk without a question open: somebody has taken the call."""
    return replace(talk, step=Step.NOTHING) if talk is not None else None


def asked(talk: CallbackTalk) -> tuple[str, ...]:
    """Return the prompts that ask the step's question."""
    match talk.step:
        case Step.IS_IT_RIGHT:
            return "callback_number", *_spelt(talk.number), "callback_right"
        case Step.WHICH_NUMBER:
            return ("callback_key_in",)
        case Step.WHEN:
            return ("callback_when",)
        case Step.NOTHING:
            return ()


def _begun(talk: CallbackTalk) -> tuple[CallbackTalk, tuple[str, ...]]:
    known = len(_digits(talk.number)) >= SHORTEST
    begun = replace(talk, step=Step.IS_IT_RIGHT) if known else CallbackTalk(step=Step.WHICH_NUMBER)
    return begun, asked(begun)


def _spelt(number: str) -> tuple[str, ...]:
    return tuple(f"digit_{digit}" for digit in _digits(number))


def _digits(number: str) -> str:
    return "".join(character for character in number if character in "0123456789")
