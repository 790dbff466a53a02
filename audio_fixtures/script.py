"""A call's script: what the caller says, presses and leaves unsaid, how it sounds, what it must lead to."""

import hashlib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from voice.journal.events import CallState, TriggerKind
from voice.yaml_file import Document, YamlError

SCRIPTS = Path(__file__).with_name("scripts")
CALLS = Path(__file__).with_name("calls")
AGENTS = Path(__file__).with_name("agents")

Seconds = Annotated[float, Meta(ge=0, le=60)]
Decibels = Annotated[float, Meta(ge=-90, le=0)]
Digit = Annotated[str, Meta(pattern=r"^[0-9*#]$")]


_ACTS = "wait, wait_for_person, say, press, hang_up"


class ScriptError(ValueError):
    """A script that cannot be rendered; the message names the file, the place and what is wrong."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a script; an unknown word in one is a mistake, not an extra."""


class Manner(_Part, frozen=True, kw_only=True):
    """How a line is spoken."""

    rate: Annotated[float, Meta(ge=0.5, le=2.0)] = 1.0
    """Speed against the voice's own."""
    pitch: Annotated[float, Meta(ge=-12, le=12)] = 0.0
    """Semitones above the speaker's own pitch; the formants stay."""
    liveliness: Annotated[float, Meta(ge=0, le=3)] = 1.0
    """Factor on the pitch's movement around its mean: 0 is monotonous, above 1 exclaims."""
    loudness: Decibels = -24.0
    """Level of the speech, pauses left out, in dB below full scale."""
    effort: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """0 relaxed to 1 loud: how much flatter the spectrum grows, and how hard it is pressed."""
    shout: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """0 to 1 a pressed, ringing shout, as in anger."""


class Turn(_Part, frozen=True, kw_only=True):
    """One thing the caller does: exactly one of `wait`, `wait_for_person`, `say`, `press`, `hang_up`."""

    wait: Seconds | None = None
    wait_for_person: Seconds | None = None
    """Silence in which a person should come on the line; what follows is for them."""
    say: str | None = None
    how: Manner = Manner()
    until: Annotated[float, Meta(gt=0, le=1)] = 1.0
    """The part of the line that is spoken before the caller breaks off."""
    press: Digit | None = None
    hang_up: bool = False


class Speaker(_Part, frozen=True, kw_only=True):
    """Whose voice it is."""

    size: Annotated[float, Meta(ge=0.8, le=1.25)] = 1.0
    """Length of the vocal tract against the voice's own: below 1 lifts all formants, and the pitch too."""
    pitch: Annotated[float, Meta(ge=-12, le=12)] = 0.0
    """Semitones between that and the pitch the speaker has when calm."""


class Caller(Speaker, frozen=True, kw_only=True):
    """Who rings."""

    number: Annotated[str, Meta(pattern=r"^\+[1-9]\d{6,14}$")]


class Agent(Speaker, frozen=True, kw_only=True):
    """Who takes the call over, and what they say once they can talk; only `wait` and `say`."""

    turns: Annotated[tuple[Turn, ...], Meta(min_length=1, max_length=20)]


class Noise(_Part, frozen=True, kw_only=True):
    """What is on the line besides the caller."""

    level: Decibels = -62.0
    colour: Annotated[float, Meta(ge=0, le=2)] = 1.0
    """Fall of the spectrum: 0 white (a hissing line), 1 pink (a room), 2 brown (a street)."""


class Expectation(_Part, frozen=True, kw_only=True):
    """What the call must lead to. Orders matter; what is not named may happen besides."""

    states: tuple[CallState, ...]
    """All states in their order, the first one left out."""
    triggers: tuple[TriggerKind, ...] = ()
    """The reasons given when the call is handed over; none: it must not be handed over."""
    turn: Annotated[int, Meta(ge=1)] | None = None
    """The one of the caller's sayings, from 1, in which the first reason comes up: not before, not after."""
    requests: tuple[str, ...] = ()
    """What the bot understood, in order; what it did not understand is left out."""
    words: tuple[str, ...] = ()
    """Words heard from the caller, in order, spelling and case aside."""
    brief: tuple[str, ...] = ()
    """What the agent's brief must hold, in its words; none: nobody is briefed."""
    barges_in: bool = False
    """The bot must be stopped by the caller's talking over it."""
    ended_by: str = "caller"


class Script(_Part, frozen=True, kw_only=True):
    """One call."""

    title: str
    caller: Caller
    turns: Annotated[tuple[Turn, ...], Meta(min_length=1, max_length=60)]
    expect: Expectation
    agent: Agent | None = None
    noise: Noise = Noise()
    seed: int = 1


def names(folder: Path = SCRIPTS) -> list[str]:
    """Return the scripts there are, by name, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load(name: str, folder: Path = SCRIPTS) -> Script:
    """Read and check the script called `name`.

    Raises:
        ScriptError: there is none, or it says something a script cannot say.
    """
    path = folder / f"{name}.yaml"
    try:
        return parse(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        raise ScriptError(
            f"There is no call named {name!r}; there are: {', '.join(names(folder))}."
        ) from None


def parse(text: str, where: str) -> Script:
    """Read a script from YAML; `where` is named in errors. Raises `ScriptError`."""
    try:
        script = msgspec.convert(Document(text).content, Script)
    except YamlError as error:
        raise ScriptError(f"{where}, line {error.line}: {error.problem}.") from error
    except msgspec.ValidationError as error:
        raise ScriptError(f"{where}: {error}.") from error
    _check(script.turns, where)
    if script.agent is not None:
        _check(script.agent.turns, f"{where}: agent")
        if any(turn.wait is None and turn.say is None for turn in script.agent.turns):
            raise ScriptError(f"{where}: agent: a turn has either wait or say.")
    return script


def _check(turns: tuple[Turn, ...], where: str) -> None:
    for place, turn in enumerate(turns, 1):
        acts = [turn.wait, turn.wait_for_person, turn.say, turn.press, turn.hang_up or None]
        if len(acts) - acts.count(None) != 1:
            raise ScriptError(f"{where}: turn {place} must have exactly one of {_ACTS}.")
        if turn.hang_up and place != len(turns):
            raise ScriptError(f"{where}: turn {place} hangs up, so it must be the last.")


def fingerprint(name: str, folder: Path = SCRIPTS) -> str:
    """Return the SHA-256 of a script's text, line ends aside; a rendered call carries that of its script."""
    text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()
