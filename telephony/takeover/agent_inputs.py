"""What the agent of a call does with it while they talk, as the takeover state machine is told of it."""

from dataclasses import dataclass

from telephony.takeover.inputs import FromAgent


@dataclass(frozen=True)
class Held(FromAgent):
    """The agent puts the caller on hold."""


@dataclass(frozen=True)
class Resumed(FromAgent):
    """The agent comes back to the caller."""


@dataclass(frozen=True)
class KeysPressed(FromAgent):
    """The agent sends key tones down the caller's line."""

    digits: str


@dataclass(frozen=True)
class Promised(FromAgent):
    """The agent notes what they have promised the caller."""

    text: str


@dataclass(frozen=True)
class GivenBack(FromAgent):
    """The agent gives the call back to the bot, which is there to take it."""

    instruction: str = ""
    verified: bool = False


@dataclass(frozen=True)
class HandedOn(FromAgent):
    """The agent passes the call on: to a colleague, to a skill, or to whoever is free."""

    to_agent: str = ""
    to_skill: str = ""
    note: str = ""


@dataclass(frozen=True)
class PassedTo(FromAgent):
    """The call's agent leaves it to a colleague who is on the line already; `lost`: without a word."""

    colleague: str
    lost: bool = False
