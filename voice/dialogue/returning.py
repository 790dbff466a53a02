"""A call that an agent has given back to the bot: what the journal tells of it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voice import yaml_file
from voice.dialogue.ngrams import plain
from voice.dialogue.playbook import Language, Playbook
from voice.journal.events import Decided, Entry, GivenBack, Promised

_WORDINGS = Path(__file__).with_name("wordings") / "returning.yaml"
_JOINTS = re.compile(r"[,.;]|\b(?:and then|then|and|et puis|puis|et)\b", re.IGNORECASE)
_STEM = 5
_SHORTEST = 4


@dataclass(frozen=True)
class Returned:
    """What the agent leaves the bot with.

    Attributes:
        told: what the caller is told of the agents' promises.
        request: what is to be done; None where the instruction names none.
        close: the call is over once that is done.
    """

    told: tuple[str, ...]
    request: str | None
    close: bool


def returned(history: Iterable[Entry], playbook: Playbook, language: Language) -> Returned:
    """Return what the agent who gave the call back has left to do.

    Args:
        history: the call's journal.
        playbook: the line's.
        language: the call's.
    """
    instruction, promises = "", []
    for entry in history:
        if isinstance(entry.event, GivenBack):
            instruction = entry.event.instruction
        elif isinstance(entry.event, Promised) and entry.event.agent:
            promises.append(entry.event.text)
    sentence = playbook.sentences.colleague_promised[language][0]
    about = {name: request.about[language][0] for name, request in playbook.requests.items()}
    parts = [part.strip() for part in _JOINTS.split(instruction) if part.strip()]
    left = [part for part in parts if not any(one.fullmatch(plain(part)) for one in _closings())]
    return Returned(
        told=tuple(sentence.format(promise=promise) for promise in promises),
        request=named(", ".join(left), about),
        close=len(left) < len(parts),
    )


def still_to_close(history: Sequence[Entry], playbook: Playbook, language: Language) -> str | None:
    """Return the request after which the call is over, where an agent wanted so and it is yet to be done.

    Args:
        history: the call's journal.
        playbook: the line's.
        language: the call's.
    """
    given = [at for at, entry in enumerate(history) if isinstance(entry.event, GivenBack)]
    if not given:
        return None
    left = returned(history, playbook, language)
    since = [entry.event for entry in history[given[-1] :]]
    done = any(
        isinstance(event, Decided) and (event.action, event.request) == ("answer", left.request)
        for event in since
    )
    return left.request if left.close and not done else None


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
    source: dict[str, dict[str, str]] = yaml_file.load(_WORDINGS)
    return tuple(re.compile(pattern.strip()) for pattern in source["close"].values())
