"""A call that an agent has given back to the bot: what the journal tells of it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from voice.dialogue.ngrams import plain
from voice.journal.events import Entry, GivenBack, Promised

_WORDINGS = Path(__file__).with_name("wordings") / "returning.yaml"
_STEM = 5
_SHORTEST = 4


@dataclass(frozen=True)
class Returned:
    """What the agent leaves the bot with.

    Attributes:
        instruction: what is to be done, in the agent's words, the closing left out; may be empty.
        close: the call is over once that is done.
        promises: what agents have promised the caller on this call.
    """

    instruction: str
    close: bool
    promises: tuple[str, ...]


def returned(history: Iterable[Entry]) -> Returned:
    """Return what the last agent left; nothing where no agent has given the call back.

    Args:
        history: the call's journal.
    """
    instruction, promises = "", []
    for entry in history:
        if isinstance(entry.event, GivenBack):
            instruction = entry.event.instruction
        elif isinstance(entry.event, Promised) and entry.event.agent:
            promises.append(entry.event.text)
    parts = [part.strip() for part in re.split(r"[,.;]|\b(?:and then|then|et puis|puis)\b", instruction)]
    closing = [any(one.fullmatch(plain(part)) for one in _closings()) for part in parts]
    left = ", ".join(part for part, closes in zip(parts, closing, strict=True) if part and not closes)
    return Returned(left, any(closing), tuple(promises))


def named(instruction: str, about: Mapping[str, str]) -> str | None:
    """Return the one request whose name or subject the instruction speaks of most; None where none does.

    Args:
        instruction: in the agent's words.
        about: what each request is about, by its name.
    """
    wanted = _stems(instruction)
    scores = {name: len(wanted & _stems(f"{name.replace('_', ' ')} {said}")) for name, said in about.items()}
    most = max(scores.values(), default=0)
    best = [name for name, score in scores.items() if score == most]
    return best[0] if most and len(best) == 1 else None


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in plain(text).split() if len(word) >= _SHORTEST}


@cache
def _closings() -> tuple[re.Pattern[str], ...]:
    source: dict[str, dict[str, str]] = YAML(typ="safe").load(_WORDINGS)
    return tuple(re.compile(pattern.strip()) for pattern in source["close"].values())
